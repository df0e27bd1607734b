//! Links by which somebody without our keys may PUT one object: AWS Signature Version 4.
//!
//! Written here because the client library signs no content length, and a link without one takes files of any size.

use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use super::REGION;

const SIGNED: &str = "content-length;content-type;host";

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
        let host = self.endpoint.split_once("://").map_or(&*self.endpoint, |(_, host)| host);
        let path = format!("/{}/{key}", self.bucket);
        let (day, time) = (now.strftime("%Y%m%d").to_string(), now.strftime("%Y%m%dT%H%M%SZ"));
        let scope = [&*day, REGION, "s3", "aws4_request"];
        let query = format!(
            "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}%2F{}&X-Amz-Date={time}&X-Amz-Expires={}&X-Amz-SignedHeaders={}",
            self.access_key,
            scope.join("%2F"),
            good_for.as_secs(),
            SIGNED.replace(';', "%3B"),
        );
        let headers = format!("content-length:{bytes}\ncontent-type:{media}\nhost:{host}\n");
        let request = format!("PUT\n{path}\n{query}\n{headers}\n{SIGNED}\nUNSIGNED-PAYLOAD");
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
