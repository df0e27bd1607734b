//! What sellers are told of their orders, once: that time is short, and what was taken back of them.

use chassis::Tx;
use contracts::order::{DueStep, SellerOrderCredited, SellerOrderDueSoon};

use super::queue::{OLD, message, queue};
use crate::domain::back::Back;
use crate::domain::letter::Letter;
use crate::domain::message::Addressee;
use crate::domain::notice::{Notice, ToDo};
use crate::domain::receipt::Receipt;
use crate::error::Error;

/// A seller has little time left. Once it is over there is nothing to say: what was taken back is another mail.
pub async fn mail_due_soon(tx: &mut Tx, event: &SellerOrderDueSoon) -> Result<(), Error> {
    let to_do = match event.step {
        DueStep::Accept => ToDo::Accept,
        DueStep::Ship => ToDo::Ship,
        DueStep::Unknown => return Ok(()),
    };
    if event.due_at <= tx.now() {
        return Ok(());
    }
    let of = &event.seller_order;
    let letter = Letter::SellerDueSoon(Notice::of(&of.number, to_do, event.due_at));
    let reference = format!("{}/{}", of.seller_order_id, to_do.into_str());
    let to = Addressee::OwnerOf(of.vendor_id);
    let message = message(tx, reference, to, letter).about(of.order_id);
    queue(tx, vec![message]).await
}

/// Something of a seller's order was taken back by somebody else.
pub async fn mail_seller_taken_back(
    tx: &mut Tx,
    event: &SellerOrderCredited,
    receipt: Option<&Receipt>,
) -> Result<(), Error> {
    let of = &event.seller_order;
    let back = Back::of(event, receipt);
    if !back.why.is_news_to_seller() || tx.now().duration_since(of.at) > OLD {
        return Ok(());
    }
    let (reference, to) = (event.credit_id.to_string(), Addressee::OwnerOf(of.vendor_id));
    let letter = Letter::SellerItemsTakenBack(back);
    let message = message(tx, reference, to, letter).about(of.order_id);
    queue(tx, vec![message]).await
}
