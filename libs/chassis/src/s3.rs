//! Object storage by the S3 protocol, whoever speaks it.

mod put_link;

use std::time::Duration;

use axum::http::Method;
use kernel::{Clock, SystemClock};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::signer::Signer;
use object_store::{
    Attribute, Attributes, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload,
};
use secrecy::ExposeSecret;

use self::put_link::Signing;
use crate::config::Common;

const REGION: &str = "us-east-1";

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
#[error("object storage failed")]
pub struct S3Error(#[from] object_store::Error);

/// What came of writing something once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It lies there now.
    Written,
    /// Something lay there already and was left as it is.
    Existed,
}

/// What was found under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// More than was wanted; it was not read.
    Larger,
    /// This.
    Bytes(Vec<u8>),
}

/// One bucket.
#[derive(Debug, Clone)]
pub struct Bucket {
    store: std::sync::Arc<AmazonS3>,
    signing: std::sync::Arc<Signing>,
}

impl Bucket {
    /// The bucket `name` of the store in the configuration. Nothing is asked of the store yet.
    pub fn new(common: &Common, name: &str) -> anyhow::Result<Self> {
        let missing = |key: &str| {
            anyhow::anyhow!("MALL__{key} is missing: this service needs object storage")
        };
        let endpoint = common.s3_endpoint.as_ref().ok_or_else(|| missing("S3_ENDPOINT"))?;
        let access = common.s3_access_key.as_ref().ok_or_else(|| missing("S3_ACCESS_KEY"))?;
        let secret = common.s3_secret_key.as_ref().ok_or_else(|| missing("S3_SECRET_KEY"))?;
        let bucket = format!("{}{name}", common.s3_bucket_prefix);
        let store = AmazonS3Builder::new()
            .with_endpoint(endpoint)
            .with_allow_http(endpoint.starts_with("http://"))
            .with_virtual_hosted_style_request(false)
            .with_region(REGION)
            .with_bucket_name(&bucket)
            .with_access_key_id(access.expose_secret())
            .with_secret_access_key(secret.expose_secret())
            .with_retry(object_store::RetryConfig {
                max_retries: 2,
                retry_timeout: Duration::from_secs(10),
                ..object_store::RetryConfig::default()
            })
            .build()?;
        let signing = Signing {
            endpoint: endpoint.trim_end_matches('/').to_owned(),
            bucket,
            access_key: access.expose_secret().to_owned(),
            secret_key: secret.clone(),
        };
        Ok(Self { store: store.into(), signing: signing.into() })
    }

    /// Makes the bucket if it does not exist.
    pub async fn ensure(&self) -> anyhow::Result<()> {
        let root = Path::default();
        let url = self.store.signed_url(Method::PUT, &root, Duration::from_mins(1)).await?;
        let answer = reqwest::Client::new().put(url).send().await?;
        // 409: it exists, and is ours.
        anyhow::ensure!(
            answer.status().is_success() || answer.status().as_u16() == 409,
            "the bucket cannot be made: {}",
            answer.status()
        );
        Ok(())
    }

    /// Writes `bytes` under `key` unless something lies there.
    pub async fn put_once(&self, key: &str, bytes: Vec<u8>, media: &str) -> Result<Put, S3Error> {
        let options = PutOptions {
            mode: PutMode::Create,
            attributes: Attributes::from_iter([(Attribute::ContentType, media.to_owned())]),
            ..PutOptions::default()
        };
        match self.store.put_opts(&Path::from(key), PutPayload::from(bytes), options).await {
            Ok(_) => Ok(Put::Written),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(Put::Existed),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what lies under `key`; nothing if nothing does.
    pub async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, S3Error> {
        match self.store.get(&Path::from(key)).await {
            Ok(found) => Ok(Some(found.bytes().await?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads what lies under `key` if it is `max_bytes` at most: for what strangers have put there.
    pub async fn get_at_most(&self, key: &str, max_bytes: u64) -> Result<Found, S3Error> {
        match self.store.get(&Path::from(key)).await {
            // The size is that of this very answer, so nothing larger can take its place meanwhile.
            Ok(found) if found.meta.size > max_bytes => Ok(Found::Larger),
            Ok(found) => Ok(Found::Bytes(found.bytes().await?.to_vec())),
            Err(object_store::Error::NotFound { .. }) => Ok(Found::Nothing),
            Err(error) => Err(error.into()),
        }
    }

    /// The size of what lies under `key`, in bytes; nothing if nothing does.
    pub async fn size(&self, key: &str) -> Result<Option<u64>, S3Error> {
        match self.store.head(&Path::from(key)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes away what lies under `key`.
    pub async fn delete(&self, key: &str) -> Result<(), S3Error> {
        Ok(self.store.delete(&Path::from(key)).await?)
    }

    /// A link that lets its holder PUT one object of exactly this media type and size, for a while. The `key` is one
    /// of ours, of letters, digits, `-` and `/`.
    pub fn put_link(&self, key: &str, file: (&str, u64), good_for: Duration) -> String {
        self.signing.link(key, file.0, file.1, good_for, SystemClock.now())
    }

    /// A link that lets its holder GET one object for a while, as `file`: its media type and a name of letters, digits, `.`
    /// and `-`. A browser keeps it as a file and shows nothing. The `key` is one of ours, of letters, digits, `-` and `/`.
    pub fn download_link(&self, key: &str, file: (&str, &str), good_for: Duration) -> String {
        self.signing.download(key, file, (good_for, SystemClock.now()))
    }

    /// A link that lets its holder GET one object, for a while.
    pub async fn get_link(&self, key: &str, good_for: Duration) -> Result<String, S3Error> {
        let url = self.store.signed_url(Method::GET, &Path::from(key), good_for).await?;
        Ok(url.to_string())
    }
}
