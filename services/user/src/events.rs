//! Events in: what the user service hears.

use contracts::vendor::VendorChanged;

use crate::error::Error;
use crate::{App, usecases};

chassis::hears! {
    App, Error, |app, event, meta, tx|
    project VendorChanged { usecases::project_members(tx, &event, meta.version).await }
}
