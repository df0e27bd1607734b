//! Events in: deliveries, which may be rated, and decisions of staff.

use contracts::admin::ReviewModerated;
use contracts::order::SellerOrderDelivered;

use crate::error::Error;
use crate::{App, usecases};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    handle SellerOrderDelivered { usecases::remember_delivery(tx, &event).await }
    handle ReviewModerated { usecases::moderate(tx, &event).await }
}
