-- Stands before the other scripts: sliding windows, each a sorted set of the moments at which something happened.
-- ARGV[1] is now.
local now = tonumber(ARGV[1])
local MINUTE, DAY = 60000, 86400000

-- After how many milliseconds one more fits: the limit-th newest must be a whole window ago.
local function wait(key, window, limit)
  local nth = redis.call('ZREVRANGE', key, limit - 1, limit - 1, 'WITHSCORES')[2]
  if not nth then return 0 end
  return math.max(0, tonumber(nth) + window - now)
end

-- Counts one more, under a name of its own.
local function note(key, window, name)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.0f', now - window))
  redis.call('ZADD', key, ARGV[1], name)
  redis.call('PEXPIRE', key, window)
end

