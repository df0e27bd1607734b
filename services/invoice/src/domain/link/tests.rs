//! How long a link opens its document, and for whom.

use jiff::SignedDuration;
use kernel::{InvoiceId, UserId, VendorId};

use super::{Audience, Link, LinkId, LinkKey, Pace, Token};

fn key(secret: &str) -> LinkKey {
    LinkKey::new(secret.to_owned().into())
}

fn link() -> Link {
    let now = "2026-11-22T12:00:00.7Z".parse().unwrap();
    let audience = Audience::User(UserId::new());
    Link::new(InvoiceId::new(), audience, now, SignedDuration::from_hours(24))
}

#[test]
fn a_token_vouches_for_its_own_link_only() {
    let (key, link) = (key("the secret of the links, long enough"), link());
    let token = Token::parse(&key.token(&link).text()).unwrap();

    assert!(key.vouches(&token, &link));
    let same_id = Audience::Vendor(VendorId::from_uuid(link.audience.id()));
    for other in [
        Link { id: LinkId::new(), ..link },
        Link { invoice_id: InvoiceId::new(), ..link },
        Link { audience: Audience::User(UserId::new()), ..link },
        Link { audience: same_id, ..link },
        Link { expires_at: link.expires_at + SignedDuration::from_secs(1), ..link },
    ] {
        assert!(!key.vouches(&token, &other), "{other:?}");
    }
}

#[test]
fn another_key_vouches_for_nothing() {
    let link = link();
    let token = key("the secret of the links, long enough").token(&link);
    assert!(!key("another secret, just as long as this").vouches(&token, &link));
}

#[test]
fn changing_any_letter_of_a_token_makes_it_worthless() {
    let (key, link) = (key("the secret of the links, long enough"), link());
    let text = key.token(&link).text();
    for place in 0..text.len() {
        let mut letters = text.clone().into_bytes();
        letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(letters).unwrap();
        let believed = Token::parse(&changed).is_some_and(|token| key.vouches(&token, &link));
        assert!(!believed, "letter {place} of {text}");
    }
}

#[test]
fn what_is_too_short_too_long_or_no_base64_is_no_good_token() {
    let (key, link) = (key("the secret of the links, long enough"), link());
    let text = key.token(&link).text();
    for bad in ["", "A", "%00", "../../etc", "é", &text[..30], &text[..text.len() - 4]] {
        let believed = Token::parse(bad).is_some_and(|token| key.vouches(&token, &link));
        assert!(!believed, "{bad}");
    }
    let longer = Token::parse(&format!("{text}AAAA"));
    assert!(!longer.is_some_and(|token| key.vouches(&token, &link)));
}

#[test]
fn thirty_uses_a_minute_are_enough() {
    let start: jiff::Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
    let mut pace = None;
    for use_no in 0..30 {
        let at = start + SignedDuration::from_secs(use_no);
        pace = Pace::with_use(pace, at);
        assert!(pace.is_some(), "{use_no}");
    }
    assert_eq!(Pace::with_use(pace, start + SignedDuration::from_secs(59)), None);
    let next = start + SignedDuration::from_secs(60);
    assert_eq!(Pace::with_use(pace, next), Some(Pace { since: next, uses: 1 }));
}

#[test]
fn a_link_ends_on_a_whole_second() {
    assert_eq!(link().expires_at, "2026-11-23T12:00:00Z".parse().unwrap());
}
