-- Gives what the clock has reached. Nothing is taken away: each is put off by the lease, so that it comes again when
-- whoever was given it dies.
--
-- KEYS    1 clock  2 claims  3 queue  4 state
-- ARGV    1 now in ms  2 generation  3 lease in ms  4 how many of each at most
-- result  {'due', contacts, claims, {how many wait, since when the longest in ms or 0}} or {'stale'}

local now, lease, most = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
if not (now and lease and most) then
  return redis.error_reply('INVALID arguments')
end
if redis.call('HGET', KEYS[4], 'generation') ~= ARGV[2] then
  return {'stale'}
end

local function reached(key)
  local due = redis.call('ZRANGEBYSCORE', key, '-inf', ARGV[1], 'LIMIT', 0, most)
  local put = {}
  for _, member in ipairs(due) do
    put[#put + 1] = string.format('%.0f', now + lease)
    put[#put + 1] = member
  end
  if #put > 0 then redis.call('ZADD', key, unpack(put)) end
  return due
end

-- The head of each priority is its longest wait; a priority is a span of 1e13 in the order.
local span, oldest, from = 1e13, 0, '-inf'
for _ = 1, 2000 do
  local head = redis.call('ZRANGEBYSCORE', KEYS[3], from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1)
  if #head == 0 then break end
  local order = head[2] + 0 -- not tonumber: it does not know 1e+13 everywhere
  local class = math.floor(order / span)
  local since = order - class * span
  if oldest == 0 or since < oldest then oldest = since end
  from = string.format('%.0f', (class + 1) * span)
end

return {'due', reached(KEYS[1]), reached(KEYS[2]), {redis.call('ZCARD', KEYS[3]), string.format('%.0f', oldest)}}
