//! One checkout of one piece: where its order, its payment and its reservation stand, and what is on its way.

use std::collections::VecDeque;

use kernel::{Money, Sku};
use order::rules::{Method, OrderState, OrderStep};
use payment::rules::{Answer, Known, PaymentProgress};
use product::rules::LastPiece;

pub const ASKED: Money = Money::inr(100);
const WRONG: Money = Money::inr(1);

/// What order-service says to payment-service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    Create,
    Cancel,
}

/// What order-service tells everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    Confirmed,
    Cancelled,
}

/// What may still happen from outside, each so often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outside {
    pub buyer_cancels: u8,
    pub asks_again: u8,
    pub pays: u8,
    pub pays_wrong: u8,
    pub rival: u8,
}

/// Where everything stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct World {
    pub method: Method,
    pub order: OrderState,
    pub payment: Option<PaymentProgress>,
    pub piece: LastPiece,
    /// The provider knows the payment, so its buyer can pay.
    pub link: bool,
    /// Jobs of payment-service.
    pub opening: bool,
    pub last_look: bool,
    /// What the provider took in, in order, and which of it payment-service knows.
    pub taken: Vec<Money>,
    pub known: Vec<Known>,
    pub suspense: i64,
    pub outside: Outside,
    // The topics: first in, first out.
    pub reserve: VecDeque<()>,
    pub stock: VecDeque<&'static str>,
    pub commands: VecDeque<Command>,
    pub answers: VecDeque<Answer>,
    pub ended: VecDeque<Ended>,
}

/// Something that happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    ProductHearsReserve,
    ProductHearsEnd,
    OrderHearsStock,
    OrderHearsPayment,
    PaymentHearsCommand,
    /// The same, after the payment window.
    PaymentHearsCommandLate,
    LinkOpens,
    LastLook,
    /// The provider is away for too long.
    LastLookInVain,
    WebhookOf(usize),
    LateCheck,
    BuyerCancels,
    BuyerPays,
    BuyerPaysWrong,
    WindowOver,
    AskedAgain,
    HoldExpires,
    RivalBuys,
}

impl Event {
    /// Nobody can count on it: people do as they like, and webhooks are lost.
    pub fn is_outside(self) -> bool {
        matches!(
            self,
            Self::BuyerCancels
                | Self::BuyerPays
                | Self::BuyerPaysWrong
                | Self::AskedAgain
                | Self::RivalBuys
                | Self::WebhookOf(_)
        )
    }
}

pub const EVENTS: [Event; 20] = [
    Event::ProductHearsReserve,
    Event::ProductHearsEnd,
    Event::OrderHearsStock,
    Event::OrderHearsPayment,
    Event::PaymentHearsCommand,
    Event::PaymentHearsCommandLate,
    Event::LinkOpens,
    Event::LastLook,
    Event::LastLookInVain,
    Event::WebhookOf(0),
    Event::WebhookOf(1),
    Event::WebhookOf(2),
    Event::LateCheck,
    Event::BuyerCancels,
    Event::BuyerPays,
    Event::BuyerPaysWrong,
    Event::WindowOver,
    Event::AskedAgain,
    Event::HoldExpires,
    Event::RivalBuys,
];

/// Takes one from a counter of what may still happen.
fn once(left: &mut u8) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
}

impl World {
    /// A checkout was heard: stock is asked for.
    pub fn new(method: Method) -> Self {
        let upi = u8::from(method == Method::Upi);
        Self {
            method,
            order: OrderState::Reserving,
            payment: None,
            piece: LastPiece::new(Sku::parse("LAMP").unwrap()),
            link: false,
            opening: false,
            last_look: false,
            taken: Vec::new(),
            known: Vec::new(),
            suspense: 0,
            outside: Outside {
                buyer_cancels: 1,
                asks_again: 1,
                pays: 2 * upi,
                pays_wrong: upi,
                rival: 1,
            },
            reserve: VecDeque::from([()]),
            stock: VecDeque::new(),
            commands: VecDeque::new(),
            answers: VecDeque::new(),
            ended: VecDeque::new(),
        }
    }

    /// What follows when `event` happens; nothing when it cannot, or has to wait.
    pub fn after(&self, event: Event) -> Option<Self> {
        let mut next = self.clone();
        next.happen(event)?;
        Some(next)
    }

    fn happen(&mut self, event: Event) -> Option<()> {
        match event {
            Event::ProductHearsReserve => {
                self.reserve.pop_front()?;
                self.stock.extend(self.piece.reserve());
            }
            Event::ProductHearsEnd => {
                let said = match self.ended.pop_front()? {
                    Ended::Confirmed => self.piece.confirm(),
                    Ended::Cancelled => self.piece.cancel(),
                };
                self.stock.extend(said);
            }
            Event::OrderHearsStock => self.order_hears_stock()?,
            Event::OrderHearsPayment => self.order_hears_payment()?,
            Event::PaymentHearsCommand => self.payment_hears(false)?,
            Event::PaymentHearsCommandLate => {
                self.commands.front().filter(|command| **command == Command::Create)?;
                self.payment_hears(true)?;
            }
            Event::LinkOpens => self.open()?,
            Event::LastLook => self.look(true)?,
            Event::LastLookInVain => self.look(false)?,
            Event::WebhookOf(nth) => self.webhook(nth)?,
            Event::LateCheck => {
                let over = [
                    PaymentProgress::Cancelled,
                    PaymentProgress::CapturedLate,
                    PaymentProgress::Captured,
                ];
                self.payment.filter(|payment| over.contains(payment))?;
                self.unseen()?;
                self.see_all();
            }
            Event::BuyerCancels => {
                once(&mut self.outside.buyer_cancels)?;
                let step = self.order.cancel().ok()?;
                self.shall_end(step)?;
            }
            Event::BuyerPays => {
                once(&mut self.outside.pays)?;
                self.pay(ASKED)?;
            }
            Event::BuyerPaysWrong => {
                once(&mut self.outside.pays_wrong)?;
                self.pay(WRONG)?;
            }
            Event::WindowOver => self.shall_end(self.order.window_over())?,
            Event::AskedAgain => {
                once(&mut self.outside.asks_again)?;
                (self.order == OrderState::CancelPending).then_some(())?;
                self.commands.push_back(Command::Cancel);
            }
            Event::HoldExpires => {
                let said = self.piece.expire()?;
                self.stock.push_back(said);
            }
            Event::RivalBuys => {
                once(&mut self.outside.rival)?;
                self.piece.sell_to_a_rival().then_some(())?;
            }
        }
        Some(())
    }

    /// The order's step over a fact. Nothing when it has to be heard again later.
    fn go(&mut self, step: OrderStep) -> Option<bool> {
        match step {
            OrderStep::Moved(next) => {
                self.order = next;
                Some(true)
            }
            OrderStep::Same | OrderStep::TooLate => Some(false),
            OrderStep::TooEarly => None,
        }
    }

    /// `Locked::request_cancellation`.
    fn shall_end(&mut self, step: OrderStep) -> Option<()> {
        self.go(step)?.then_some(())?;
        if self.order == OrderState::Cancelled {
            self.ended.push_back(Ended::Cancelled);
        } else {
            self.commands.push_back(Command::Cancel);
        }
        Some(())
    }

    fn order_hears_stock(&mut self) -> Option<()> {
        match self.stock.pop_front()? {
            "held" => self.ask_payment()?,
            "rejected" => {
                self.go(self.order.refused())?;
            }
            // It is written into the history.
            _ => {}
        }
        Some(())
    }

    /// `usecases::ask_payment`.
    fn ask_payment(&mut self) -> Option<()> {
        if self.go(self.order.reserved())? {
            self.go(self.order.ask_payment(self.method))?;
            self.commands.push_back(Command::Create);
        }
        Some(())
    }

    fn order_hears_payment(&mut self) -> Option<()> {
        match self.answers.pop_front()? {
            Answer::Created => {}
            Answer::Captured => self.confirm(self.order.paid())?,
            Answer::CodAccepted => self.confirm(self.order.cod_accepted())?,
            Answer::Cancelled => self.give_up(OrderState::payment_cancelled)?,
            Answer::CodRefused => self.give_up(OrderState::cod_refused)?,
        }
        Some(())
    }

    fn confirm(&mut self, step: OrderStep) -> Option<()> {
        if self.go(step)? {
            self.ended.push_back(Ended::Confirmed);
        }
        Some(())
    }

    /// `usecases::give_up`: as far as it goes.
    fn give_up(&mut self, step: fn(OrderState) -> OrderStep) -> Option<()> {
        let before = self.order;
        while self.go(step(self.order))? {}
        if self.order != before {
            self.ended.push_back(Ended::Cancelled);
        }
        Some(())
    }
}
