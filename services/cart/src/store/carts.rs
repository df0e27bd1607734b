//! Carts in Redis: one round trip each.

use std::collections::HashMap;

use jiff::Timestamp;
use kernel::{CheckoutId, Sku};
use redis::{AsyncCommands, ScriptInvocation};
use serde::de::Error as _;

use super::{Redis, scripts};
use crate::domain::cart::{CartLine, MAX_LINES};
use crate::domain::owner::Owner;
use crate::error::Error;

/// So long it is remembered that the lines of a checkout were put back: longer than the broker keeps what says so.
const MARKED_S: u32 = 40 * 86_400;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Grows with every change.
    pub version: i64,
    /// In the order they were put in.
    pub lines: Vec<(Sku, CartLine)>,
}

impl Kept {
    fn of(fields: &HashMap<String, String>) -> Result<Self, Error> {
        let version = fields.get("v").and_then(|v| v.parse().ok()).unwrap_or(0);
        let mut lines = Vec::with_capacity(fields.len());
        for (field, text) in fields {
            if let Some(sku) = field.strip_prefix("l:").and_then(|sku| Sku::parse(sku).ok()) {
                lines.push((sku, read(text)?));
            }
        }
        lines.sort_by(|(a, x), (b, y)| (x.at, a).cmp(&(y.at, b)));
        Ok(Self { version, lines })
    }

    /// Whether a line of it was set at `version` or before.
    pub fn holds_of(&self, version: i64) -> bool {
        self.lines.iter().any(|(_, line)| line.version <= version)
    }
}

impl Redis {
    pub async fn find(&self, owner: &Owner) -> Result<Kept, Error> {
        let fields = self.connection.clone().hgetall(self.key("of", owner.name())).await?;
        Kept::of(&fields)
    }

    /// Puts a line in, or sets its quantity. The cart afterwards.
    pub async fn set_line(
        &self,
        owner: &Owner,
        sku: &Sku,
        line: &CartLine,
        now: Timestamp,
    ) -> Result<Kept, Error> {
        let mut call = scripts::SET.key(self.key("of", owner.name()));
        self.bind(&mut call, now).arg(field(sku)).arg(serde_json::to_string(line)?).arg(MAX_LINES);
        let fields: Option<HashMap<String, String>> =
            call.invoke_async(&mut self.connection.clone()).await?;
        Kept::of(&fields.ok_or(Error::Full)?)
    }

    /// Takes a line out. The cart's version afterwards, if the line was there.
    pub async fn remove_line(
        &self,
        owner: &Owner,
        sku: &Sku,
        now: Timestamp,
    ) -> Result<Option<i64>, Error> {
        let mut call = scripts::REMOVE.key(self.key("of", owner.name()));
        self.bind(&mut call, now).arg(field(sku));
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }

    /// Takes out what was set at version `upto` or before: what came in since stays.
    pub async fn clear(&self, owner: &Owner, upto: i64, now: Timestamp) -> Result<(), Error> {
        let mut call = scripts::CLEAR.key(self.key("of", owner.name()));
        self.bind(&mut call, now).arg(upto);
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }

    /// Puts the lines of a checkout back in, once.
    pub async fn put_back(
        &self,
        owner: &Owner,
        checkout: CheckoutId,
        lines: &[(Sku, CartLine)],
        now: Timestamp,
    ) -> Result<(), Error> {
        let mut call = scripts::PUT_BACK.key(self.key("of", owner.name()));
        call.key(self.key("put", &checkout.to_string()));
        self.bind(&mut call, now).arg(MARKED_S);
        for (sku, line) in lines {
            call.arg(field(sku)).arg(serde_json::to_string(line)?);
        }
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }

    /// Moves all lines that fit from one cart to another.
    pub async fn merge(&self, from: &Owner, to: &Owner, now: Timestamp) -> Result<(), Error> {
        let mut call = scripts::MERGE.key(self.key("of", to.name()));
        call.key(self.key("of", from.name()));
        self.bind(&mut call, now).arg(MAX_LINES);
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }

    /// What every script is told first: the time, and how long to keep the cart.
    fn bind<'a, 'b>(
        &self,
        call: &'a mut ScriptInvocation<'b>,
        now: Timestamp,
    ) -> &'a mut ScriptInvocation<'b> {
        call.arg(now.as_millisecond()).arg(self.keep_s)
    }
}

fn field(sku: &Sku) -> String {
    format!("l:{sku}")
}

fn read(text: &str) -> Result<CartLine, serde_json::Error> {
    // So it was before lines had versions.
    if text.starts_with('{') {
        return serde_json::from_str(text);
    }
    let broken = || serde_json::Error::custom("a line begins with its version and its time");
    let (version, rest) = text.split_once(' ').ok_or_else(broken)?;
    let (at, rest) = rest.split_once(' ').ok_or_else(broken)?;
    let line: CartLine = serde_json::from_str(rest)?;
    let number = |text: &str| text.parse::<i64>().map_err(|_| broken());
    Ok(CartLine { version: number(version)?, at: number(at)?, ..line })
}
