//! Clocks that stand still.

use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, ManualClock, SystemClock};

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
