//! The scripts, and what they share. In the hash of a cart, `v` is its version and `l:<sku>` a line: the version at
//! which it was set, when it was put in (milliseconds), and what else there is as JSON.
//!
//! A version is never below the milliseconds of the clock, so it goes on growing when a cart has expired, and when
//! Redis has forgotten its last second.

use std::sync::LazyLock;

use redis::Script;

/// `raise` gives a cart its next version, `parts` takes a line apart. A line used to be JSON alone.
const SHARED: &str = r#"
local function raise(cart, was, now, keep)
  local version = string.format('%.0f', math.max(tonumber(was or '0') + 1, tonumber(now)))
  redis.call('HSET', cart, 'v', version)
  redis.call('EXPIRE', cart, keep)
  return version
end
local function parts(line)
  local version, at, rest = string.match(line, '^(%d+) (%d+) (.*)$')
  if version then return version, at, rest end
  return '0', string.match(line, '"at":(%d+)') or '0', line
end
"#;

/// Of a line that is in the cart already, the larger quantity and the older place stay.
const JOIN: &str = r"
local function join(had, line, version)
  local _, at, rest = parts(line)
  if had then
    local _, older, kept = parts(had)
    local new, old = cjson.decode(rest), cjson.decode(kept)
    at = older
    if old.quantity > new.quantity then
      new.quantity = old.quantity
      rest = cjson.encode(new)
    end
  end
  return version .. ' ' .. at .. ' ' .. rest
end
";

/// Puts a line in, or sets it in its old place, and returns the whole cart; nothing if there is no room.
pub static SET: LazyLock<Script> = LazyLock::new(|| {
    written(&[
        SHARED,
        r"
local cart, now, keep, field, rest, most = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local was, had = unpack(redis.call('HMGET', cart, 'v', field))
if not had and redis.call('HLEN', cart) - (was and 1 or 0) >= most then return false end
local _, at
if had then _, at = parts(had) end
redis.call('HSET', cart, field, raise(cart, was, now, keep) .. ' ' .. (at or now) .. ' ' .. rest)
return redis.call('HGETALL', cart)
",
    ])
});

/// Takes a line out and returns the version; nothing if it was not there.
pub static REMOVE: LazyLock<Script> = LazyLock::new(|| {
    written(&[
        SHARED,
        r"
local cart, now, keep, field = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
if redis.call('HDEL', cart, field) == 0 then return false end
return raise(cart, redis.call('HGET', cart, 'v'), now, keep)
",
    ])
});

/// Takes out every line that was set at this version or before. Doing it again changes nothing.
pub static CLEAR: LazyLock<Script> = LazyLock::new(|| {
    written(&[
        SHARED,
        r"
local cart, now, keep, upto, gone = KEYS[1], ARGV[1], ARGV[2], tonumber(ARGV[3]), {}
local fields = redis.call('HGETALL', cart)
for i = 1, #fields, 2 do
  if string.sub(fields[i], 1, 2) == 'l:' and tonumber((parts(fields[i + 1]))) <= upto then
    gone[#gone + 1] = fields[i]
  end
end
if #gone == 0 then return 0 end
redis.call('HDEL', cart, unpack(gone))
raise(cart, redis.call('HGET', cart, 'v'), now, keep)
return #gone
",
    ])
});

/// Puts lines in, once per marker.
pub static PUT_BACK: LazyLock<Script> = LazyLock::new(|| {
    written(&[
        SHARED,
        JOIN,
        r"
local cart, marker, now, keep, remember = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]
if not redis.call('SET', marker, '1', 'NX', 'EX', remember) then return 0 end
local version = raise(cart, redis.call('HGET', cart, 'v'), now, keep)
for i = 4, #ARGV, 2 do
  local line = '0 ' .. now .. ' ' .. ARGV[i + 1]
  redis.call('HSET', cart, ARGV[i], join(redis.call('HGET', cart, ARGV[i]), line, version))
end
return 1
",
    ])
});

/// Moves lines from the second cart to the first, as long as there is room.
pub static MERGE: LazyLock<Script> = LazyLock::new(|| {
    written(&[
        SHARED,
        JOIN,
        r"
local cart, guest, now, keep, most = KEYS[1], KEYS[2], ARGV[1], ARGV[2], tonumber(ARGV[3])
local fields, version = redis.call('HGETALL', guest), nil
local lines = redis.call('HLEN', cart) - redis.call('HEXISTS', cart, 'v')
for i = 1, #fields, 2 do
  local field = fields[i]
  local had = redis.call('HGET', cart, field)
  if string.sub(field, 1, 2) == 'l:' and (had or lines < most) then
    version = version or raise(cart, redis.call('HGET', cart, 'v'), now, keep)
    redis.call('HSET', cart, field, join(had, fields[i + 1], version))
    redis.call('HDEL', guest, field)
    if not had then lines = lines + 1 end
  end
end
if version then raise(guest, redis.call('HGET', guest, 'v'), now, keep) end
return version
",
    ])
});

fn written(parts: &[&str]) -> Script {
    Script::new(&parts.concat())
}
