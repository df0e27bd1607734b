//! Every operation of the published documents, asked through the gateway by everybody who may not have it.

#[cfg(test)]
mod answer;
#[cfg(test)]
mod callers;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod played;
#[cfg(test)]
mod signer;
#[cfg(test)]
mod table;
#[cfg(test)]
mod walk;
