//! The journey through a running mall, and what can be seen of it from outside.

#[cfg(test)]
mod borders;
#[cfg(test)]
mod journey;
#[cfg(test)]
mod messages;
#[cfg(test)]
mod operation;
