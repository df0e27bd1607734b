//! What the black-box tests share: the stack and its supervisor, who takes part, and the proof that nothing was lost.

pub mod broker;
pub mod gateway;
pub mod invariants;
pub mod replacement;
pub mod runbook;
pub mod stack;
pub mod stage;

pub use mall::supervisor;
