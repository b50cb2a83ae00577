-- Puts users where SQL says they stand.
--
-- KEYS    1 texts  2 calls  3 users  4 asked  5 seen  6 state  7 claims
-- ARGV    1 now in ms  2 reach in ms; then three for each user: id, record (person.lua; empty: not to be asked), asked
--         (1: an offer is open to her)
-- result  how many were written
--
-- A user may stand in ARGV once. A claim on her ends: this is how she stands now. Whoever is not within reach stands only where her phone is rung. The first who is on
-- duty on some line only, and not on all, is noted in the state: match.lua looks at lines only then.

local now, reach = tonumber(ARGV[1]), tonumber(ARGV[2])
if not now or not reach or #ARGV < 5 or (#ARGV - 2) % 3 ~= 0 then
  return redis.error_reply('INVALID arguments')
end
local ids, claims = {}, {}
for i = 3, #ARGV, 3 do
  if ARGV[i + 1] ~= '' and not person(ARGV[i + 1]) then
    return redis.error_reply('INVALID user')
  end
  ids[#ids + 1], claims[#claims + 1] = ARGV[i], 'u ' .. ARGV[i]
end

local known = redis.call('HMGET', KEYS[3], unpack(ids))
for n, id in ipairs(ids) do
  local record, asked = ARGV[3 * n + 1], ARGV[3 * n + 2]
  local was, is = known[n] and person(known[n]), person(record)
  if was then
    leave(KEYS[1], seats(id, was, was.t))
    leave(KEYS[2], seats(id, was, was.c))
  end
  if is then
    redis.call('HSET', KEYS[3], id, record)
    if string.find(' ' .. is.rows, ' %x') then redis.call('HSET', KEYS[6], 'lines', '1') end
    local at = redis.call('ZSCORE', KEYS[5], id)
    local fresh = at and at + 0 >= now - reach
    if fresh or phone(is.t) then enter(KEYS[1], seats(id, is, is.t)) end
    if fresh or phone(is.c) then enter(KEYS[2], seats(id, is, is.c)) end
  else
    redis.call('HDEL', KEYS[3], id)
  end
  redis.call(asked == '1' and 'SADD' or 'SREM', KEYS[4], id)
end
redis.call('ZREM', KEYS[7], unpack(claims))
return #ids
