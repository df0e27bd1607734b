//! Two replicas of every service, three brokers: one of them dies or is restarted while people buy, and nobody loses
//! anything.

mod brokers;
mod buyers;
mod deaths;
mod rolling;
