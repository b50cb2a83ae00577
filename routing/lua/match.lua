-- Picks the first contact in order that somebody can be asked for, and who.
--
-- KEYS    1 queue  2 contacts  3 texts  4 calls  5 users  6 seen  7 claims  8 state
-- ARGV    1 now in ms  2 reach in ms  3 generation  4 lease in ms  5 from which order on ("-inf": from the first)
--         6 how many of that very order to leave out  7 how many to look at
-- result  {'pair', contact, user, order, left out, console}: she is to be asked; console 1: one of hers is open
--         {'wake', …}: the same, and the contact rested: she has not been asked in its lap
--         {'more', order, left out}: nobody for those that were looked at; go on from there
--         {'none'}: nobody for anybody
--         {'stale'}: another generation; build anew
--
-- Who is asked: the preferred, then by tier, beginning with the one after those who are being asked for it already; in
-- each, for a text, who sits at a console before anybody is rung; of these who meets most of what the contact needs; the
-- longest idle first. Whoever does not answer comes after all others. Nobody whom the contact was held out to in this
-- lap, or who is not for its person; nobody who does not meet what is a must in her tier; nobody who was not seen within
-- reach, but one whose phone is rung then. A quiet text rings none.
--
-- The contact leaves the queue. Both are under a claim: nobody asks her before user.lua was told by SQL how
-- she stands, and a sweep puts them back when nobody told it. Her seats go when somebody comes across them.

local now, reach, lease = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local skip, many = tonumber(ARGV[6]), tonumber(ARGV[7])
if not (now and reach and lease and skip and many and (ARGV[5] == '-inf' or tonumber(ARGV[5]))) then
  return redis.error_reply('INVALID arguments')
end
local state = redis.call('HMGET', KEYS[8], 'generation', 'lines')
if state[1] ~= ARGV[3] then
  return {'stale'}
end
local nobody = {users = {}, got = {}, at = 0, whole = true}

-- A score is read by adding nothing to it: tonumber does not know 1e+13 everywhere.
local span = 1e13
local rooms = {t = KEYS[3], c = KEYS[4]}
local gone, fresh, people = {}, {}, {}
local taken, stale = {}, {t = {}, c = {}}

local function seen(user)
  if fresh[user] == nil then
    local at = redis.call('ZSCORE', KEYS[6], user)
    fresh[user] = at and at + 0 >= now - reach or false
  end
  return fresh[user]
end

local function claimed(user)
  if taken[user] == nil then taken[user] = redis.call('ZSCORE', KEYS[7], 'u ' .. user) and true or false end
  return taken[user]
end

local function reachable(user, by)
  if seen(user) then return console(by) end
  if phone(by) then return true end
  gone[user] = true
  return false
end

local function known(user)
  if people[user] == nil then
    people[user] = person(redis.call('HGET', KEYS[5], user) or '') or false
  end
  return people[user]
end

-- Some of a kind's seats, read in pages that grow, and the reachable users in them: mostly the first is the one.
local function list(kind, from, till)
  return {kind = kind, from = from, till = till, users = {}, got = {}, at = 0, place = 0, page = 3, whole = false}
end

local function turn(l)
  if l.at == #l.got then
    if l.whole then return false end
    l.got, l.at = redis.call('ZRANGEBYLEX', rooms[l.kind], l.from, l.till, 'LIMIT', l.place, l.page), 0
    l.whole = #l.got < l.page
    l.place, l.page = l.place + l.page, math.min(2 * l.page, 32)
    return true
  end
  l.at = l.at + 1
  local seat = l.got[l.at]
  local tier, rank, id, by = string.match(seat, '^%S+%.(%d+) (%d+) (%S+) (%S+)$')
  if tier and claimed(id) then
    stale[l.kind][#stale[l.kind] + 1] = seat
  elseif tier and reachable(id, by) then
    l.users[#l.users + 1] = {id = id, tier = tonumber(tier), rank = tonumber(rank), seat = seat, rung = not seen(id)}
  end
  return true
end

local function nth(l, i)
  while #l.users < i do
    if not turn(l) then return nil end
  end
  return l.users[i]
end

local anyone = {}
local function anybody(kind)
  if anyone[kind] == nil then anyone[kind] = nth(list(kind, '-', '+'), 1) ~= nil end
  return anyone[kind]
end

local lists = {}
local function lined(kind, line, language, behind, from, till)
  local head = line .. '.' .. language .. '.' .. behind .. '.'
  local name = kind .. head .. from .. till
  if not lists[name] then
    lists[name] = list(kind, '[' .. head .. from, '(' .. head .. till)
  end
  return lists[name]
end

local function before(a, b)
  if a.tier ~= b.tier then return a.tier < b.tier end
  if a.rank ~= b.rank then return a.rank < b.rank end
  return a.id < b.id
end

-- Her tier on a line: the one that she has there, else the one that she has on all; 0: she is off duty.
local function tier(p, line)
  local everywhere = 0
  for on, n in string.gmatch(p and p.rows or '', '(%S+)%.%-%.%d%.(%d+)') do
    if on == line then return tonumber(n) end
    if on == '*' then everywhere = tonumber(n) end
  end
  return everywhere
end

local function speaks(p, language) return p and string.find(p.rows, '.' .. language .. '.', 1, true) end
local function is(p, gender) return p and p.gender == gender end

-- Whether somebody is what the contact has to have in her tier.
local function fits(c, id, tier)
  if tier == 99 then return true end
  if c.language ~= '-' and tier <= c.language_must and not speaks(known(id), c.language) then return false end
  return c.gender == '-' or tier > c.gender_must or is(known(id), c.gender)
end

-- The first who is to be asked, of those on the contact's line and those on all lines. Gender: only whoever is; nil: all.
-- Rung: only whoever is (true), or is not (false); nil: all.
local function first(c, language, gender, behind, from, till, rung)
  local own, all = nobody, lined(c.kind, '*', language, behind, from, till)
  if state[2] then own = lined(c.kind, c.line, language, behind, from, till) end
  local i, j = 1, 1
  while true do
    local u, v = nth(own, i), nth(all, j)
    local mine = u and (not v or before(u, v))
    if mine then i = i + 1 else u, j = v, j + 1 end
    if not u then return nil end
    if not c.tried[u.id] and (rung == nil or u.rung == rung) and (mine or not state[2] or tier(known(u.id), c.line) == u.tier)
        and (not gender or is(known(u.id), gender)) and fits(c, u.id, u.tier) then return u end
  end
end

local function preferred(c)
  local p = c.preferred ~= '-' and not c.tried[c.preferred] and known(c.preferred)
  if p and string.sub(p.rank, 1, 1) == '0' and p[c.kind] and tier(p, c.line) > 0 and (c.last or tier(p, c.line) < 99)
      and fits(c, c.preferred, tier(p, c.line))
      and not claimed(c.preferred) and reachable(c.preferred, p[c.kind])
      and (c.kind == 'c' or seen(c.preferred)) then
    return {id = c.preferred}
  end
end

-- What somebody may meet of a contact's needs, the most first: {language, gender, how much}.
local function wants(c)
  local list = {}
  if c.language ~= '-' and c.gender ~= '-' then list[1] = {c.language, c.gender, 2} end
  if c.language ~= '-' then list[#list + 1] = {c.language, nil, 1} end
  if c.gender ~= '-' then list[#list + 1] = {'-', c.gender, 1} end
  list[#list + 1] = {'-', nil, 0}
  return list
end

-- The lowest tier from one on and before another that has anybody; in it who meets most, and was idle longest.
local function among(c, behind, from, till, rung)
  local best, most
  for _, want in ipairs(c.wants) do
    local u = first(c, want[1], want[2], behind, from, till, rung)
    if u and (not best or u.tier < best.tier or want[3] == most and before(u, best)) then best, most = u, want[3] end
    if best and best.tier == tonumber(from) and most == c.wants[1][3] then break end
  end
  return best
end

-- The same for a kind: for a text somebody is rung only where no lower tier, and not this one, has a console.
local function lowest(c, behind, from, till)
  if c.kind == 'c' then return among(c, behind, from, till) end
  local sits = among(c, behind, from, till, false)
  if c.quiet or sits and sits.tier == tonumber(from) then return sits end
  return among(c, behind, from, sits and string.format('%02d', sits.tier) or till, true) or sits
end

local function choose(c)
  local user = preferred(c)
  if user then return user end
  local after = c.beside == 0 and '01' or string.format('%02d', c.beside + 1)
  for behind = 0, 1 do
    local u = lowest(c, behind, after, c.last and '~' or '99')
    if not u and c.beside > 0 then u = lowest(c, behind, '01', after) end
    if u then return u end
  end
end

-- A contact is "flag kind line beside language gender musts preferred tried… !barred…": flag w it waits, n it waits and
-- is watched, r it rests; kind t a text, q one that rings no phone, c a call; musts "1.2": the language is one up to tier
-- 1, the gender up to tier 2.
local function contact(id)
  local c = {flag = 'w', kind = 't', line = '*', beside = 0, language = '-', gender = '-', language_must = 0, gender_must = 0,
    preferred = '-', tried = {}, wants = {{'-', nil, 0}}}
  local record = redis.call('HGET', KEYS[2], id) or ''
  local flag, kind, line, beside, language, gender, musts, liked, tried =
    string.match(record, '^%d+ (%S+) ([tqc]) (%S+) (%d+) (%S+) (%S+) (%S+) (%S+)(.*)$')
  if not flag then return c end
  c.quiet = kind == 'q'
  if c.quiet then kind = 't' end
  c.flag, c.kind, c.line, c.language, c.preferred = flag, kind, line, language, liked
  c.beside, c.last = tonumber(beside) % 100, tonumber(beside) >= 100
  c.gender, c.language_must, c.gender_must = gender, tonumber(string.match(musts, '^%d+')), tonumber(string.match(musts, '%d+$'))
  c.wants = wants(c)
  for word in string.gmatch(tried, '!?(%S+)') do c.tried[word] = true end
  return c
end

local function found(id, c, user, order, left)
  redis.call('ZREM', KEYS[1], id)
  local hers = stale[c.kind]
  hers[#hers + 1] = user.seat
  local till = string.format('%.0f', now + lease)
  redis.call('ZADD', KEYS[7], till, 'c ' .. id, till, 'u ' .. user.id)
  return {c.flag == 'r' and 'wake' or 'pair', id, user.id, order, left, seen(user.id) and 1 or 0}
end

-- A kind for which nobody is there is passed over: it fills a span of the order.
local function look()
  local at = ARGV[5]
  local here, looked, page = at ~= '-inf' and tonumber(at) or nil, 0, 1
  while looked < many do
    local got = redis.call('ZRANGEBYSCORE', KEYS[1], at, '+inf', 'WITHSCORES', 'LIMIT', skip, page)
    if #got == 0 then return {'none'} end
    for i = 1, #got, 2 do
      local order, c = got[i + 1] + 0, contact(got[i])
      if order ~= here then here, skip = order, 0 end
      local user = choose(c)
      if user then return found(got[i], c, user, string.format('%.0f', here), skip) end
      skip, looked = skip + 1, looked + 1
      if not anybody(c.kind) then
        if not anybody('t') and not anybody('c') then return {'none'} end
        here, skip = (math.floor(order / span) + 1) * span, 0
        break
      end
    end
    at, page = string.format('%.0f', here), 16
  end
  return {'more', at, skip}
end

local result = look()
leave(KEYS[3], stale.t)
leave(KEYS[4], stale.c)
for user in pairs(gone) do
  local p = known(user)
  if p then
    if not phone(p.t) then leave(KEYS[3], seats(user, p, p.t)) end
    if not phone(p.c) then leave(KEYS[4], seats(user, p, p.c)) end
  end
end
return result
