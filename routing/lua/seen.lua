-- Writes down when users were last reachable, and lets those be asked again who had been given up.
--
-- KEYS    1 texts  2 calls  3 users  4 seen
-- ARGV    1 now in ms  2 reach in ms; then two for each user: id, when in ms
-- result  how many can be asked now that could not before
--
-- A user may stand in ARGV once. An older time than the known one changes nothing.

local now, reach = tonumber(ARGV[1]), tonumber(ARGV[2])
if not now or not reach or #ARGV < 4 or #ARGV % 2 ~= 0 then
  return redis.error_reply('INVALID arguments')
end
local ids = {}
for i = 3, #ARGV, 2 do
  if not tonumber(ARGV[i + 1]) then return redis.error_reply('INVALID time') end
  ids[#ids + 1] = ARGV[i]
end

-- Whether she was given up: then she stands nowhere but where her phone is rung.
local function givenUp(texts, calls, p)
  if #texts > 0 and not phone(p.t) then return not redis.call('ZSCORE', KEYS[1], texts[1]) end
  return #calls > 0 and not phone(p.c) and not redis.call('ZSCORE', KEYS[2], calls[1])
end

local known = redis.call('HMGET', KEYS[3], unpack(ids))
local came = 0
for n, id in ipairs(ids) do
  local at, had = ARGV[2 * n + 2], redis.call('ZSCORE', KEYS[4], id)
  if not had or had + 0 < tonumber(at) then
    redis.call('ZADD', KEYS[4], at, id)
  end
  local p = known[n] and person(known[n])
  if p and tonumber(at) >= now - reach then
    local texts, calls = seats(id, p, p.t), seats(id, p, p.c)
    if givenUp(texts, calls, p) then
      enter(KEYS[1], texts)
      enter(KEYS[2], calls)
      came = came + 1
    end
  end
end
return came
