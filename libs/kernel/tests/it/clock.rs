//! Clocks that stand still.

use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, ClockGoesBack, ManualClock, ShiftedClock, SystemClock};

#[test]
fn clones_show_the_same_time() {
    let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
    let other = clock.clone();
    clock.advance(SignedDuration::from_mins(15));
    assert_eq!(other.now(), Timestamp::from_second(900).unwrap());
    other.set(Timestamp::UNIX_EPOCH);
    assert_eq!(clock.now(), Timestamp::UNIX_EPOCH);
}

#[test]
fn a_clock_stops_at_the_ends_of_time() {
    let clock = ManualClock::new(Timestamp::UNIX_EPOCH);
    clock.advance(SignedDuration::MAX);
    assert_eq!(clock.now(), Timestamp::MAX);
    clock.advance(SignedDuration::MIN);
    assert_eq!(clock.now(), Timestamp::MIN);
}

#[test]
fn the_machine_clock_moves_on() {
    let before = SystemClock.now();
    assert!(SystemClock.now() >= before);
}

#[test]
fn a_shifted_clock_goes_on_and_never_back() {
    let clock = ShiftedClock::ahead_by(3600);
    let other = clock.clone();
    assert_eq!(other.forward_to(7200), Ok(()));
    assert!(clock.now() >= SystemClock.now() + SignedDuration::from_secs(7199));
    assert_eq!(clock.forward_to(7200), Ok(()), "asked twice, it stands where it stood");
    assert_eq!(clock.forward_to(3600), Err(ClockGoesBack { shift_s: 7200 }));
    assert_eq!(clock.shift_s(), 7200);
}
