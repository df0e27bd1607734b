//! The documents as their readers meet them, and the service that numbers, prints, keeps and gives them out.

#[cfg(test)]
mod commission;
#[cfg(test)]
mod credits;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod links;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod live;
#[cfg(test)]
mod numbering;
#[cfg(test)]
mod paper;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod printing;
#[cfg(test)]
mod projections;
#[cfg(test)]
mod safety;
#[cfg(test)]
mod sameness;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod tax;
