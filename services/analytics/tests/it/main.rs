//! The analytics service, through its doors.

#[cfg(test)]
mod exactness;
#[cfg(test)]
mod live;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod sums;
