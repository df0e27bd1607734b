//! What the vocabulary promises, seen from outside.
#![cfg(test)]

// All of it is a test, helpers too, and the lints have to know.
mod cases;
mod texts;
mod vectors_gst;
mod vectors_upi;

mod clock;
mod ids;
mod laws;
mod vectors;
mod wire;
