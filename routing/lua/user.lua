-- Puts users where SQL says they stand.
--
-- KEYS    1 idle  2 tongues  3 users  4 asked  5 seen
-- ARGV    1 now in ms  2 reach in ms; then three for each user: id, record ("free offered rank language…", empty: not
--         available), asked (1: an offer is open to her)
-- result  how many can be asked now that could not before
--
-- A user may stand in ARGV once.

local now, reach = tonumber(ARGV[1]), tonumber(ARGV[2])
if not now or not reach or #ARGV < 5 or (#ARGV - 2) % 3 ~= 0 then
  return redis.error_reply('INVALID arguments')
end
local ids = {}
for i = 3, #ARGV, 3 do
  if ARGV[i + 1] ~= '' and not string.match(ARGV[i + 1], '^%d+ [01] %d+') then
    return redis.error_reply('INVALID user')
  end
  ids[#ids + 1] = ARGV[i]
end

-- Every member of tongues that the record of user stands for.
local function tongues(user, record)
  local _, _, rank, languages = string.find(record, '^%d+ %d (%d+)(.*)$')
  local members = {}
  for language in string.gmatch(languages or '', '%S+') do
    members[#members + 1] = language .. ' ' .. rank .. ' ' .. user
  end
  return members, rank
end

local known = redis.call('HMGET', KEYS[3], unpack(ids))
local came = 0
for n, id in ipairs(ids) do
  local record, asked = ARGV[3 * n + 1], ARGV[3 * n + 2]
  local before = redis.call('ZSCORE', KEYS[1], id)
  if known[n] then
    local members = tongues(id, known[n])
    redis.call('ZREM', KEYS[1], id)
    if #members > 0 then redis.call('ZREM', KEYS[2], unpack(members)) end
  end
  if record == '' then
    redis.call('HDEL', KEYS[3], id)
  else
    redis.call('HSET', KEYS[3], id, record)
    local seen = redis.call('ZSCORE', KEYS[5], id)
    if string.match(record, '^[1-9]%d* 0 ') and seen and seen + 0 >= now - reach then
      local members, rank = tongues(id, record)
      redis.call('ZADD', KEYS[1], rank, id)
      for _, member in ipairs(members) do redis.call('ZADD', KEYS[2], 0, member) end
      if not before then came = came + 1 end
    end
  end
  redis.call(asked == '1' and 'SADD' or 'SREM', KEYS[4], id)
end
return came
