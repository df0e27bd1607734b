//! The law: whatever order the provider's events come in and however often, the payment ends in the same place.

use proptest::prelude::*;

use super::*;

const ASKED: Money = Money::inr(235_600);

#[derive(Debug, Clone)]
struct World {
    status: PaymentProgress,
    known: Vec<Known>,
    news: Vec<News>,
    booked: i64,
}

impl World {
    fn new(status: PaymentProgress) -> Self {
        Self { status, known: Vec::new(), news: Vec::new(), booked: 0 }
    }

    fn see(&mut self, sighting: &Sighting) {
        let verdict = judge(ASKED, self.status, &self.known, sighting);
        if let Some(status) = verdict.attempt {
            let id = &sighting.provider_payment_id;
            self.known.retain(|k| k.provider_payment_id != *id);
            self.known.push(Known { provider_payment_id: id.clone(), status });
        }
        if verdict.news.booking().is_some() {
            self.booked += sighting.amount.minor();
        }
        self.status = verdict.status;
        self.news.push(verdict.news);
    }

    fn see_all(&mut self, sightings: &[Sighting]) {
        for sighting in sightings {
            self.see(sighting);
        }
    }

    fn count(&self, news: News) -> usize {
        self.news.iter().filter(|n| **n == news).count()
    }
}

fn sighting(id: &str, amount: Money, seen: Seen) -> Sighting {
    Sighting { provider_payment_id: id.to_owned(), amount, seen, went_back: Vec::new() }
}

/// What the events of the worked examples show.
fn told(event: &str) -> Sighting {
    let seen = match event {
        "payment.authorized" => Seen::Waiting,
        "payment.failed" => Seen::Failed("payment_declined".into()),
        "payment.captured" | "order.paid" => Seen::Captured,
        other => panic!("{other}"),
    };
    sighting("pay_1", ASKED, seen)
}

#[test]
fn the_worked_examples_of_event_orders_hold() {
    let cases: [(&[&str], PaymentProgress, usize); 5] = [
        (&["payment.captured", "payment.authorized"], PaymentProgress::Captured, 1),
        (
            &["payment.failed", "payment.authorized", "payment.captured"],
            PaymentProgress::Captured,
            1,
        ),
        (&["payment.captured", "payment.failed"], PaymentProgress::Captured, 1),
        (&["order.paid", "payment.captured"], PaymentProgress::Captured, 1),
        (&["payment.failed"], PaymentProgress::Failed, 0),
    ];
    for (events, end, paid) in cases {
        let mut world = World::new(PaymentProgress::Pending);
        world.see_all(&events.iter().map(|event| told(event)).collect::<Vec<_>>());
        assert_eq!((world.status, world.count(News::Paid)), (end, paid), "{events:?}");
    }
}

#[test]
fn one_rupee_does_not_pay_two_thousand() {
    let mut world = World::new(PaymentProgress::Pending);
    world.see(&sighting("pay_1", Money::inr(100), Seen::Captured));
    assert_eq!((world.status, world.news[0]), (PaymentProgress::PaymentReview, News::Mismatch));
    world.see(&sighting("pay_1", ASKED, Seen::Captured));
    assert_eq!(world.status, PaymentProgress::PaymentReview, "one attempt has one amount");
}

#[test]
fn the_right_number_in_another_currency_is_not_what_was_asked() {
    let dollars = Money::new(ASKED.minor(), kernel::Currency::Usd);
    let verdict =
        judge(ASKED, PaymentProgress::Pending, &[], &sighting("pay_1", dollars, Seen::Captured));
    assert_eq!((verdict.status, verdict.news), (PaymentProgress::PaymentReview, News::Mismatch));
}

#[test]
fn a_failure_counts_only_when_no_other_attempt_is_open() {
    let mut world = World::new(PaymentProgress::Pending);
    world.see(&sighting("pay_1", ASKED, Seen::Waiting));
    world.see(&sighting("pay_2", ASKED, Seen::Waiting));
    world.see(&sighting("pay_1", ASKED, Seen::Failed(String::new())));
    assert_eq!(world.status, PaymentProgress::Pending);
    world.see(&sighting("pay_2", ASKED, Seen::Failed(String::new())));
    assert_eq!(world.status, PaymentProgress::Failed);
    assert_eq!(world.count(News::Failed), 1);
}

#[test]
fn the_right_money_pays_as_long_as_the_last_look_is_not_over() {
    for (amount, end, news) in [
        (ASKED, PaymentProgress::Captured, News::Paid),
        (Money::inr(100), PaymentProgress::PaymentReview, News::Mismatch),
    ] {
        let mut world = World::new(PaymentProgress::Closing);
        world.see(&sighting("pay_1", amount, Seen::Captured));
        assert_eq!((world.status, world.news[0]), (end, news));
    }
}

#[test]
fn money_for_a_payment_that_was_given_up_is_late_whatever_the_amount() {
    for amount in [ASKED, Money::inr(100)] {
        let mut world = World::new(PaymentProgress::Cancelled);
        world.see(&sighting("pay_1", amount, Seen::Captured));
        assert_eq!((world.status, world.news[0]), (PaymentProgress::CapturedLate, News::Late));
    }
}

fn any_sighting() -> impl Strategy<Value = Sighting> {
    let seen = prop_oneof![
        Just(Seen::Waiting),
        Just(Seen::Failed("payment_declined".to_owned())),
        Just(Seen::Captured),
    ];
    // Two attempts over the right amount, one over a wrong one.
    (0_usize..3, seen).prop_map(|(n, seen)| {
        let amount = if n == 2 { Money::inr(100) } else { ASKED };
        sighting(["pay_1", "pay_2", "pay_3"][n], amount, seen)
    })
}

/// How far a status is from the start; it never goes back.
fn rank(status: PaymentProgress) -> u8 {
    match status {
        PaymentProgress::Created => 0,
        PaymentProgress::Pending => 1,
        PaymentProgress::Failed | PaymentProgress::Closing => 2,
        PaymentProgress::PaymentReview | PaymentProgress::Cancelled => 3,
        PaymentProgress::Captured | PaymentProgress::CapturedLate => 4,
        PaymentProgress::CodAccepted
        | PaymentProgress::CodRefused
        | PaymentProgress::CodCollected
        | PaymentProgress::CodVoid => 5,
    }
}

fn captured(events: &[Sighting], right: bool) -> bool {
    events.iter().any(|e| e.seen == Seen::Captured && (e.amount == ASKED) == right)
}

fn distinct_money(events: &[Sighting]) -> i64 {
    let mut ids: Vec<_> = events.iter().filter(|e| e.seen == Seen::Captured).collect();
    ids.sort_by_key(|e| &e.provider_payment_id);
    ids.dedup_by_key(|e| &e.provider_payment_id);
    ids.iter().map(|e| e.amount.minor()).sum()
}

proptest! {
    #[test]
    fn it_ends_paid_exactly_when_a_right_capture_is_among_the_events(
        events in proptest::collection::vec(any_sighting(), 0..12).prop_shuffle()
    ) {
        let mut world = World::new(PaymentProgress::Pending);
        world.see_all(&events);
        let paid = captured(&events, true);
        prop_assert_eq!(world.status == PaymentProgress::Captured, paid);
        prop_assert_eq!(world.count(News::Paid), usize::from(paid));
        let reviewed = !paid && captured(&events, false);
        prop_assert_eq!(world.status == PaymentProgress::PaymentReview, reviewed);
    }

    #[test]
    fn it_never_goes_back(
        start in proptest::sample::select(vec![
            PaymentProgress::Created,
            PaymentProgress::Pending,
            PaymentProgress::Failed,
            PaymentProgress::Closing,
            PaymentProgress::Cancelled,
        ]),
        events in proptest::collection::vec(any_sighting(), 0..12)
    ) {
        let mut world = World::new(start);
        for event in &events {
            let before = rank(world.status);
            world.see(event);
            prop_assert!(rank(world.status) >= before);
        }
    }

    #[test]
    fn the_same_events_again_change_nothing(
        events in proptest::collection::vec(any_sighting(), 0..8)
    ) {
        let mut world = World::new(PaymentProgress::Pending);
        world.see_all(&events);
        let (status, booked) = (world.status, world.booked);
        world.see_all(&events);
        prop_assert_eq!((world.status, world.booked), (status, booked));
    }

    #[test]
    fn every_captured_attempt_is_booked_once(
        start in proptest::sample::select(vec![
            PaymentProgress::Pending,
            PaymentProgress::Cancelled,
        ]),
        events in proptest::collection::vec(any_sighting(), 0..12)
    ) {
        let mut world = World::new(start);
        world.see_all(&events);
        prop_assert_eq!(world.booked, distinct_money(&events));
    }

    #[test]
    fn what_was_given_up_is_never_paid(events in proptest::collection::vec(any_sighting(), 0..12)) {
        let mut world = World::new(PaymentProgress::Cancelled);
        world.see_all(&events);
        prop_assert_eq!(world.count(News::Paid), 0);
        let any = captured(&events, true) || captured(&events, false);
        prop_assert_eq!(world.status == PaymentProgress::CapturedLate, any);
    }
}
