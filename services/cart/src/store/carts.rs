//! The scripts. Hash of a cart: `v` counts changes that are said (it is their `aggversion`), `c` counts the others,
//! `l:<sku>` holds a line.

use std::collections::BTreeMap;

use contracts::Event;
use contracts::cart::{CheckoutRequested, ItemAdded, ItemRemoved};
use jiff::Timestamp;
use kernel::{EventId, Sku};
use redis::{AsyncCommands, RedisError, Script};
use serde::{Deserialize, Serialize};

use super::Redis;
use crate::domain::cart::{Line, MAX_LINES};
use crate::domain::owner::Owner;
use crate::error::Error;

/// A cart as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The version of what was said last.
    pub said: i64,
    /// Grows with every change.
    pub version: i64,
    /// In the order they were put in.
    pub lines: Vec<(Sku, Line)>,
}

/// What an earlier checkout under the same key was asked and answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Fingerprint of the request, hex.
    pub request: String,
    /// The answer's body.
    pub body: String,
}

/// What came of freezing a cart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frozen {
    /// It is frozen and said.
    Done,
    /// The key was used before.
    Before(Answered),
    /// The cart changed since it was read.
    Changed,
    /// The buyer has checked out often enough for now; so many seconds until the next time.
    Enough(u32),
}

/// The time for which checkouts are counted, in seconds: as long as the stock of an unpaid order is held.
const WINDOW_S: u32 = 900;

const SAY: &str = r"
local function say(outbox, version, topic, name, id, key, payload, trace, time)
  payload = string.gsub(payload, '__VERSION__', tostring(version))
  redis.call('XADD', outbox, '*', 'topic', topic, 'name', name, 'id', id, 'key', key, 'payload', payload,
             'version', tostring(version), 'traceparent', trace, 'time', time)
end
";

const SET: &str = r"
local field, line, most, keep = 'l:' .. ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4]
local had = redis.call('HGET', KEYS[1], field)
if line == '' then
  if not had then return 0 end
  redis.call('HDEL', KEYS[1], field)
else
  if had then
    local new, old = cjson.decode(line), cjson.decode(had)
    new.at = old.at
    line = cjson.encode(new)
  else
    local lines = redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], 'v') - redis.call('HEXISTS', KEYS[1], 'c')
    if lines >= most then return -1 end
  end
  redis.call('HSET', KEYS[1], field, line)
end
local version = redis.call('HINCRBY', KEYS[1], 'v', 1)
redis.call('EXPIRE', KEYS[1], keep)
say(KEYS[2], version, ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11])
return version
";

const CLEAR: &str = r"
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'l:' then redis.call('HDEL', KEYS[1], field) end
end
redis.call('HINCRBY', KEYS[1], 'c', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
";

const FREEZE: &str = r"
local before = redis.call('GET', KEYS[3])
if before then return before end
local said, other = redis.call('HGET', KEYS[1], 'v') or '0', redis.call('HGET', KEYS[1], 'c') or '0'
if tonumber(said) + tonumber(other) ~= tonumber(ARGV[1]) then return 'changed' end
local times = tonumber(redis.call('GET', KEYS[4]) or '0')
if times >= tonumber(ARGV[3]) then return 'enough ' .. redis.call('TTL', KEYS[4]) end
redis.call('INCR', KEYS[4])
if times == 0 then redis.call('EXPIRE', KEYS[4], ARGV[4]) end
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 2) == 'l:' then redis.call('HDEL', KEYS[1], field) end
end
redis.call('HINCRBY', KEYS[1], 'c', 1)
redis.call('SET', KEYS[3], ARGV[2], 'EX', 172800)
say(KEYS[2], 1, ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9], ARGV[10], ARGV[11])
return 'done'
";

/// Of a line that is in the cart already, the larger quantity and the older place stay.
const JOIN: &str = r"
local function join(had, line)
  if not had then return line end
  local new, old = cjson.decode(line), cjson.decode(had)
  new.at = old.at
  if old.quantity > new.quantity then new.quantity = old.quantity end
  return cjson.encode(new)
end
";

/// Puts lines in, once per marker.
const PUT_BACK: &str = r"
if not redis.call('SET', KEYS[2], '1', 'NX', 'EX', 604800) then return 0 end
for i = 2, #ARGV, 2 do
  local field = 'l:' .. ARGV[i]
  redis.call('HSET', KEYS[1], field, join(redis.call('HGET', KEYS[1], field), ARGV[i + 1]))
end
redis.call('HINCRBY', KEYS[1], 'c', 1)
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1
";

/// Moves lines from the second cart to the first, as long as there is room.
const MERGE: &str = r"
local keep, most, moved = ARGV[1], tonumber(ARGV[2]), 0
local lines = redis.call('HLEN', KEYS[1]) - redis.call('HEXISTS', KEYS[1], 'v') - redis.call('HEXISTS', KEYS[1], 'c')
for _, field in ipairs(redis.call('HKEYS', KEYS[2])) do
  local had = redis.call('HGET', KEYS[1], field)
  if string.sub(field, 1, 2) == 'l:' and (had or lines < most) then
    redis.call('HSET', KEYS[1], field, join(had, redis.call('HGET', KEYS[2], field)))
    redis.call('HDEL', KEYS[2], field)
    if not had then lines = lines + 1 end
    moved = moved + 1
  end
end
if moved > 0 then
  for _, cart in ipairs(KEYS) do
    redis.call('HINCRBY', cart, 'c', 1)
    redis.call('EXPIRE', cart, keep)
  end
end
return moved
";

/// What goes into the stream with a change.
struct Said {
    topic: &'static str,
    name: &'static str,
    key: String,
    payload: String,
    time: String,
}

fn said<E: Event>(event: &E, now: Timestamp) -> Result<Said, Error> {
    let payload = serde_json::to_string(event)?;
    let (topic, name, key) = (E::TOPIC.name, E::NAME, event.key());
    Ok(Said { topic, name, key, payload, time: now.to_string() })
}

impl Redis {
    pub(super) fn outbox(&self) -> String {
        format!("{}cart:outbox", self.prefix)
    }

    /// Reads a cart.
    pub async fn find(&self, owner: &Owner) -> Result<Kept, Error> {
        let mut connection = self.connection.clone();
        let fields: BTreeMap<String, String> =
            connection.hgetall(self.key("of", owner.name())).await?;
        let count = |name: &str| fields.get(name).and_then(|v| v.parse::<i64>().ok()).unwrap_or(0);
        let mut lines = Vec::new();
        for (field, text) in &fields {
            let Some(sku) = field.strip_prefix("l:").and_then(|sku| Sku::parse(sku).ok()) else {
                continue;
            };
            lines.push((sku, serde_json::from_str::<Line>(text)?));
        }
        lines.sort_by(|(a, x), (b, y)| (x.at, a).cmp(&(y.at, b)));
        Ok(Kept { said: count("v"), version: count("v") + count("c"), lines })
    }

    /// Puts a line in, or sets its quantity.
    pub async fn set_line(
        &self,
        owner: &Owner,
        (sku, line): (&Sku, &Line),
        event: ItemAdded,
        now: Timestamp,
    ) -> Result<(), Error> {
        let said = versioned(said(&event, now)?);
        match self.change(owner, sku, &serde_json::to_string(line)?, said).await? {
            -1 => Err(Error::Full),
            _ => Ok(()),
        }
    }

    /// Takes a line out. False when it was not there.
    pub async fn remove_line(
        &self,
        owner: &Owner,
        sku: &Sku,
        event: ItemRemoved,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let said = versioned(said(&event, now)?);
        Ok(self.change(owner, sku, "", said).await? != 0)
    }

    async fn change(
        &self,
        owner: &Owner,
        sku: &Sku,
        line: &str,
        said: Said,
    ) -> Result<i64, RedisError> {
        let script = Script::new(&format!("{SAY}{SET}"));
        let mut call = script.key(self.key("of", owner.name()));
        call.key(self.outbox()).arg(sku.as_str()).arg(line).arg(MAX_LINES).arg(self.keep_s);
        said.bind(&mut call);
        let version = call.invoke_async(&mut self.connection.clone()).await?;
        self.said.notify_one();
        Ok(version)
    }

    /// Empties a cart.
    pub async fn clear(&self, owner: &Owner) -> Result<(), Error> {
        let script = Script::new(CLEAR);
        let mut call = script.key(self.key("of", owner.name()));
        Ok(call.arg(self.keep_s).invoke_async(&mut self.connection.clone()).await?)
    }

    /// What was answered under this key before.
    pub async fn find_answer(&self, owner: &Owner, key: &str) -> Result<Option<Answered>, Error> {
        let kept: Option<String> = self.connection.clone().get(self.answer_key(owner, key)).await?;
        Ok(kept.map(|text| serde_json::from_str(&text)).transpose()?)
    }

    fn answer_key(&self, owner: &Owner, key: &str) -> String {
        self.key("answer", &format!("{}:{key}", owner.name()))
    }

    /// Empties the cart, says the checkout and keeps the answer, all or nothing, if the cart is still at `version`.
    pub async fn freeze(
        &self,
        owner: &Owner,
        (key, answer): (&str, &Answered),
        version: i64,
        event: &CheckoutRequested,
    ) -> Result<Frozen, Error> {
        let said = said(event, event.requested_at)?;
        let script = Script::new(&format!("{SAY}{FREEZE}"));
        let mut call = script.key(self.key("of", owner.name()));
        call.key(self.outbox()).key(self.answer_key(owner, key));
        call.key(self.key("times", owner.name()));
        call.arg(version).arg(serde_json::to_string(answer)?);
        call.arg(self.checkouts_per_window).arg(WINDOW_S);
        said.bind(&mut call);
        let came: String = call.invoke_async(&mut self.connection.clone()).await?;
        self.said.notify_one();
        match came.as_str() {
            "done" => Ok(Frozen::Done),
            "changed" => Ok(Frozen::Changed),
            other => match other.strip_prefix("enough ") {
                Some(seconds) => Ok(Frozen::Enough(seconds.parse().unwrap_or(WINDOW_S))),
                None => Ok(Frozen::Before(serde_json::from_str(other)?)),
            },
        }
    }

    /// Puts lines in, once per `marker`.
    pub async fn put_back(
        &self,
        owner: &Owner,
        marker: &str,
        lines: &[(Sku, Line)],
    ) -> Result<(), Error> {
        let script = Script::new(&format!("{JOIN}{PUT_BACK}"));
        let mut call = script.key(self.key("of", owner.name()));
        call.key(self.key("put", marker)).arg(self.keep_s);
        for (sku, line) in lines {
            call.arg(sku.as_str()).arg(serde_json::to_string(line)?);
        }
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }

    /// Moves all lines that fit from one cart to another.
    pub async fn merge(&self, from: &Owner, to: &Owner) -> Result<(), Error> {
        let script = Script::new(&format!("{JOIN}{MERGE}"));
        let mut call = script.key(self.key("of", to.name()));
        call.key(self.key("of", from.name())).arg(self.keep_s).arg(MAX_LINES);
        Ok(call.invoke_async(&mut self.connection.clone()).await?)
    }
}

/// The script knows the version only once it has counted.
fn versioned(said: Said) -> Said {
    let payload = said.payload.replace("\"cart_version\":0", "\"cart_version\":__VERSION__");
    Said { payload, ..said }
}

impl Said {
    fn bind(&self, call: &mut redis::ScriptInvocation<'_>) {
        call.arg(self.topic)
            .arg(self.name)
            .arg(EventId::new().to_string())
            .arg(&self.key)
            .arg(&self.payload)
            .arg(chassis::telemetry::traceparent())
            .arg(&self.time);
    }
}
