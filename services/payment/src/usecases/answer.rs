//! Says where a payment stands: as it comes to stand there, and once more to whoever asks again.

use chassis::Tx;
use contracts::payment::{
    CodAccepted, CodRefused, PaymentCancelled, PaymentCaptured, PaymentCreated,
};

use super::events_out::about;
use crate::App;
use crate::domain::{Answer, Payment, cod};
use crate::error::Error;
use crate::store::attempts;

/// Says where `payment` stands, if that is for the order service to hear. It was made to hear a thing twice.
pub async fn answer(app: &App, tx: &mut Tx, payment: &Payment) -> Result<(), Error> {
    let Some(answer) = payment.status.answer() else { return Ok(()) };
    let now = tx.now();
    let about = about(payment, now);
    match answer {
        Answer::Created => tx.emit(&PaymentCreated {
            payment: about,
            provider_order_id: payment.provider_order_id.clone().unwrap_or_default(),
            upi_intent: payment.upi_intent.clone().unwrap_or_default(),
            expires_at: payment.expires_at,
        }),
        Answer::Captured => {
            let paying = attempts::find_paying(tx.conn(), payment.id).await?;
            let provider_payment_id = paying.ok_or(Error::NotFound)?;
            tx.emit(&PaymentCaptured { payment: about, provider_payment_id });
        }
        Answer::Cancelled => tx.emit(&PaymentCancelled { payment: about }),
        Answer::CodAccepted => tx.emit(&CodAccepted { payment: about }),
        Answer::CodRefused => {
            let reason = why_no_cash(app, payment).to_owned();
            tx.emit(&CodRefused { payment: about, reason });
        }
    }
    Ok(())
}

/// It is not kept, for it follows from the payment. Where the limit was raised since, it must have been the limit.
fn why_no_cash(app: &App, payment: &Payment) -> &'static str {
    let is_late = payment.expires_at <= payment.created_at;
    let decided = cod::decide(payment.amount, app.settings.cod_max, is_late);
    decided.err().unwrap_or(cod::OVER_LIMIT)
}
