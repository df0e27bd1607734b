//! The sandbox over HTTP, as a merchant and a buyer see it.
#![cfg(test)]

mod accounts;
mod auth;
mod disputes;
mod orders;
mod pay_page;
mod payments;
mod plans;
mod refunds;
mod restart;
mod settlements;
mod stage;
mod webhooks;
