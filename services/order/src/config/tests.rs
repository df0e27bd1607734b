//! What is refused at the start.

use super::Config;

fn config(payment_window_s: u32, reservation_s: u32) -> Config {
    Config {
        payment_window_s,
        reservation_s,
        checkout_max_age_s: 1800,
        accept_within_s: 1,
        ship_within_s: 1,
        arrive_within_s: 1,
        keep_within_s: 1,
        lost_after_s: 1,
        remind_accept_s: 1,
        remind_ship_s: 1,
        suspended_wait_hours: 1,
        second_person_over_paise: 0,
        platform_state: kernel::StateCode::DELHI,
    }
}

#[test]
fn stock_is_held_longer_than_the_buyer_has_to_pay() {
    assert!(config(900, 1200).check().is_ok());
    assert!(config(900, 900).check().unwrap_err().to_string().contains("RESERVATION_S"));
    let never = Config { ship_within_s: 0, ..config(900, 1200) };
    assert!(never.check().unwrap_err().to_string().contains("SHIP_WITHIN_S"));
    assert!(config(0, 900).check().unwrap_err().to_string().contains("PAYMENT_WINDOW_S"));
}
