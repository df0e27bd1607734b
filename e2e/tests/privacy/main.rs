//! Personal data and secrets stay where they belong. Somebody lives through the mall whose every word is marked; then
//! the marks are looked for in all logs, traces, topics and refusals, and in what staff sees.

#[cfg(test)]
mod life;
#[cfg(test)]
mod mark;
#[cfg(test)]
mod paths;
#[cfg(test)]
mod places;
#[cfg(test)]
mod search;
