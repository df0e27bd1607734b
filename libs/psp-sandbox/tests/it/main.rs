//! The sandbox over HTTP, as a merchant and a buyer see it.

#[cfg(test)]
mod auth;
#[cfg(test)]
mod disputes;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod pay_page;
#[cfg(test)]
mod payments;
#[cfg(test)]
mod plans;
#[cfg(test)]
mod refunds;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod webhooks;
