//! Personal data and secrets stay where they belong. Somebody lives through the mall whose every word is marked; then
//! the marks are looked for in all logs, traces, topics and refusals, and in what staff sees.

mod forgotten;
mod life;
mod mark;
mod paths;
mod places;
mod search;
