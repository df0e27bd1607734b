//! The documents as their readers meet them, and the service that numbers, prints, keeps and gives them out.
#![cfg(test)]

mod commission;
mod credits;
mod facts;
mod fixtures;
mod inputs;
mod layout;
mod links;
mod lists;
mod live;
mod numbering;
mod paper;
mod patience;
mod printing;
mod projections;
mod reductions;
mod safety;
mod sameness;
mod scene;
mod scripts;
mod tax;
