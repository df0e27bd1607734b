//! Order, payment and stock end in agreement: every interleaving of what they say to each other, over their own rules.
//!
//! Each service can be right by itself and contradict another. A state here is where all three stand and what is on its
//! way between them; the search goes through every state that can be reached, for money by UPI and for cash.
#![cfg(test)]

mod money;
mod search;
mod world;
