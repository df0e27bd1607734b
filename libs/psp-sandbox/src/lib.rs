#![doc = include_str!("../README.md")]

mod app;
mod config;
mod delivery;
mod domain;
mod error;
mod http;
mod journal;
mod sandbox;
mod signature;
mod usecases;

pub use config::{Autopay, Config, Settings};
pub use sandbox::{Running, Sandbox};
pub use signature::Signer;
