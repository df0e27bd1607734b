#![doc = include_str!("http/README.md")]

pub mod auth;
pub mod etag;
pub mod extract;
pub mod idempotency;
pub mod layers;
mod mistakes;
mod needs;
pub mod openapi;
pub mod page;
mod shape;
mod young;
