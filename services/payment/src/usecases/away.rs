//! The provider does not answer: how long to wait before it is asked again.

use jiff::SignedDuration;
use kernel::PaymentId;
use tracing::warn;

use crate::App;
use crate::domain::progress::Sighting;

/// What the provider knows of the attempts at an order of its own. That it gives no answer is an answer, too: nothing has
/// failed that does not go on by itself.
pub async fn look(app: &App, payment: PaymentId, order_id: &str) -> Option<Vec<Sighting>> {
    let seen = app.provider.attempts(order_id).await;
    if let Err(error) = &seen {
        warn!(payment.id = %payment, %error, "a look at payment {payment} saw nothing");
    }
    seen.ok()
}

/// The provider's patience with questions is short, and the next look comes by itself.
const PAUSES: [SignedDuration; 3] =
    [SignedDuration::from_mins(1), SignedDuration::from_mins(10), SignedDuration::from_hours(1)];

/// How long to wait when a look saw nothing for the how many-th time, counted from 0; none when it is given up.
pub fn pause_after(tries: u32) -> Option<SignedDuration> {
    PAUSES.get(usize::try_from(tries).ok()?).copied()
}

/// So often something is asked for by the same name, with growing pauses, which takes half an hour.
const TRIES: u32 = 12;

/// How long to wait before something is asked for by the same name for the how many-th time; none when the provider is
/// better left alone.
pub fn pause_before(tries: u32) -> Option<SignedDuration> {
    let seconds = (1_i64 << tries.saturating_sub(1).min(10)).min(600);
    (tries < TRIES).then(|| SignedDuration::from_secs(seconds))
}

/// How long a provider is left alone that did not answer then.
pub const LEFT_ALONE: SignedDuration = SignedDuration::from_hours(1);
