//! A service under test: its own database, both doors, its jobs and timers on call, and a clock that the test moves.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;

use chassis::auth::token::{AUDIENCE, ISSUER};
use chassis::auth::{Claims, Keyring, Signer};
use chassis::config::Common;
use chassis::runner::Runner;
use chassis::subscriptions::Subscribed;
use chassis::{Db, Dependencies, Service, Subscriptions};
use contracts::user::{KeyPublished, SessionRevoked};
use jiff::Timestamp;
use kernel::{Clock, EventId, ManualClock, SessionId, UserId, VendorId};
use sqlx::PgPool;

use crate::client::Client;
use crate::servers;

mod events;

/// The instant every test starts at: 22 November 2026, noon UTC.
pub fn start_of_time() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().expect("a constant")
}

/// A service under test.
pub struct TestApp<S> {
    /// The service.
    pub app: S,
    /// The time; move it with `advance`.
    pub clock: ManualClock,
    /// The common half of its configuration.
    pub common: Common,
    db: Option<Db>,
    signer: Signer,
    subscribed: Subscribed,
    routes: axum::Router,
    offset: AtomicI64,
}

impl<S: Service> TestApp<S> {
    /// Starts the service over its own database.
    pub async fn start(pool: PgPool, config: S::Config) -> Self {
        Self::start_as(pool, config, servers::common(&servers::unique())).await
    }

    /// The same where staff need no second factor.
    pub async fn start_without_second_factor(pool: PgPool, config: S::Config) -> Self {
        let common = servers::common(&servers::unique());
        let common = Common { staff_without_second_factor: true, ..common };
        Self::start_as(pool, config, common).await
    }

    async fn start_as(pool: PgPool, config: S::Config, common: Common) -> Self {
        chassis::run::MIGRATOR.run(&pool).await.expect("the chassis' migrations run");
        Self::assemble(Some(pool), config, common).await
    }

    /// Starts a service that has no database.
    pub async fn start_without_database(config: S::Config) -> Self {
        Self::assemble(None, config, servers::common(&servers::unique())).await
    }

    async fn assemble(pool: Option<PgPool>, config: S::Config, common: Common) -> Self {
        let clock = ManualClock::new(start_of_time());
        let shared: Arc<dyn Clock> = Arc::new(clock.clone());
        let keyring = Keyring::new(shared.clone());
        let (signer, _) = Signer::generate().expect("keys can be made");
        keyring.trust(signer.kid(), signer.x(), None);
        let db = pool.map(|pool| Db::over(pool, shared.clone()));
        let deps = Dependencies::new(db.clone(), shared, common.clone(), keyring.clone());
        let app = S::build(config, deps).await.expect("the service can be put together");
        // But for who acts for which seller: a test says that by the token.
        let tokens =
            Subscriptions::default().in_memory::<KeyPublished>().in_memory::<SessionRevoked>();
        let subscribed = S::subscriptions().of(&app).and(tokens, &keyring);
        let routes = S::router().with_state(app.clone());
        let routes = chassis::layers::wrap(routes, S::NAME, &common, keyring, None);
        Self { app, clock, common, db, signer, subscribed, routes, offset: AtomicI64::new(0) }
    }

    /// The service's database.
    ///
    /// # Panics
    /// When it has none.
    pub fn db(&self) -> &Db {
        self.db.as_ref().expect("this service has a database")
    }

    /// Nobody.
    pub fn anonymous(&self) -> Client {
        Client::new(self.routes.clone(), None)
    }

    /// Some buyer.
    pub fn as_buyer(&self) -> Client {
        self.as_user(UserId::new())
    }

    /// This user.
    pub fn as_user(&self, user: UserId) -> Client {
        self.as_claims(&self.claims(user))
    }

    /// A member of this seller.
    pub fn as_vendor(&self, vendor: VendorId) -> Client {
        let mut claims = self.claims(UserId::new());
        claims.vendors = vec![vendor];
        self.as_claims(&claims)
    }

    /// A member of staff with these permissions; `may::ALL` for all.
    pub fn as_staff(&self, perms: &[&str]) -> Client {
        let mut claims = self.claims(UserId::new());
        claims.roles.push("admin".into());
        claims.perms = perms.iter().map(|p| (*p).to_owned()).collect();
        self.as_claims(&claims)
    }

    /// Claims of a token for `user` that is valid for ten minutes, in a session that has just shown a second factor.
    pub fn claims(&self, user: UserId) -> Claims {
        let now = self.clock.now().as_second();
        Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: user,
            sid: SessionId::new(),
            jti: EventId::new().to_string(),
            iat: now,
            nbf: now,
            exp: now + 600,
            roles: vec!["buyer".into()],
            perms: Vec::new(),
            vendors: Vec::new(),
            mfa: Some(now),
        }
    }

    /// Whoever these claims say.
    pub fn as_claims(&self, claims: &Claims) -> Client {
        Client::new(self.routes.clone(), Some(self.token(claims)))
    }

    /// A token that says so.
    ///
    /// # Panics
    /// When it cannot be signed.
    pub fn token(&self, claims: &Claims) -> String {
        self.signer.sign(claims).expect("claims can be signed")
    }

    /// Does every job that is due now; returns how many attempts that were.
    pub async fn run_jobs(&self) -> usize {
        let runner = Runner::new(self.db().clone(), self.app.jobs(), S::NAME);
        runner.run_due().await.expect("jobs can be run")
    }

    /// Does everything that fell due; returns how much that was.
    ///
    /// # Panics
    /// When a timer fails.
    pub async fn run_timers(&self) -> usize {
        let ran = self.app.timers().run_due(self.db()).await;
        ran.unwrap_or_else(|problem| panic!("a timer failed: {problem:?}"))
    }
}
