//! The cart, through its doors, over a real Redis and a real database.

#[cfg(test)]
mod carts;
#[cfg(test)]
mod checkout;
#[cfg(test)]
mod crashes;
#[cfg(test)]
mod live;
#[cfg(test)]
mod redis_away;
#[cfg(test)]
mod scene;
