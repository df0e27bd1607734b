//! What is owed to the tax offices, by seller, state and head, and what was paid to them.

use contracts::cart::PaymentMethod;
use contracts::order::{SellerOrderCompleted, SellerOrderCredited};
use contracts::payment::{
    CreatePayment, PaymentCaptured, PaymentCreated, Share, ShareTerms, SupplyKind,
};
use contracts::vendor::VendorChanged;
use jiff::{SignedDuration, Timestamp};
use kernel::{Clock, Gstin, Money, OrderId, PaymentId, StateCode, UserId};
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::{Client, sample};

use crate::four_eyes::staff;
use crate::stage::{Stage, ask, delivered, share, whole_credit};

/// Three pieces of 499 rupees, sold within a state, and what one of them takes back; two of 1,299, sold to another state.
const NILA: [i64; 5] = [131_274, 14_970, 2_695, 634, 127];
const NILA_PIECE: [i64; 5] = [43_757, 4_990, 899, 212, 42];
const LOTUS: [i64; 5] = [227_823, 25_980, 4_676, 1_101, 220];

fn taxed(parts: [i64; 5], taxable: i64, supply: SupplyKind, place: &str) -> Share {
    let taxable = Money::inr(taxable);
    let terms = ShareTerms {
        supply,
        place_of_supply: StateCode::parse(place).unwrap(),
        commission_supply: SupplyKind::Inter,
        tcs_base: taxable,
        commission_bp: 1_000,
        commission_tax_bp: 1_800,
        tcs_bp: 50,
        tds_bp: 10,
    };
    Share { taxable, terms: Some(terms), ..share(parts) }
}

fn sale() -> CreatePayment {
    let mut ask = ask(PaymentMethod::Upi);
    let lotus = taxed(LOTUS, 220_169, SupplyKind::Inter, "27");
    ask.shares = vec![taxed(NILA, 126_864, SupplyKind::Intra, "29"), lotus];
    ask.amount = Money::inr(409_500);
    ask
}

fn credit(ask: &CreatePayment, nth: usize, back: Share) -> SellerOrderCredited {
    let of = ask.shares[nth];
    let (seller_order_id, vendor_id) = (of.seller_order_id, of.vendor_id);
    let back = Share { seller_order_id, vendor_id, ..back };
    SellerOrderCredited { share: back, ended: false, ..whole_credit(ask, nth) }
}

async fn pay_for(stage: &Stage, ask: &CreatePayment) {
    let mut ask = ask.clone();
    ask.expires_at = stage.app.clock.now() + SignedDuration::from_hours(2);
    stage.app.deliver(ask).await;
    stage.app.run_jobs().await;
    let created = stage.app.emitted::<PaymentCreated>().await.remove(0);
    let paid = stage.psp.pay(&created.provider_order_id, json!({"outcome": "captured"})).await;
    stage.tell("payment.captured", &paid).await;
    assert_eq!(stage.app.emitted::<PaymentCaptured>().await.len(), 1);
}

/// A month is over, and the timers have seen it.
async fn it_is(stage: &Stage, time: &str) {
    let time: Timestamp = time.parse().unwrap();
    stage.app.clock.advance(time.duration_since(stage.app.clock.now()));
    stage.app.run_timers().await;
}

fn rupees(minor: i64) -> Value {
    json!({"amount": minor, "currency": "INR"})
}

fn accountant(stage: &Stage) -> Client {
    stage.app.as_staff(&["payments.manage"])
}

/// A sale of two sellers in November, of which one piece of the first comes back in the same month.
async fn november(stage: &Stage) -> CreatePayment {
    let ask = sale();
    let gstin = Gstin::parse("29AAGCB7383J1Z4").unwrap();
    let vendor_id = ask.shares[0].vendor_id;
    let legal_name = "Nila, \"Weavers\"".into();
    let nila = VendorChanged { vendor_id, legal_name, gstin: Some(gstin), ..sample() };
    stage.app.deliver(nila).await;
    pay_for(stage, &ask).await;
    let piece = taxed(NILA_PIECE, 42_288, SupplyKind::Intra, "29");
    stage.app.deliver(credit(&ask, 0, piece)).await;
    ask
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_month_of_tax_is_told_by_seller_state_and_head_and_sums_to_the_books(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = november(&stage).await;
    let open = accountant(&stage).get("/v1/admin/tax/gstr8").await;
    open.problem(404, "not-found");
    it_is(&stage, "2026-11-30T19:30:00Z").await;

    let staff = accountant(&stage);
    let month = staff.get("/v1/admin/tax/gstr8?month=2026-11").await.expect(200);
    assert_eq!(staff.get("/v1/admin/tax/gstr8").await.expect(200), month);
    let row = |nth: usize| {
        let vendor = json!(ask.shares[nth].vendor_id);
        let rows = month["rows"].as_array().unwrap();
        rows.iter().find(|row| row["vendor_id"] == vendor).unwrap().clone()
    };
    let (nila, lotus) = (row(0), row(1));
    assert_eq!(
        (&nila["gstin"], &nila["place_of_supply"]),
        (&json!("29AAGCB7383J1Z4"), &json!("29"))
    );
    assert_eq!((&nila["sold"], &nila["taken_back"]), (&rupees(126_864), &rupees(42_288)));
    assert_eq!((&nila["net"]["cgst"], &nila["net"]["sgst"]), (&rupees(211), &rupees(211)));
    assert_eq!((&lotus["net"]["igst"], &lotus["due"]["igst"]), (&rupees(1_101), &rupees(1_101)));
    assert_eq!(nila["legal_name"], "Nila, \"Weavers\"");
    assert_eq!((&lotus["gstin"], &lotus["legal_name"]), (&Value::Null, &Value::Null), "not heard");
    assert_eq!(month["net"], rupees(-stage.account("tcs_payable").await));

    let line = format!(
        "29AAGCB7383J1Z4,{},29,1268.64,422.88,845.76,2.11,2.11,0.00,0.00,0.00,2.11,2.11,0.00,\"Nila, \"\"Weavers\"\"\"\r\n",
        ask.shares[0].vendor_id
    );
    let file = staff.get("/v1/admin/tax/gstr8/2026-11.csv").await.text();
    assert!(file.contains(&line), "{file}");
    for none in ["2026-12.csv", "2026-10.csv", "2026-11", "2026-W48.csv"] {
        let path = format!("/v1/admin/tax/gstr8/{none}");
        staff.get(&path).await.problem(404, "not-found");
    }
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_is_below_nothing_is_netted_with_later_months(pool: PgPool) {
    let stage = Stage::start(pool).await;
    let ask = november(&stage).await;
    it_is(&stage, "2026-12-10T06:00:00Z").await;
    // All of Lotus' comes back, when its month is over.
    stage.app.deliver(credit(&ask, 1, ask.shares[1])).await;
    it_is(&stage, "2027-01-10T06:00:00Z").await;
    let again = CreatePayment {
        payment_id: PaymentId::new(),
        order_id: OrderId::new(),
        shares: vec![Share {
            vendor_id: ask.shares[1].vendor_id,
            ..taxed(LOTUS, 220_169, SupplyKind::Inter, "27")
        }],
        amount: Money::inr(259_800),
        ..ask.clone()
    };
    stage.forget_what_was_said().await;
    pay_for(&stage, &again).await;
    it_is(&stage, "2027-02-10T06:00:00Z").await;

    let staff = accountant(&stage);
    let lotus = async |month: &str| {
        let path = format!("/v1/admin/tax/gstr8?month={month}");
        let month = staff.get(&path).await.expect(200);
        let vendor = json!(ask.shares[1].vendor_id);
        let rows = month["rows"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["vendor_id"] == vendor).unwrap();
        let heads = [&row["net"]["igst"], &row["carried"], &row["due"]["igst"]];
        heads.map(|head| head["amount"].as_i64().unwrap())
    };
    assert_eq!(lotus("2026-11").await, [1_101, 0, 1_101]);
    assert_eq!(lotus("2026-12").await, [-1_101, 0, 0]);
    assert_eq!(lotus("2027-01").await, [1_101, -1_101, 0]);

    // Income tax of November was with the state: it counts for the sale of January.
    let vendor = ask.shares[1].vendor_id;
    let lines = async |quarter: &str| {
        let path = format!("/v1/admin/tax/tds/{quarter}.csv");
        let file = staff.get(&path).await.text();
        let of = file.lines().filter(|line| line.contains(&vendor.to_string()));
        of.map(str::to_owned).collect::<Vec<_>>()
    };
    let november = format!(",{vendor},2026-11,2201.69,0.00,2.20,0.00,2.20,\"\"");
    assert_eq!(lines("2026-27-Q3").await, [november]);
    let january = format!(",{vendor},2027-01,2201.69,0.00,0.00,0.00,0.00,\"\"");
    assert_eq!(lines("2026-27-Q4").await, [january]);
    staff.get("/v1/admin/tax/tds/2026-27-Q2.csv").await.problem(404, "not-found");
    let first = staff.get("/v1/admin/tax/tds/2026-27-Q3.csv").await.text();
    let nila = format!(
        "AAGCB7383J,{},2026-11,1268.64,422.88,0.85,0.00,0.85,\"Nila, ",
        ask.shares[0].vendor_id
    );
    assert!(first.contains(&nila), "{first}");
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn a_deposit_is_booked_when_a_second_person_agrees_and_never_over_what_is_due(pool: PgPool) {
    let stage = Stage::start(pool).await;
    november(&stage).await;
    let ids = [UserId::new(), UserId::new()];
    // The month is open; tokens end sooner than it does.
    let [one, _] = ids.map(|id| staff(&stage.app, id));
    let path = "/v1/admin/tax/deposits";
    let of = |kind: &str, amount: i64, reference: &str| json!({"kind": kind, "month": "2026-11", "amount": rupees(amount), "reference": reference});
    let slug = "payment/not-depositable";
    one.post(path, &of("tcs", 1_523, "CPIN00000001")).await.problem(409, slug);
    it_is(&stage, "2026-12-10T06:00:00Z").await;
    let [one, other] = ids.map(|id| staff(&stage.app, id));
    one.post(path, &of("tcs", 1_524, "CPIN00000001")).await.problem(409, slug);
    one.post(path, &of("tcs", 0, "CPIN00000001")).await.problem(422, "payment/unpayable");
    let reported = one.post(path, &of("tcs", 1_523, "CPIN00000001")).await.expect(201);
    assert_eq!(reported["status"], "proposed");
    assert_eq!(one.post(path, &of("tcs", 1_523, "CPIN00000001")).await.expect(201), reported);
    other.post(path, &of("tcs", 1, "CPIN00000002")).await.problem(409, slug);
    other.post(path, &of("tds", 305, "CPIN00000001")).await.problem(409, slug);
    assert_eq!(stage.account("tcs_payable").await, -1_523, "nothing is booked yet");

    let act = |act: &str| format!("{path}/{}/{act}", reported["deposit_id"].as_str().unwrap());
    one.post(&act("approve"), &json!({})).await.problem(403, "payment/own-approval");
    for _ in 0..2 {
        let booked = other.post(&act("approve"), &json!({})).await.expect(200);
        assert_eq!(booked["status"], "booked");
    }
    let late = one.post(&act("decline"), &json!({})).await;
    late.problem(409, "payment/nothing-to-approve");
    assert_eq!((stage.account("tcs_payable").await, stage.account("bank").await), (0, -1_523));

    // What is declined leaves its room, and its challan, to another.
    let tds = one.post(path, &of("tds", 305, "CIN000000001")).await.expect(201);
    let decline = format!("{path}/{}/decline", tds["deposit_id"].as_str().unwrap());
    assert_eq!(one.post(&decline, &json!({})).await.expect(200)["status"], "declined");
    one.post(path, &of("tds", 305, "CIN000000001")).await.expect(201);
    one.post(path, &of("gst", 6_472, "CPIN00000003")).await.expect(201);
    let listed = one.get(&format!("{path}?kind=tds&month=2026-11")).await.expect(200);
    let states: Vec<_> = listed["items"].as_array().unwrap().iter().map(|d| &d["status"]).collect();
    assert_eq!(states, ["proposed", "declined"]);
}

#[sqlx::test(migrator = "payment::MIGRATOR")]
async fn what_comes_too_late_for_its_tax_leaves_it_with_the_state_at_the_sellers_charge(
    pool: PgPool,
) {
    let stage = Stage::start(pool).await;
    let ask = sale();
    pay_for(&stage, &ask).await;
    let of = ask.shares[1];
    let terms = of.terms.map(|terms| ShareTerms { tcs_base: Money::inr(0), ..terms });
    let payable = of.payable.add(of.tcs).unwrap();
    let back = Share { payable, tcs: Money::inr(0), terms, ..of };
    let late = SellerOrderCredited { commercial: true, ..credit(&ask, 1, back) };
    stage.app.deliver(late).await;
    assert_eq!(stage.account("tcs_payable").await, -(634 + 1_101));
    assert_eq!(stage.account("vendor_payable_pending").await, -131_274);
    let seller = of.vendor_id;
    assert_eq!(stage.available(seller).await, -1_101, "nothing waits for an end that nobody says");
    // Should somebody say it all the same, it is as before.
    let seller_order = delivered(&ask, 1).seller_order;
    stage.app.deliver(SellerOrderCompleted { seller_order }).await;
    assert_eq!(stage.available(seller).await, -1_101);
    assert_eq!(stage.account("refunds_payable").await, -of.gross.minor());
}
