-- Picks the first contact in order that somebody can be asked for, and who.
--
-- KEYS    1 queue  2 contacts  3 idle  4 tongues  5 users  6 seen  7 claims  8 state
-- ARGV    1 now in ms  2 reach in ms  3 generation  4 lease in ms  5 from which place of the queue  6 how many to look at
-- result  {'pair', contact, user, place}: she is to be asked
--         {'wake', contact, user, place}: the same, and the contact rested: she has not been asked in its lap
--         {'more', place}: nobody for those that were looked at; go on from there
--         {'none'}: nobody for anybody
--         {'stale'}: another generation; build anew
--
-- Who is asked: the preferred, then who speaks the language, then anybody; the longest idle first; whoever does not
-- answer comes after all others; nobody whom the contact was held out to in this lap, or who was not seen within reach.
-- The contact leaves the queue and the user the idle, under a claim that lets a sweep put them back.

local now, reach, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local from, many = tonumber(ARGV[5]), tonumber(ARGV[6])
if not (now and reach and lease and from and many) then
  return redis.error_reply('INVALID arguments')
end
if redis.call('HGET', KEYS[8], 'generation') ~= ARGV[3] then
  return {'stale'}
end

local behind = 1e13
-- A score is read by adding nothing to it: tonumber does not know 1e+13 everywhere.
local gone, fresh = {}, {}

local function reachable(user)
  if fresh[user] == nil then
    local at = redis.call('ZSCORE', KEYS[6], user)
    fresh[user] = at and at + 0 >= now - reach or false
    if not fresh[user] then gone[#gone + 1] = user end
  end
  return fresh[user]
end

-- A list of reachable users, read in pages that grow: mostly the first of a list is the one.
local function list(read)
  return {read = read, users = {}, place = 0, page = 2, whole = false}
end

local function nth(l, i)
  while #l.users < i and not l.whole do
    local got = l.read(l.place, l.page)
    l.whole = #got < l.page
    l.place, l.page = l.place + l.page, math.min(2 * l.page, 32)
    for _, u in ipairs(got) do
      if reachable(u.id) then l.users[#l.users + 1] = u end
    end
  end
  return l.users[i]
end

local everybody = list(function(place, page)
  local got, users = redis.call('ZRANGE', KEYS[3], place, place + page - 1, 'WITHSCORES'), {}
  for i = 1, #got, 2 do users[#users + 1] = {id = got[i], rank = got[i + 1] + 0} end
  return users
end)

local lists = {}
local function speakers(language)
  if not lists[language] then
    lists[language] = list(function(place, page)
      local users = {}
      for _, member in ipairs(redis.call('ZRANGEBYLEX', KEYS[4], '[' .. language .. ' ', '(' .. language .. '!',
          'LIMIT', place, page)) do
        local _, _, rank, id = string.find(member, '^%S+ (%d+) (.+)$')
        users[#users + 1] = {id = id, rank = tonumber(rank)}
      end
      return users
    end)
  end
  return lists[language]
end

local function first(l, tried, any)
  local i = 1
  while true do
    local u = nth(l, i)
    if not u or (u.rank >= behind and not any) then return nil end
    if not tried[u.id] then return u.id end
    i = i + 1
  end
end

local function choose(c)
  if c.preferred ~= '-' and not c.tried[c.preferred] then
    local rank = redis.call('ZSCORE', KEYS[3], c.preferred)
    if rank and rank + 0 < behind and reachable(c.preferred) then return c.preferred end
  end
  local spoken = c.language ~= '-'
  return (spoken and first(speakers(c.language), c.tried, false)) or first(everybody, c.tried, false)
    or (spoken and first(speakers(c.language), c.tried, true)) or first(everybody, c.tried, true)
end

local function contact(id)
  local c = {flag = 'w', language = '-', preferred = '-', tried = {}}
  local n = 0
  for word in string.gmatch(redis.call('HGET', KEYS[2], id) or '', '%S+') do
    n = n + 1
    if n == 2 then c.flag = word elseif n == 3 then c.language = word elseif n == 4 then c.preferred = word
    elseif n > 4 then c.tried[word] = true end
  end
  return c
end

local function leave(user, record)
  redis.call('ZREM', KEYS[3], user)
  local _, _, rank, languages = string.find(record, '^%d+ %d (%d+)(.*)$')
  local members = {}
  for language in string.gmatch(languages or '', '%S+') do
    members[#members + 1] = language .. ' ' .. rank .. ' ' .. user
  end
  if #members > 0 then redis.call('ZREM', KEYS[4], unpack(members)) end
end

local function found(id, c, user, place)
  local record = redis.call('HGET', KEYS[5], user) or ''
  local _, _, free, rest = string.find(record, '^(%d+) %d (.*)$')
  redis.call('ZREM', KEYS[1], id)
  leave(user, record)
  if free then redis.call('HSET', KEYS[5], user, string.format('%.0f 1 %s', tonumber(free) - 1, rest)) end
  local till = string.format('%.0f', now + lease)
  redis.call('ZADD', KEYS[7], till, 'c ' .. id, till, 'u ' .. user)
  return {c.flag == 'r' and 'wake' or 'pair', id, user, place}
end

local function look()
  local place, last, page = from, from + many, 1
  while place < last do
    local ids = redis.call('ZRANGE', KEYS[1], place, math.min(place + page, last) - 1)
    if #ids == 0 then return {'none'} end
    for i, id in ipairs(ids) do
      local c = contact(id)
      local user = choose(c)
      if user then return found(id, c, user, place + i - 1) end
      if not nth(everybody, 1) then return {'none'} end
    end
    place, page = place + #ids, 16
  end
  return {'more', place}
end

local result = look()
for _, user in ipairs(gone) do
  leave(user, redis.call('HGET', KEYS[5], user) or '')
end
return result
