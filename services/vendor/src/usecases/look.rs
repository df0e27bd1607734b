//! Looking at a seller: what its members see, and what everybody sees.

use contracts::vendor::Correction;
use jiff::SignedDuration;
use kernel::{Rating, UserId, VendorId};
use sqlx::PgConnection;

use super::find_own;
use super::seal::Masked;
use crate::App;
use crate::domain::document::{self, Document, Kind};
use crate::domain::standing::SellerStatus;
use crate::domain::strikes::Strikes;
use crate::domain::vendor::Vendor;
use crate::error::Error;
use crate::store;

/// For how long something counts against a seller.
const LATELY: SignedDuration = SignedDuration::from_hours(90 * 24);

#[derive(Debug, Clone)]
pub struct Profile {
    pub vendor: Vendor,
    pub masked: Masked,
    /// Documents that are asked for and were not announced, or were refused.
    pub missing: Vec<Kind>,
    /// What counts against it lately.
    pub strikes: Strikes,
    /// What staff ask to be corrected, while it is rejected.
    pub corrections: Vec<Correction>,
}

#[derive(Debug, Clone)]
pub struct PublicPage {
    pub vendor: Vendor,
    pub rating: Rating,
}

pub async fn profile(app: &App, vendor_id: VendorId, caller: UserId) -> Result<Profile, Error> {
    let mut conn = app.db.read().await?;
    let vendor = find_own(&mut conn, vendor_id, caller).await?;
    profile_of(app, &mut conn, vendor).await
}

pub async fn profile_of(
    app: &App,
    conn: &mut PgConnection,
    vendor: Vendor,
) -> Result<Profile, Error> {
    let documents = store::documents::list(conn, vendor.id).await?;
    let missing = document::missing(&documents, vendor.registered());
    let strikes = store::strikes::count(conn, vendor.id, app.clock.now() - LATELY).await?;
    let corrections = store::steps::corrections(conn, &vendor).await?;
    Ok(Profile { masked: app.seals.masked(&vendor)?, vendor, missing, strikes, corrections })
}

pub async fn documents(
    app: &App,
    vendor_id: VendorId,
    caller: UserId,
) -> Result<Vec<Document>, Error> {
    let mut conn = app.db.read().await?;
    find_own(&mut conn, vendor_id, caller).await?;
    Ok(store::documents::list(&mut conn, vendor_id).await?)
}

/// The public page of a seller, while it may sell.
pub async fn public_page(app: &App, vendor_id: VendorId) -> Result<PublicPage, Error> {
    let mut conn = app.db.read().await?;
    let found = store::vendors::find(&mut conn, vendor_id).await?;
    let vendor =
        found.filter(|v| v.standing.status == SellerStatus::Approved).ok_or(Error::NotFound)?;
    let stars = store::ratings::find(&mut conn, vendor_id).await?;
    Ok(PublicPage { vendor, rating: stars.unwrap_or(Rating::NONE) })
}
