//! A file as it was announced, and whether it is the one that came.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// The largest file there may be.
pub const MAX_BYTES: u32 = 10 * 1024 * 1024;

/// What a file may be.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[strum(const_into_str)]
pub enum Media {
    #[serde(rename = "application/pdf")]
    #[strum(serialize = "application/pdf")]
    Pdf,
    #[serde(rename = "image/jpeg")]
    #[strum(serialize = "image/jpeg")]
    Jpeg,
    #[serde(rename = "image/png")]
    #[strum(serialize = "image/png")]
    Png,
}

impl Media {
    /// What names of such files end with.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// What every file of this type begins with.
    fn magic(self) -> &'static [u8] {
        match self {
            Self::Pdf => b"%PDF-",
            Self::Jpeg => b"\xff\xd8\xff",
            Self::Png => b"\x89PNG\r\n\x1a\n",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("size: must be 1 to 10485760 bytes")]
pub struct BadSize;

/// The size of a file in bytes, 1 to 10 MiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u32")]
pub struct Size(u32);

impl Size {
    pub fn bytes(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for Size {
    type Error = BadSize;

    fn try_from(bytes: u32) -> Result<Self, BadSize> {
        if (1..=MAX_BYTES).contains(&bytes) { Ok(Self(bytes)) } else { Err(BadSize) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("sha256: must be 64 hexadecimal digits")]
pub struct BadHash;

/// A SHA-256 in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Hash(String);

impl Hash {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Hash {
    type Error = BadHash;

    fn try_from(raw: String) -> Result<Self, BadHash> {
        let fits = raw.len() == 64 && raw.bytes().all(|b| b.is_ascii_hexdigit());
        if fits { Ok(Self(raw.to_ascii_lowercase())) } else { Err(BadHash) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing came (yet).
    Missing,
    /// It has another size.
    Size,
    /// It is another file of the same size.
    Hash,
    /// It is no file of its media type.
    Media,
}

impl Fault {
    pub fn why(self) -> &'static str {
        match self {
            Self::Missing => "nothing was uploaded",
            Self::Size => "the file has another size than was announced",
            Self::Hash => "the file has another SHA-256 than was announced",
            Self::Media => "the content is not of the announced content type",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub media: Media,
    pub size: Size,
    pub sha256: Hash,
}

impl File {
    /// Whether `bytes` are this file.
    pub fn check(&self, bytes: &[u8]) -> Result<(), Fault> {
        if u32::try_from(bytes.len()) != Ok(self.size.bytes()) {
            return Err(Fault::Size);
        }
        if hex::encode(Sha256::digest(bytes)) != self.sha256.as_str() {
            return Err(Fault::Hash);
        }
        if !bytes.starts_with(self.media.magic()) {
            return Err(Fault::Media);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::{Fault, File, Hash, Media, Size};

    fn announced(media: Media, bytes: &[u8]) -> File {
        File {
            media,
            size: Size::try_from(u32::try_from(bytes.len()).unwrap()).unwrap(),
            sha256: Hash::try_from(hex::encode_upper(Sha256::digest(bytes))).unwrap(),
        }
    }

    #[test]
    fn a_file_is_known_by_size_hash_and_first_bytes() {
        let pdf = b"%PDF-1.7 pan";
        assert_eq!(announced(Media::Pdf, pdf).check(pdf), Ok(()));
        assert_eq!(announced(Media::Pdf, pdf).check(b"%PDF-1.7 pan "), Err(Fault::Size));
        assert_eq!(announced(Media::Pdf, pdf).check(b"%PDF-1.7 pen"), Err(Fault::Hash));
        for media in [Media::Jpeg, Media::Png] {
            assert_eq!(announced(media, pdf).check(pdf), Err(Fault::Media));
        }
        let jpeg = b"\xff\xd8\xff\xe0 and more";
        assert_eq!(announced(Media::Jpeg, jpeg).check(jpeg), Ok(()));
        let png = b"\x89PNG\r\n\x1a\n and more";
        assert_eq!(announced(Media::Png, png).check(png), Ok(()));
        assert_eq!(announced(Media::Png, b"\x89P").check(b"\x89P"), Err(Fault::Media));
    }
}
