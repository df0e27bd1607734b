//! Links by which somebody without our keys may PUT or GET one object: AWS Signature Version 4.
//!
//! Written here because the client library signs no content length, and a link without one takes files of any size; nor does
//! it sign as what an object is answered.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::REGION;

/// Who signs, and for which bucket.
#[derive(Debug, Clone)]
pub(super) struct Signing {
    /// With scheme, without a slash at the end.
    pub endpoint: String,
    pub bucket: String,
    pub access_key: String,
    pub secret_key: SecretString,
}

impl Signing {
    /// A link to PUT `key`, made at `now`.
    pub fn link(
        &self,
        key: &str,
        media: &str,
        bytes: u64,
        good_for: Duration,
        now: Timestamp,
    ) -> String {
        let headers = [("content-length", bytes.to_string()), ("content-type", media.to_owned())];
        self.sign("PUT", key, (&headers, ""), (good_for, now))
    }

    /// A link to GET `key` as a file called `name` of type `media`, made at `now`.
    pub fn download(
        &self,
        key: &str,
        (media, name): (&str, &str),
        at: (Duration, Timestamp),
    ) -> String {
        let media = media.replace('/', "%2F");
        let answer = format!(
            "&response-content-disposition=attachment%3B%20filename%3D%22{name}%22&response-content-type={media}"
        );
        self.sign("GET", key, (&[], &answer), at)
    }

    /// `answer` is encoded, and stands behind the parameters of the signature in the order of the alphabet.
    fn sign(
        &self,
        method: &str,
        key: &str,
        (headers, answer): (&[(&str, String)], &str),
        (good_for, now): (Duration, Timestamp),
    ) -> String {
        let host = self.endpoint.split_once("://").map_or(&*self.endpoint, |(_, host)| host);
        let path = format!("/{}/{key}", self.bucket);
        let (day, time) = (now.strftime("%Y%m%d").to_string(), now.strftime("%Y%m%dT%H%M%SZ"));
        let scope = [&*day, REGION, "s3", "aws4_request"];
        let host = ("host", host.to_owned());
        let headers = || headers.iter().chain([&host]);
        let signed = headers().map(|(name, _)| *name).collect::<Vec<_>>().join(";");
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}%2F{}&X-Amz-Date={time}&X-Amz-Expires={}&X-Amz-SignedHeaders={}{answer}",
            self.access_key,
            scope.join("%2F"),
            good_for.as_secs(),
            signed.replace(';', "%3B"),
        );
        let headers: Vec<_> = headers().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let headers = headers.concat();
        let request = format!("{method}\n{path}\n{query}\n{headers}\n{signed}\nUNSIGNED-PAYLOAD");
        let request = hex::encode(Sha256::digest(request));
        let text = format!("AWS4-HMAC-SHA256\n{time}\n{}\n{request}", scope.join("/"));
        let secret = format!("AWS4{}", self.secret_key.expose_secret()).into_bytes();
        let key = scope.iter().fold(secret, |key, part| mac(&key, part));
        let signature = hex::encode(mac(&key, &text));
        format!("{}{path}?{query}&X-Amz-Signature={signature}", self.endpoint)
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length, so the other arm is never reached.
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.chain_update(text).finalize().into_bytes().to_vec()
}
