-- Opens a challenge if every limit allows it. Returns 0, or after how many milliseconds it is worth asking again.
-- KEYS: the challenge, codes sent to this account, codes sent into this network, codes sent to everybody
-- ARGV: now, when the challenge is over, its mark, its sealed address, its id, limit per network, limit for everybody,
-- limit per account in a quarter of an hour
local mine = tonumber(ARGV[8])
local due = math.max(
  wait(KEYS[2], MINUTE / 2, math.max(1, math.floor(mine / 3))),
  wait(KEYS[2], 15 * MINUTE, mine),
  wait(KEYS[2], DAY, math.floor(mine * 10 / 3)),
  wait(KEYS[3], 15 * MINUTE, tonumber(ARGV[6])),
  wait(KEYS[4], MINUTE, tonumber(ARGV[7])))
if due > 0 then return due end

note(KEYS[2], DAY, ARGV[5])
note(KEYS[3], 15 * MINUTE, ARGV[5])
note(KEYS[4], MINUTE, ARGV[5])
redis.call('HSET', KEYS[1], 'mark', ARGV[3], 'address', ARGV[4], 'over', ARGV[2], 'tries', 0)
redis.call('PEXPIRE', KEYS[1], 10 * MINUTE)
return 0
