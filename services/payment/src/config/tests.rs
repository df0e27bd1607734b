//! What the service does not start with.

use crate::Config;

const GIVEN: [(&str, &str); 7] = [
    ("PAYMENT__RAZORPAY_URL", "https://provider.test"),
    ("PAYMENT__RAZORPAY_KEY_ID", "id"),
    ("PAYMENT__RAZORPAY_KEY_SECRET", "007"),
    ("PAYMENT__WEBHOOK_SECRET", "hook"),
    ("PAYMENT__PII_SEAL_KEY", "0123456789abcdef0123456789abcdef"),
    ("PAYMENT__UPI_PAYEE_VPA", "mall@upi"),
    ("PAYMENT__UPI_PAYEE_NAME", "Mall"),
];

fn read(more: &[(&str, &str)]) -> Result<Config, String> {
    let vars = GIVEN.iter().chain(more).map(|(key, value)| ((*key).into(), (*value).into()));
    chassis::config::read("payment", vars).map_err(|error| error.to_string())
}

#[test]
fn what_has_no_default_is_enough() {
    let config =
        read(&[("PAYMENT__COD_MAX_PAISE", "7"), ("PAYMENT__RAZORPAY_ACCOUNT_ID", "acc_1")]);
    let config = config.unwrap();
    assert_eq!(config.cod_max_paise, 7);
    assert_eq!(config.provider.razorpay_account_id.as_deref(), Some("acc_1"));
    assert_eq!(config.provider.payout_account, "sandbox");
    assert!(read(&[("PAYMENT__PROVIDER", "razorpay")]).is_ok());
}

#[test]
fn a_setting_or_a_provider_that_is_not_there_is_named() {
    let wrong = |key, value| read(&[(key, value)]).unwrap_err();
    assert!(wrong("PAYMENT__RAZORPAY_KEY", "id").contains("razorpay_key"));
    let unknown = wrong("PAYMENT__PROVIDER", "cashfree");
    assert!(unknown.contains("cashfree") && unknown.contains("razorpay"), "{unknown}");
}
