//! What somebody who searches the mall would notice.

#[cfg(test)]
mod attacks;
#[cfg(test)]
mod crowds;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod facets;
#[cfg(test)]
mod facts;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod live;
#[cfg(test)]
mod paging;
#[cfg(test)]
mod scripts;
#[cfg(test)]
mod shop;
#[cfg(test)]
mod suggestions;
#[cfg(test)]
mod vendors;
#[cfg(test)]
mod words;
