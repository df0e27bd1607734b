//! Events in: what this service hears.

use contracts::admin::VendorDecided;
use contracts::order::SellerOrderCredited;
use contracts::rating::RatingSummary;

use crate::error::Error;
use crate::{App, usecases};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    handle VendorDecided { usecases::decide::decide(tx, event).await }
    handle SellerOrderCredited { usecases::strike::strike(tx, &event).await }
    project RatingSummary {
        usecases::project_rating::project_rating(tx, &event, meta.version).await
    }
}
