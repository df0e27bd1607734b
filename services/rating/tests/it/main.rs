//! The rating service, through its doors.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod live;
#[cfg(test)]
mod moderation;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod writing;
