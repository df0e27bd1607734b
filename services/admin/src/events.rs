//! Events in: everything staff look at was heard. All of it but the audit trail is a copy and may be heard again from the start.

mod money;
mod orders;
mod trail;

use chassis::Subscriptions;
use contracts::email::EmailBounced;
use contracts::ops::{DeadLettered, Redriven, StaffActed};
use contracts::order::ReturnChanged;
use contracts::product::ProductUpserted;
use contracts::rating::{ReviewPublished, ReviewRemoved, ReviewSubmitted};
use contracts::user::AccountUpdated;
use contracts::vendor::{KycSubmitted, VendorChanged};

use crate::App;
use crate::error::Error;
use crate::store::{after_sales, queues, watch};
use crate::usecases;

/// Everything that is heard.
pub fn all() -> Subscriptions<App> {
    let orders = subscriptions().and(orders::subscriptions());
    orders.and(money::subscriptions()).and(trail::subscriptions())
}

chassis::hears! {
    App, Error, |app, event, meta, tx|
    handle StaffActed { usecases::record_act(tx, meta.id, event).await }
    project VendorChanged { Ok(queues::upsert_vendor(tx.conn(), &event, meta.version).await?) }
    project KycSubmitted {
        for document in &event.documents {
            queues::insert_document(tx.conn(), event.vendor_id, document).await?;
        }
        Ok(())
    }
    project ProductUpserted { Ok(queues::upsert_product(tx.conn(), &event, meta.version).await?) }
    project ReviewSubmitted { Ok(queues::insert_review(tx.conn(), &event, meta.version).await?) }
    project ReviewPublished {
        let (id, subject) = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), id, subject, "published", meta.version).await?)
    }
    project ReviewRemoved {
        let (id, subject) = (event.review_id, event.subject);
        Ok(queues::set_review_status(tx.conn(), id, subject, "removed", meta.version).await?)
    }
    project ReturnChanged {
        after_sales::return_moved(tx.conn(), &event).await?;
        Ok(watch::return_moved(tx.conn(), &event).await?)
    }
    project EmailBounced {
        trail::mail(tx, meta, event.order_id, event.message_id, &event.kind).await?;
        Ok(watch::mail_bounced(tx.conn(), event.message_id).await?)
    }
    project AccountUpdated { Ok(watch::upsert_account(tx.conn(), &event, meta.version).await?) }
    project DeadLettered {
        let DeadLettered { service, consumer, topic, partition, offset, .. } = event;
        watch::letter(tx.conn(), &service, &consumer, &topic, partition, offset, true).await?;
        Ok(())
    }
    project Redriven {
        let Redriven { service, consumer, topic, partition, offset, .. } = event;
        watch::letter(tx.conn(), &service, &consumer, &topic, partition, offset, false).await?;
        Ok(())
    }
}
