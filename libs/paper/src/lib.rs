#![doc = include_str!("../README.md")]

mod code;
pub mod date;
mod error;
mod fonts;
mod layout;
mod line;
mod page;
mod press;
mod sheet;
mod text;

pub use error::RenderError;
pub use press::Press;
pub use sheet::{Block, Cell, Code, Column, Look, Party, Sheet, Side, Signature, Table, Words};
