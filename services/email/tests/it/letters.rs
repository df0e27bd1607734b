//! All other mail, people who are not known yet or not any more, and mail servers in trouble.

use contracts::email::{EmailBounced, EmailSent};
use contracts::order::{CancelReason, OrderCancelled, OrderConfirmed, SellerOrderShipped};
use contracts::user::{ContactUpdated, SessionEnd, SessionRevoked};
use contracts::vendor::VendorApproved;
use email::App;
use jiff::SignedDuration;
use kernel::{OrderId, ParcelId, SellerOrderId, SessionId, UserId, VendorId};
use sqlx::PgPool;
use testkit::{TestApp, sample};

use crate::arrivals;
use crate::disputes;
use crate::money;
use crate::returns;
use crate::ruled;
use crate::scene::{Sale, config, ledger, person, shop, with_sink};
use crate::server::{MailServer, Mood, headers};
use crate::sink;

fn shipped(buyer: UserId, vendor: VendorId) -> SellerOrderShipped {
    let mut event = SellerOrderShipped { to_follow: Vec::new(), ..sample() };
    event.seller_order.seller_order_id = SellerOrderId::new();
    event.parcel_id = Some(ParcelId::new());
    event.seller_order.buyer = buyer;
    event.seller_order.vendor_id = vendor;
    event
}

fn cancelled(buyer: UserId, reason: CancelReason) -> OrderCancelled {
    OrderCancelled { order_id: OrderId::new(), buyer, reason, ..sample() }
}

fn approved(owner: UserId) -> VendorApproved {
    VendorApproved { vendor_id: VendorId::new(), owner, again: false, ..sample() }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_shipment_is_mailed_with_carrier_and_tracking_number(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    let vendor = shop(&buyer, "Lotus Home");
    app.deliver(buyer.clone()).await;
    app.deliver(vendor.clone()).await;
    app.deliver(shipped(buyer.user_id, vendor.vendor_id)).await;
    app.run_jobs().await;

    let mail = sink::only(buyer.email.as_str()).await;
    assert_eq!(mail["subject"], "Your order M261122-000001-1 has shipped");
    for form in ["text", "html"] {
        let body = sink::text(&mail, form);
        assert!(
            ["India Post", "EE123456789IN", "Lotus Home"].iter().all(|w| body.contains(w)),
            "{body}"
        );
    }
    let told = app.emitted::<EmailSent>().await.remove(0);
    let order_id = shipped(buyer.user_id, vendor.vendor_id).seller_order.order_id;
    assert_eq!((told.kind.as_str(), told.order_id), ("shipped", Some(order_id)));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn of_several_parcels_each_mail_says_what_is_in_it_and_what_follows(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    let vendor = shop(&buyer, "Lotus Home");
    app.deliver(buyer.clone()).await;
    app.deliver(vendor.clone()).await;
    let sold = sample::<OrderConfirmed>();
    let title = &sold.order.parts[0].lines[0].title;
    app.deliver(sold.clone()).await;
    let parcel = |to_follow: bool| {
        let mut event = shipped(buyer.user_id, vendor.vendor_id);
        event.seller_order.seller_order_id = sold.order.parts[0].seller_order_id;
        event.lines[0].quantity = 1;
        event.to_follow = if to_follow { event.lines.clone() } else { Vec::new() };
        event
    };
    for (more, subject) in [
        (true, "A part of your order M261122-000001-1 has shipped"),
        (false, "The last parcel of your order M261122-000001-1 has shipped"),
    ] {
        app.deliver(parcel(more)).await;
        app.run_jobs().await;
        let mail = sink::inbox(buyer.email.as_str()).await.pop().unwrap();
        assert_eq!(mail["subject"], subject);
        let body = sink::text(&mail, "text");
        assert!(body.contains(&format!("1 x {title}")), "{body}");
        assert_eq!(body.contains("follows in another parcel"), more, "{body}");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn an_approval_and_each_way_to_end_an_order_are_mailed(pool: PgPool) {
    let app = with_sink(pool).await;
    let owner = person("Meera");
    app.deliver(owner.clone()).await;
    let event = approved(owner.user_id);
    app.deliver(event.clone()).await;
    app.deliver(event).await;
    app.run_jobs().await;
    let mail = sink::only(owner.email.as_str()).await;
    assert_eq!(mail["subject"], "Lotus Home may sell on Mall now");

    let ends = [
        (CancelReason::PaymentWindowOver, "it was not paid in time"),
        (CancelReason::BuyerCancelled, "you cancelled it"),
        (CancelReason::CodRefused, "cash on delivery is not possible"),
    ];
    for (reason, words) in ends {
        let buyer = person("Asha Rao");
        app.deliver(buyer.clone()).await;
        app.deliver(cancelled(buyer.user_id, reason)).await;
        app.run_jobs().await;
        let mail = sink::only(buyer.email.as_str()).await;
        assert_eq!(mail["subject"], "Your order M261122-000001 was cancelled");
        assert!(sink::text(&mail, "text").contains(words), "{mail}");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_name_cannot_add_headers(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let buyer = person("Asha\r\nBcc: spy@evil.test\r\n\r\n<b>hello</b>");
    let vendor = shop(&buyer, "Lotus\r\nBcc: spy@evil.test");
    app.deliver(buyer.clone()).await;
    app.deliver(vendor.clone()).await;
    app.deliver(shipped(buyer.user_id, vendor.vendor_id)).await;
    let mut event = approved(buyer.user_id);
    event.display_name.clone_from(&vendor.display_name);
    app.deliver(event).await;
    assert_eq!(app.run_jobs().await, 2);

    let mails = server.taken();
    assert_eq!(mails.len(), 2);
    for mail in mails {
        let headers = headers(&mail);
        let names: Vec<&str> =
            headers.iter().filter_map(|h| h.split_once(": ")).map(|(n, _)| n).collect();
        assert!(names.contains(&"Message-ID") && names.contains(&"Auto-Submitted"), "{headers:?}");
        assert!(!names.iter().any(|name| name.eq_ignore_ascii_case("bcc")), "{headers:?}");
        assert_eq!(names.iter().filter(|name| **name == "To").count(), 1, "{headers:?}");
        assert!(!mail.contains("<b>hello</b>\n"), "{mail}");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_owner_of_a_session_whose_token_came_twice_is_told(pool: PgPool) {
    let (app, owner) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(owner.clone()).await;
    let ended = |why| SessionRevoked {
        session_id: SessionId::new(),
        user_id: owner.user_id,
        why,
        ..sample()
    };
    for why in [None, Some(SessionEnd::SignedOut), Some(SessionEnd::AccountChanged)] {
        app.deliver(ended(why)).await;
    }
    assert_eq!(app.run_jobs().await, 0, "nobody is told what they did themselves");

    let stolen = ended(Some(SessionEnd::TokenReused));
    app.deliver(stolen.clone()).await;
    app.deliver(stolen).await;
    app.run_jobs().await;

    let mail = sink::only(owner.email.as_str()).await;
    assert_eq!(mail["subject"], "We ended one of your sessions");
    assert!(sink::text(&mail, "text").contains("sign in again"), "{mail}");
    assert_eq!(app.emitted::<EmailSent>().await[0].kind, "session_ended");
}

/// What a broken or hostile service could put into an event.
fn hostile_texts() -> Vec<String> {
    let texts = [
        "a\u{0}b",
        "\u{202e}gpj.exe",
        "\u{1f600}",
        "\r\nBcc: spy@evil.test\r\n\r\n.\r\nMAIL FROM:<x@evil.test>",
        "\"x\" <spy@evil.test>, y",
        "=?utf-8?q?=0D=0ABcc:_spy@evil.test?=",
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }}{% include 'layout.html' %}",
        "'; drop table messages; --",
        "",
    ];
    texts.into_iter().map(str::to_owned).chain(["long ".repeat(20_000)]).collect()
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn no_text_in_an_event_steers_or_stops_mail(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    for text in hostile_texts() {
        let mut sale = Sale::new();
        sale.buyer.name = Some(text.clone());
        sale.buyer.locale.clone_from(&text);
        for vendor in &mut sale.vendors {
            vendor.display_name.clone_from(&text);
        }
        sale.order.order.number.clone_from(&text);
        for part in &mut sale.order.order.parts {
            part.number.clone_from(&text);
            part.vendor_name.clone_from(&text);
            part.lines[0].title.clone_from(&text);
        }
        for invoice in &mut sale.invoices {
            invoice.number.clone_from(&text);
        }
        sale.introduce(&app).await;
        sale.happen(&app).await;
        let buyer = sale.buyer.user_id;
        let mut parcel = shipped(buyer, sale.vendors[0].vendor_id);
        parcel.carrier.clone_from(&text);
        parcel.tracking_number.clone_from(&text);
        app.deliver(parcel).await;
        app.deliver(OrderCancelled {
            number: text.clone(),
            ..cancelled(buyer, CancelReason::CodRefused)
        })
        .await;
        app.deliver(VendorApproved { display_name: text.clone(), ..approved(buyer) }).await;
        money::steered(&app, &sale, &text).await;
        arrivals::steered(&app, &sale, &text).await;
        returns::steered(&app, &sale, &text).await;
        disputes::steered(&app, &sale, &text).await;
        ruled::steered(&app, &sale, &text).await;
        let before = server.taken().len();
        app.run_jobs().await;

        let mails = server.taken()[before..].to_vec();
        assert_eq!(mails.len(), 25, "{text:.40}");
        for mail in mails {
            let headers = headers(&mail);
            let count = |name: &str| {
                headers.iter().filter(|h| h.to_lowercase().starts_with(&format!("{name}:"))).count()
            };
            assert_eq!((count("bcc"), count("to"), count("subject")), (0, 1, 1), "{headers:?}");
            let (_, html) = mail.split_once("Content-Type: text/html").unwrap();
            assert!(!html.contains("<script") && !html.contains("<img"), "{mail}");
        }
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn mail_waits_for_an_address_that_has_not_been_heard_yet(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(cancelled(buyer.user_id, CancelReason::BuyerCancelled)).await;
    app.run_jobs().await;
    assert_eq!(ledger(&app, "order_cancelled").await, [("queued".to_owned(), 1)]);

    app.deliver(buyer.clone()).await;
    app.clock.advance(SignedDuration::from_secs(5));
    app.run_jobs().await;

    sink::only(buyer.email.as_str()).await;
    assert_eq!(ledger(&app, "order_cancelled").await, [("sent".to_owned(), 2)]);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn nobody_writes_to_somebody_who_was_forgotten(pool: PgPool) {
    let (app, buyer) = (with_sink(pool).await, person("Asha Rao"));
    app.deliver(buyer.clone()).await;
    let old = app.record(&buyer);
    let mut gone = app.record(&buyer);
    gone.payload = None;
    app.deliver_record(gone).await;
    app.deliver_record(old).await;
    app.deliver(cancelled(buyer.user_id, CancelReason::BuyerCancelled)).await;
    app.run_jobs().await;

    assert!(sink::inbox(buyer.email.as_str()).await.is_empty());
    assert_eq!(ledger(&app, "order_cancelled").await, [("failed".to_owned(), 1)]);
    let left: Vec<(Option<String>, Option<String>)> =
        sqlx::query_as("select email, name from contacts")
            .fetch_all(app.db().pool())
            .await
            .unwrap();
    assert_eq!(left, [(None, None)]);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_latest_address_counts(pool: PgPool) {
    let (app, before) = (with_sink(pool).await, person("Asha Rao"));
    let after = ContactUpdated { user_id: before.user_id, ..person("Asha Rao") };
    let old = app.record(&before);
    app.deliver(after.clone()).await;
    let mut late = app.record(&before);
    late.headers = old.headers;
    app.deliver_record(late).await;
    app.deliver(cancelled(before.user_id, CancelReason::BuyerCancelled)).await;
    app.run_jobs().await;
    sink::only(after.email.as_str()).await;
    assert!(sink::inbox(before.email.as_str()).await.is_empty());
}

/// An app with one mail queued for a mail server in this mood.
async fn one_mail(pool: PgPool, mood: Mood) -> (TestApp<App>, MailServer, ContactUpdated) {
    let server = MailServer::start(mood).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let buyer = person("Asha Rao");
    app.deliver(buyer.clone()).await;
    app.deliver(cancelled(buyer.user_id, CancelReason::BuyerCancelled)).await;
    (app, server, buyer)
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_refusal_is_recorded_told_and_not_tried_again(pool: PgPool) {
    let (app, server, buyer) = one_mail(pool, Mood::Refuse(550)).await;
    assert_eq!(app.run_jobs().await, 1);
    server.turn(Mood::Take);
    app.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(app.run_jobs().await, 0);

    assert!(server.taken().is_empty());
    assert_eq!(ledger(&app, "order_cancelled").await, [("bounced".to_owned(), 1)]);
    let emitted = app.emitted::<EmailBounced>().await;
    assert_eq!(emitted.len(), 1);
    assert_eq!((emitted[0].code, emitted[0].recipient), (550, Some(buyer.user_id)));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn what_may_pass_is_tried_again_until_the_mail_goes_out_once(pool: PgPool) {
    let (app, server, _) = one_mail(pool, Mood::Refuse(451)).await;
    let moods = [Mood::Refuse(451), Mood::HangUp, Mood::Refuse(535), Mood::Refuse(421)];
    for (mood, attempts) in moods.into_iter().zip(1..) {
        server.turn(mood);
        assert_eq!(app.run_jobs().await, 1, "{mood:?}");
        assert_eq!(ledger(&app, "order_cancelled").await, [("queued".to_owned(), attempts)]);
        assert_eq!(app.run_jobs().await, 0, "it pauses");
        app.clock.advance(SignedDuration::from_mins(1));
    }
    server.turn(Mood::Take);
    app.run_jobs().await;
    app.clock.advance(SignedDuration::from_hours(24));
    app.run_jobs().await;

    assert_eq!(server.taken().len(), 1);
    assert_eq!(ledger(&app, "order_cancelled").await, [("sent".to_owned(), 5)]);
    assert_eq!(app.emitted::<EmailSent>().await.len(), 1);
    assert!(app.emitted_names().await.is_empty());
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn a_mail_whose_answer_was_lost_comes_again_under_the_same_message_id(pool: PgPool) {
    let (app, server, _) = one_mail(pool, Mood::TakeAndHangUp).await;
    app.run_jobs().await;
    server.turn(Mood::Take);
    app.clock.advance(SignedDuration::from_secs(5));
    app.run_jobs().await;

    let mails = server.taken();
    assert_eq!(mails.len(), 2);
    let id = |mail: &str| headers(mail).into_iter().find(|h| h.starts_with("Message-ID: "));
    assert!(id(&mails[0]).is_some());
    assert_eq!(id(&mails[0]), id(&mails[1]));
    assert_eq!(app.emitted::<EmailSent>().await.len(), 1);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn mail_goes_out_when_the_mail_server_is_back(pool: PgPool) {
    let port = testkit::servers::free_port();
    let app = TestApp::<App>::start(pool, config(&format!("smtp://127.0.0.1:{port}"))).await;
    let buyer = person("Asha Rao");
    app.deliver(buyer.clone()).await;
    app.deliver(cancelled(buyer.user_id, CancelReason::BuyerCancelled)).await;
    app.run_jobs().await;
    assert_eq!(ledger(&app, "order_cancelled").await, [("queued".to_owned(), 1)]);

    let server = MailServer::start_at(port, Mood::Take).await;
    app.clock.advance(SignedDuration::from_secs(5));
    app.run_jobs().await;

    assert_eq!(server.taken().len(), 1);
    assert_eq!(ledger(&app, "order_cancelled").await, [("sent".to_owned(), 2)]);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn mail_survives_a_mail_server_that_is_away_and_fails_after_about_a_day(pool: PgPool) {
    let nowhere = format!("smtp://127.0.0.1:{}", testkit::servers::free_port());
    let app = TestApp::<App>::start(pool, config(&nowhere)).await;
    let buyer = person("Asha Rao");
    app.deliver(buyer.clone()).await;
    app.deliver(cancelled(buyer.user_id, CancelReason::BuyerCancelled)).await;
    let (mut attempts, mut hours) = (0, 0);
    while ledger(&app, "order_cancelled").await[0].0 == "queued" && hours < 48 {
        for _ in 0..12 {
            attempts += app.run_jobs().await;
            app.clock.advance(SignedDuration::from_mins(5));
        }
        hours += 1;
    }
    assert!((20..=36).contains(&hours), "given up after {hours} h");
    assert_eq!(attempts, 150);
    assert_eq!(ledger(&app, "order_cancelled").await, [("failed".to_owned(), 150)]);
}
