-- Weighs one code. Everything about a challenge happens here, so a hundred guesses at once are still five.
-- Returns what came of it, and for how many milliseconds a lock or limit still holds.
-- KEYS: the challenge, the failures of its account, wrong codes from this network, wrong codes from everybody
-- ARGV: now, the mark of the code, limit per network, limit for everybody
local mark, over, tries = unpack(redis.call('HMGET', KEYS[1], 'mark', 'over', 'tries'))
if not mark or now >= tonumber(over) then return { 'wrong', 0 } end
if tonumber(tries) >= 5 then return { 'locked', 30000 } end

-- One guess at each of many accounts never meets the limits of one account.
local due = math.max(
  wait(KEYS[3], 15 * MINUTE, tonumber(ARGV[3])),
  wait(KEYS[4], MINUTE, tonumber(ARGV[4])))
if due > 0 then return { 'limited', due } end

local count, locked_until = unpack(redis.call('HMGET', KEYS[2], 'count', 'until'))
count, locked_until = tonumber(count or 0), tonumber(locked_until or 0)
if now < locked_until then return { 'locked', locked_until - now } end

-- Both marks are HMACs under a secret, so the time this takes tells a guesser nothing.
if mark == ARGV[2] then
  redis.call('DEL', KEYS[1], KEYS[2])
  return { 'right', 0 }
end

local guess = KEYS[1] .. ':' .. redis.call('HINCRBY', KEYS[1], 'tries', 1)
note(KEYS[3], 15 * MINUTE, guess)
note(KEYS[4], MINUTE, guess)
count = redis.call('HINCRBY', KEYS[2], 'count', 1)
if count >= 10 then
  -- 30 s, 1 min, 2 min .. 1 h
  local lock = math.min(30000 * 2 ^ math.min(count - 10, 10), 3600000)
  redis.call('HSET', KEYS[2], 'until', string.format('%.0f', now + lock))
end
-- A new code does not begin a new count; a week without failures does.
redis.call('PEXPIRE', KEYS[2], 7 * DAY)
return { 'wrong', 0 }
