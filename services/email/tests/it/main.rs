//! The email service, through its doors.

#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod confirmation;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod live;
#[cfg(test)]
mod money;
mod payouts;
#[cfg(test)]
mod returns;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod server;
#[cfg(test)]
mod sink;
#[cfg(test)]
mod staff;
