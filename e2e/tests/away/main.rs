//! Something is away for a while, starts alone, or has a wrong clock or a full disk: the mall says so or waits, and goes
//! on.

#[cfg(test)]
mod absent;
#[cfg(test)]
mod alone;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod full_disk;
