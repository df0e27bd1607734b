//! Tokens that user-service itself would have signed, at another time: its key is taken out of its database, so that
//! only the time is wrong.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chassis::auth::{Claims, Signer};
use chassis::seal::Sealer;
use kernel::{Clock as _, SystemClock};
use mall::settings::Settings;
use sqlx::{Connection as _, PgConnection};

/// The key that signs access tokens now.
pub async fn current(settings: &Settings) -> Signer {
    let kept = Kept::of(settings);
    let mut conn = PgConnection::connect(&kept.secret("MALL__DATABASE_URL_FILE")).await.unwrap();
    let (kid, sealed): (String, String) = sqlx::query_as(
        "select kid, sealed from signing_keys where not_before <= now() order by not_before desc limit 1",
    )
    .fetch_one(&mut conn)
    .await
    .unwrap();
    let opener = Sealer::new(&kept.secret("USER__KEY_SEAL_KEY_FILE").into()).unwrap();
    Signer::from_pkcs8(&opener.open(&sealed, &kid).unwrap()).unwrap()
}

/// The settings user-service was started with.
struct Kept(BTreeMap<String, String>);

impl Kept {
    fn of(settings: &Settings) -> Self {
        let file = std::fs::read_to_string(settings.env_dir.join("user.env")).unwrap();
        let lines = file.lines().filter_map(|line| line.split_once('='));
        Self(lines.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    fn secret(&self, name: &str) -> String {
        std::fs::read_to_string(&self.0[name]).unwrap().trim_end().to_owned()
    }
}

/// The same token, signed so that it ends `seconds` from now.
pub fn ending_in(signer: &Signer, token: &str, seconds: i64) -> String {
    let payload = token.split('.').nth(1).unwrap();
    let mut claims: Claims =
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    claims.exp = SystemClock.now().as_second() + seconds;
    claims.iat = claims.exp - 600;
    claims.nbf = claims.iat;
    signer.sign(&claims).unwrap()
}
