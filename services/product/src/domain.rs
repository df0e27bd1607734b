//! The rules: products and their states, stock that adds up, reservations. No I/O.

pub mod credit;
pub mod demand;
pub mod hsn_rates;
pub mod parcel;
pub mod price;
pub mod product;
pub mod reservation;
pub mod shelf;
pub mod status;
pub mod stock;
pub mod text;
