//! A small mall around the service: three sellers, their products, one buyer.

use contracts::cart::{CheckoutRequested, FrozenLine, PaymentMethod};
use contracts::order::{OrderConfirmed, OrderPlaced};
use contracts::payment::{
    CancelPayment, CodAccepted, CreatePayment, PaymentCancelled, PaymentCaptured, PaymentRef,
};
use contracts::product::{LineTrouble, ProductUpserted, Reserve, StockRejected, StockReserved};
use contracts::user::ContactUpdated;
use contracts::vendor::VendorChanged;
use jiff::SignedDuration;
use kernel::{AddressId, CheckoutId, Gstin, Money, ProductId, Sku, StateCode, UserId, VendorId};
use order::{App, Config};
use serde_json::Value;
use sqlx::PgPool;
use testkit::{Client, TestApp, sample};

/// One seller and what it sells.
#[derive(Debug, Clone)]
pub struct Shop {
    /// As vendor-service says it.
    pub vendor: VendorChanged,
    /// As product-service says it.
    pub product: ProductUpserted,
}

impl Shop {
    /// A seller in `state` with one product of this price and tax.
    pub fn new(name: &str, state: &str, (price, gst_rate_bp): (i64, u32)) -> Self {
        let mut vendor = sample::<VendorChanged>();
        vendor.vendor_id = VendorId::new();
        vendor.display_name = name.into();
        vendor.address.state = StateCode::parse(state).unwrap();
        vendor.gstin = Some(Gstin::parse("27AAPFU0939F1ZV").unwrap());
        (vendor.scheme, vendor.enrolment) = (None, None);
        let mut product = sample::<ProductUpserted>();
        product.product_id = ProductId::new();
        product.vendor_id = vendor.vendor_id;
        product.title = format!("{name}'s best");
        product.gst_rate_bp = gst_rate_bp;
        product.variants[0].sku = Sku::parse(&format!("{}-1", name.to_uppercase())).unwrap();
        product.variants[0].price = Money::inr(price);
        Self { vendor, product }
    }

    /// A line of a cart for so many of its product.
    pub fn line(&self, quantity: u32) -> FrozenLine {
        let variant = &self.product.variants[0];
        FrozenLine {
            sku: variant.sku.clone(),
            product_id: self.product.product_id,
            vendor_id: self.vendor.vendor_id,
            quantity,
            unit_price: variant.price,
        }
    }
}

/// Three sellers in three states.
pub fn three_shops() -> Vec<Shop> {
    vec![
        Shop::new("asha", "29", (49_900, 1800)),
        Shop::new("bela", "27", (129_900, 1800)),
        Shop::new("chitra", "33", (9_900, 500)),
    ]
}

/// A buyer with one address in Karnataka.
pub fn contact(buyer: UserId, address_id: AddressId) -> ContactUpdated {
    let mut contact = sample::<ContactUpdated>();
    contact.user_id = buyer;
    contact.addresses[0].address_id = address_id;
    contact
}

/// What cart-service says when `buyer` checks `lines` out.
pub fn checkout(
    (buyer, address_id): (UserId, AddressId),
    payment_method: PaymentMethod,
    lines: Vec<FrozenLine>,
) -> CheckoutRequested {
    let total = lines.iter().map(|l| l.unit_price.minor() * i64::from(l.quantity)).sum();
    CheckoutRequested {
        checkout_id: CheckoutId::new(),
        buyer,
        address_id,
        address_version: None,
        payment_method,
        expected_total: Money::inr(total),
        lines,
        requested_at: testkit::app::start_of_time(),
    }
}

/// The settings under test: the true ones, but that no seller is told of a deadline.
pub fn config() -> Config {
    Config {
        payment_window_s: 900,
        reservation_s: 1200,
        checkout_max_age_s: 1800,
        accept_within_s: 86_400,
        ship_within_s: 259_200,
        arrive_within_s: 2_592_000,
        keep_within_s: 604_800,
        lost_after_s: 259_200,
        remind_accept_s: 0,
        remind_ship_s: 0,
        suspended_wait_hours: 24,
        second_person_over_paise: 1_000_000,
        platform_state: StateCode::DELHI,
    }
}

/// The service in its small mall.
pub struct World {
    pub app: TestApp<App>,
    pub shops: Vec<Shop>,
    pub buyer: UserId,
    pub address_id: AddressId,
}

impl World {
    /// Opens it: everything that has to be known has been heard.
    pub async fn open(pool: PgPool) -> Self {
        Self::with(pool, three_shops()).await
    }

    /// Opens it with these sellers.
    pub async fn with(pool: PgPool, shops: Vec<Shop>) -> Self {
        Self::configured(pool, config(), shops).await
    }

    /// Opens it with these settings and sellers.
    pub async fn configured(pool: PgPool, config: Config, shops: Vec<Shop>) -> Self {
        let app = TestApp::<App>::start(pool, config).await;
        let (buyer, address_id) = (UserId::new(), AddressId::new());
        for shop in &shops {
            app.deliver(shop.vendor.clone()).await;
            app.deliver(shop.product.clone()).await;
        }
        app.deliver(contact(buyer, address_id)).await;
        Self { app, shops, buyer, address_id }
    }

    /// The buyer.
    pub fn client(&self) -> Client {
        self.app.as_user(self.buyer)
    }

    /// A member of staff, who is the buyer.
    pub fn buyer_as_staff(&self, perms: &[&str]) -> Client {
        self.staff(self.buyer, perms, Vec::new())
    }

    /// A member of staff, who is a member of the `nth` seller, too.
    pub fn seller_as_staff(&self, nth: usize, perms: &[&str]) -> Client {
        self.staff(UserId::new(), perms, vec![self.shops[nth].vendor.vendor_id])
    }

    fn staff(&self, who: UserId, perms: &[&str], vendors: Vec<VendorId>) -> Client {
        let mut claims = self.app.claims(who);
        claims.roles.push("admin".into());
        claims.perms = perms.iter().map(|p| (*p).to_owned()).collect();
        claims.vendors = vendors;
        self.app.as_claims(&claims)
    }

    /// A member of the `nth` seller.
    pub fn seller(&self, nth: usize) -> Client {
        self.app.as_vendor(self.shops[nth].vendor.vendor_id)
    }

    /// A checkout of two pieces from each seller.
    pub fn cart(&self, method: PaymentMethod) -> CheckoutRequested {
        let lines = self.shops.iter().map(|shop| shop.line(2)).collect();
        checkout((self.buyer, self.address_id), method, lines)
    }

    /// Checks out; the order as it was said to have been placed.
    pub async fn place(&self, method: PaymentMethod) -> OrderPlaced {
        self.place_cart(self.cart(method)).await
    }

    async fn place_cart(&self, cart: CheckoutRequested) -> OrderPlaced {
        self.app.deliver(cart).await;
        self.app.emitted::<OrderPlaced>().await.remove(0)
    }

    /// Places, and has the stock held; the payment that was asked for.
    pub async fn await_payment(&self, method: PaymentMethod) -> CreatePayment {
        self.await_payment_of(self.cart(method)).await
    }

    /// The same for this cart.
    pub async fn await_payment_of(&self, cart: CheckoutRequested) -> CreatePayment {
        let placed = self.place_cart(cart).await;
        let asked = self.app.emitted::<Reserve>().await.remove(0);
        self.app.deliver(reserved(&asked)).await;
        let payment = self.app.emitted::<CreatePayment>().await.remove(0);
        assert_eq!(payment.order_id, placed.order.order_id);
        payment
    }

    /// Places and pays; the order as it was confirmed.
    pub async fn confirmed(&self) -> OrderConfirmed {
        let payment = self.await_payment(PaymentMethod::Upi).await;
        self.app.deliver(captured(&payment)).await;
        self.app.emitted::<OrderConfirmed>().await.remove(0)
    }

    /// The buyer's order as it stands.
    pub async fn order(&self, order_id: impl std::fmt::Display) -> Value {
        self.client().get(&format!("/v1/orders/{order_id}")).await.expect(200)
    }

    /// The statuses an order went through, from the timeline. Asserts that each step starts where the last one ended.
    pub async fn history(&self, order_id: impl std::fmt::Display) -> Vec<String> {
        let path = format!("/v1/orders/{order_id}/timeline?limit=100");
        let timeline = self.client().get(&path).await.expect(200);
        let mut history: Vec<String> = Vec::new();
        for step in timeline["items"].as_array().unwrap() {
            if step["seller_order_id"].is_null() && !step["to"].is_null() {
                assert_eq!(step["from"].as_str(), history.last().map(String::as_str), "{timeline}");
                history.push(step["to"].as_str().unwrap().to_owned());
            }
        }
        history
    }

    /// Moves the clock on.
    pub fn wait(&self, seconds: i64) {
        self.app.clock.advance(SignedDuration::from_secs(seconds));
    }
}

/// Product-service holds the stock.
pub fn reserved(asked: &Reserve) -> StockReserved {
    StockReserved {
        checkout_id: asked.checkout_id,
        order_id: asked.order_id,
        expires_at: asked.expires_at,
    }
}

/// Product-service cannot.
pub fn rejected(asked: &Reserve, problems: Vec<LineTrouble>) -> StockRejected {
    StockRejected { checkout_id: asked.checkout_id, order_id: asked.order_id, problems }
}

/// The payment that was asked for.
pub fn payment_ref(asked: &CreatePayment) -> PaymentRef {
    PaymentRef {
        payment_id: asked.payment_id,
        checkout_id: asked.checkout_id,
        order_id: asked.order_id,
        amount: asked.amount,
        at: testkit::app::start_of_time(),
    }
}

/// The money came.
pub fn captured(asked: &CreatePayment) -> PaymentCaptured {
    PaymentCaptured { payment: payment_ref(asked), provider_payment_id: "pay_1".into() }
}

/// The payment was given up.
pub fn cancelled(asked: &CreatePayment) -> PaymentCancelled {
    PaymentCancelled { payment: payment_ref(asked) }
}

/// Cash will be taken.
pub fn cod_accepted(asked: &CreatePayment) -> CodAccepted {
    CodAccepted { payment: payment_ref(asked) }
}

/// What payment-service was asked to give up.
pub async fn cancels(world: &World) -> Vec<CancelPayment> {
    world.app.emitted::<CancelPayment>().await
}
