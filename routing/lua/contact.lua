-- Puts contacts where SQL says they stand.
--
-- KEYS    1 queue  2 contacts  3 lapping  4 clock
-- ARGV    six for each contact: id, version (0: just read from SQL), place (waiting, resting, elsewhere, closed),
--         order, record (see match.lua), due in ms (0: no next step by the clock)
-- result  how many were written; one whose version is older than what is known is left as it is
--
-- A contact may stand in ARGV once.

local places = {waiting = true, resting = true, elsewhere = true, closed = true}
if #ARGV == 0 or #ARGV % 6 ~= 0 then
  return redis.error_reply('INVALID number of arguments')
end
local ids = {}
for i = 1, #ARGV, 6 do
  if not (tonumber(ARGV[i + 1]) and places[ARGV[i + 2]] and tonumber(ARGV[i + 3]) and tonumber(ARGV[i + 5])) then
    return redis.error_reply('INVALID contact')
  end
  ids[#ids + 1] = ARGV[i]
end

local known = redis.call('HMGET', KEYS[2], unpack(ids))
local records, forgotten = {}, {}
local queued, unqueued = {}, {}
local lapping, settled = {}, {}
local timed, untimed = {}, {}
local written = 0

local function add(list, ...)
  for _, v in ipairs({...}) do list[#list + 1] = v end
end

for n, id in ipairs(ids) do
  local i = (n - 1) * 6 + 1
  local version, place, order, record, due = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
  local had = known[n] and string.match(known[n], '^%d+') or '0'
  local read = version == '0'
  if read then version = had end
  if read or place == 'closed' or tonumber(version) >= tonumber(had) then
    written = written + 1
    if place == 'waiting' or place == 'resting' then
      add(records, id, version .. ' ' .. record)
      add(queued, order, id)
    else
      add(unqueued, id)
      if place == 'closed' or version == '0' then add(forgotten, id) else add(records, id, version .. ' -') end
    end
    -- One that is wanted by more, beside those who are asked, is in no lap. One for whom perhaps nobody fits is looked at
    -- like a lap.
    local tried = string.match(record, '^%S+ %S+ %S+ 1?0?0 %S+ %S+ %S+ %S+ [^!%s]')
    if place == 'waiting' and (tried or string.sub(record, 1, 1) == 'n') then add(lapping, id) else add(settled, id) end
    if tonumber(due) > 0 then add(timed, due, id) else add(untimed, id) end
  end
end

local function all(command, key, list)
  if #list > 0 then redis.call(command, key, unpack(list)) end
end
all('HSET', KEYS[2], records)
all('HDEL', KEYS[2], forgotten)
all('ZADD', KEYS[1], queued)
all('ZREM', KEYS[1], unqueued)
all('SADD', KEYS[3], lapping)
all('SREM', KEYS[3], settled)
all('ZADD', KEYS[4], timed)
all('ZREM', KEYS[4], untimed)
return written
