//! The admin service, through its doors.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod audit_trail;
#[cfg(test)]
mod decisions;
#[cfg(test)]
mod look;
#[cfg(test)]
mod walls;
