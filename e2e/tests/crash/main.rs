//! kill -9 of any one part of the mall at a random moment of the journey: it comes back, the journey completes without
//! help, and the data proves that nothing was lost and nothing doubled. `MALL_CRASH_SEED` repeats the moments of a run.

#[cfg(test)]
mod kill_point;
#[cfg(test)]
mod kill_test;
#[cfg(test)]
mod targets;
