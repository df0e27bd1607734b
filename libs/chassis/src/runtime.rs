#![doc = include_str!("runtime/README.md")]

pub mod ops;
pub mod run;
pub mod service;
