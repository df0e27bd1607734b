//! Two replicas of every service: one of them dies or is restarted while people buy, and nobody loses anything.

#[cfg(test)]
mod buyers;
#[cfg(test)]
mod deaths;
#[cfg(test)]
mod rolling;
