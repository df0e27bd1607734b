#![doc = include_str!("runtime/README.md")]

mod clock;
pub mod ops;
pub mod run;
pub mod service;
