//! The confirmation of an order: one mail, complete, whatever the order of events.

use chassis::Service;
use chassis::subscriptions::Kind;
use contracts::email::EmailSent;
use contracts::invoice::InvoiceIssued;
use email::App;
use kernel::{InvoiceId, SellerOrderId};
use sqlx::PgPool;
use testkit::TestApp;

use crate::scene::{Sale, config, ledger, with_sink};
use crate::server::{MailServer, Mood};
use crate::sink;

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_buyer_gets_one_mail_with_a_link_to_each_invoice(pool: PgPool) {
    let (app, sale) = (with_sink(pool).await, Sale::new());
    sale.introduce(&app).await;
    sale.happen(&app).await;
    assert_eq!(app.run_jobs().await, 4);

    let mail = sink::only(sale.buyer.email.as_str()).await;

    assert_eq!(mail["subject"], "Your order M261122-000001 is confirmed");
    assert_eq!(mail["to"][0]["name"], "Asha Rao");
    assert_eq!(mail["from"][0]["address"], "no-reply@mall.test");
    let (text, html) = (sink::text(&mail, "text"), sink::text(&mail, "html"));
    assert!(text.contains("Hello Asha Rao,") && html.contains("Hello Asha Rao,"));
    for invoice in &sale.invoices {
        let link = Sale::link(invoice);
        assert_eq!(text.matches(&link).count(), 1, "{text}");
        assert!(html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))), "{html}");
        assert!(text.contains(&invoice.number), "{text}");
    }
    assert!(text.contains("Paid by UPI"), "{text}");
    let emitted = app.emitted::<EmailSent>().await;
    assert_eq!(emitted.len(), 1, "mail to sellers is not told: {emitted:?}");
    assert_eq!(emitted[0].kind, "order_confirmation");
    assert_eq!(emitted[0].recipient, Some(sale.buyer.user_id));
    let id = mail["headers"]["message-id"].as_str().unwrap_or_default();
    assert_eq!(id, format!("<{}@mall.test>", emitted[0].message_id));
}

fn paise(text: &str) -> i64 {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.parse().unwrap()
}

fn after<'a>(line: &'a str, mark: &str) -> Option<&'a str> {
    line.split_once(mark).map(|(_, rest)| rest)
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn the_money_in_the_mail_adds_up(pool: PgPool) {
    let (app, sale) = (with_sink(pool).await, Sale::new());
    sale.introduce(&app).await;
    sale.happen(&app).await;
    app.run_jobs().await;
    let mail = sink::only(sale.buyer.email.as_str()).await;

    let (mut section, mut sections, mut order) = (0, Vec::new(), 0);
    for line in sink::text(&mail, "text").lines().map(str::trim) {
        if let Some(rest) = after(line, "in total: ") {
            let total = paise(rest.split(' ').next().unwrap());
            assert_eq!(section, total, "{line}");
            sections.push(total);
            section = 0;
        } else if let Some(rest) = line.strip_prefix("Order total: ") {
            order = paise(rest);
        } else if let Some(rest) = line.strip_prefix("Delivery: ") {
            section += paise(rest);
        } else if let Some((item, total)) = line.rsplit_once(": ₹") {
            let price = item.rsplit_once(" at ").unwrap().1;
            let quantity: i64 = line.split(' ').next().unwrap().parse().unwrap();
            assert_eq!(quantity * paise(price), paise(total), "{line}");
            section += paise(total);
        }
    }
    assert_eq!(sections, [266_800; 3]);
    assert_eq!((sections.iter().sum::<i64>(), order), (order, sale.order.order.total.minor()));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn markup_and_line_breaks_in_titles_are_harmless(pool: PgPool) {
    let (app, sale) = (with_sink(pool).await, Sale::new());
    sale.introduce(&app).await;
    sale.happen(&app).await;
    app.run_jobs().await;

    for address in [&sale.buyer.email, &sale.owners[0].email] {
        let mail = sink::only(address.as_str()).await;
        let html = sink::text(&mail, "html");
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
        let text = sink::text(&mail, "text");
        assert!(!text.lines().any(|line| line.starts_with("Order total: nothing")), "{text}");
    }
    let html = sink::only(sale.buyer.email.as_str()).await;
    assert!(sink::text(&html, "html").contains("Saffron &amp; Sons"));
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn each_owner_is_told_of_their_own_part_only(pool: PgPool) {
    let (app, sale) = (with_sink(pool).await, Sale::new());
    sale.introduce(&app).await;
    app.deliver(sale.order.clone()).await;
    assert_eq!(app.run_jobs().await, 3, "sellers do not wait for invoices");

    for (owner, nth) in sale.owners.iter().zip(1..) {
        let mail = sink::only(owner.email.as_str()).await;
        assert_eq!(mail["subject"], format!("New order M261122-000001-{nth}"));
        let text = sink::text(&mail, "text");
        assert!(text.contains(&format!("Wicks No. {nth} ")) && text.matches("Wicks").count() == 1);
        assert!(!text.contains("Asha Rao"), "the buyer's name is not in it");
    }
    assert!(app.emitted_names().await.is_empty());
    assert!(sink::inbox(sale.buyer.email.as_str()).await.is_empty());
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn events_in_any_order_and_any_number_make_one_mail(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    // 0 to 2 are the invoices, 3 is the order.
    for order in [[3, 0, 1, 2], [0, 1, 2, 3], [0, 3, 1, 2], [2, 1, 3, 0], [1, 3, 3, 1]] {
        let sale = Sale::new();
        sale.introduce(&app).await;
        let before = server.taken().len();
        let steps: &[usize] =
            if order == [1, 3, 3, 1] { &[1, 3, 3, 1, 0, 0, 2, 2] } else { &order };
        for step in steps {
            let record = match step {
                3 => app.record(&sale.order),
                nth => app.record(&sale.invoices[*nth]),
            };
            app.deliver_record(record.clone()).await;
            app.deliver_record(record).await;
            app.run_jobs().await;
        }
        app.deliver(sale.order.clone()).await;
        assert_eq!(app.run_jobs().await, 0);

        let to = format!("To: \"Asha Rao\" <{}>", sale.buyer.email.as_str());
        let plain = to.replace('"', "");
        let mails = server.taken()[before..].to_vec();
        assert_eq!(mails.len(), 4, "{order:?}");
        let to_buyer = mails.iter().filter(|m| m.contains(&to) || m.contains(&plain)).count();
        assert_eq!(to_buyer, 1, "{order:?}");
    }
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn an_order_heard_while_its_last_invoice_is_being_heard_does_not_miss_it(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let subscribed = App::subscriptions().of(&app.app);
    let consumer = chassis::run::consumer::<App>(app.db(), &subscribed, Kind::Effect);
    for _ in 0..5 {
        let sale = Sale::new();
        sale.introduce(&app).await;
        app.deliver(sale.invoices[0].clone()).await;
        app.deliver(sale.invoices[1].clone()).await;
        // The last invoice is the first of a batch, whose transaction is open for as long as the batch takes.
        let others: Vec<_> = (0..10).flat_map(|_| Sale::new().invoices).collect();
        let batch = [&sale.invoices[2]].into_iter().chain(&others);
        let batch: Vec<_> = batch.map(|invoice| app.record(invoice)).collect();
        let order = [app.record(&sale.order)];

        let (batch, order) = tokio::join!(consumer.apply(&batch), consumer.apply(&order));

        assert!(batch.is_ok() && order.is_ok());
    }
    app.run_jobs().await;
    assert_eq!(ledger(&app, "order_confirmation").await, vec![("sent".to_owned(), 1); 5]);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn an_invoice_of_another_part_does_not_complete_an_order(pool: PgPool) {
    let server = MailServer::start(Mood::Take).await;
    let app = TestApp::<App>::start(pool, config(&server.url())).await;
    let sale = Sale::new();
    sale.introduce(&app).await;
    app.deliver(sale.order.clone()).await;
    app.deliver(sale.invoices[0].clone()).await;
    app.deliver(sale.invoices[1].clone()).await;
    let stray = InvoiceIssued {
        invoice_id: InvoiceId::new(),
        seller_order_id: SellerOrderId::new(),
        ..sale.invoices[2].clone()
    };
    app.deliver(stray).await;
    assert!(ledger(&app, "order_confirmation").await.is_empty());
    app.deliver(sale.invoices[2].clone()).await;
    assert_eq!(ledger(&app, "order_confirmation").await, [("queued".to_owned(), 0)]);
}

#[sqlx::test(migrator = "email::MIGRATOR")]
async fn links_stay_sealed_in_the_database(pool: PgPool) {
    let (app, sale) = (with_sink(pool).await, Sale::new());
    sale.introduce(&app).await;
    sale.happen(&app).await;
    app.run_jobs().await;
    for table in ["messages", "confirmations", "confirmation_invoices", "chassis.outbox"] {
        let dump = format!("select coalesce(string_agg(t::text, ' '), '') from {table} t");
        let rows: String =
            sqlx::query_scalar(sqlx::AssertSqlSafe(dump)).fetch_one(app.db().pool()).await.unwrap();
        assert!(!rows.contains("invoice-links"), "{table}");
        assert!(!rows.contains("Asha Rao") && !rows.contains(sale.buyer.email.as_str()), "{table}");
    }
}
