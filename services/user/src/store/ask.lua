-- Opens a challenge if every limit allows it. Returns 0, or after how many milliseconds it is worth asking again.
-- KEYS: the challenge, codes sent to this account, codes sent into this network, codes sent to everybody
-- ARGV: now, when the challenge is over, its mark, its sealed address, its id, limit per network, limit for everybody
local now = tonumber(ARGV[1])
local MINUTE, DAY = 60000, 86400000

-- The limit-th newest sending must be a whole window ago.
local function wait(key, window, limit)
  local nth = redis.call('ZREVRANGE', key, limit - 1, limit - 1, 'WITHSCORES')[2]
  if not nth then return 0 end
  return math.max(0, tonumber(nth) + window - now)
end

local due = math.max(
  wait(KEYS[2], MINUTE / 2, 1),
  wait(KEYS[2], 15 * MINUTE, 3),
  wait(KEYS[2], DAY, 10),
  wait(KEYS[3], 15 * MINUTE, tonumber(ARGV[6])),
  wait(KEYS[4], MINUTE, tonumber(ARGV[7])))
if due > 0 then return due end

for key, window in pairs({ [KEYS[2]] = DAY, [KEYS[3]] = 15 * MINUTE, [KEYS[4]] = MINUTE }) do
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
  redis.call('ZADD', key, ARGV[1], ARGV[5])
  redis.call('PEXPIRE', key, window)
end
redis.call('HSET', KEYS[1], 'mark', ARGV[3], 'address', ARGV[4], 'over', ARGV[2], 'tries', 0)
redis.call('PEXPIRE', KEYS[1], 10 * MINUTE)
return 0
