//! Two replicas of every service, three brokers: one of them dies or is restarted while people buy, and nobody loses
//! anything.

#[cfg(test)]
mod brokers;
#[cfg(test)]
mod buyers;
#[cfg(test)]
mod deaths;
#[cfg(test)]
mod rolling;
