//! What the vocabulary promises, seen from outside.

// All of it is a test, helpers too, and the lints have to know.
#[cfg(test)]
mod cases;
#[cfg(test)]
mod texts;
#[cfg(test)]
mod vectors_gst;
#[cfg(test)]
mod vectors_upi;

mod clock;
mod ids;
mod laws;
mod vectors;
mod wire;
