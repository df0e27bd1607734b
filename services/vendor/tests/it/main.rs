//! The vendor service, through its doors, over real `PostgreSQL`, object storage and Kafka.

#[cfg(test)]
mod applying;
#[cfg(test)]
mod attacks;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod live;
#[cfg(test)]
mod profile;
#[cfg(test)]
mod public_page;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod submitting;
