-- What the index knows of a person. It goes before the scripts that need it.
--
-- Her record is "texts calls offered rank text call tiers language…": her free slots for texts and for calls, whether
-- something is held out to her, her rank, and how she is reached for a text and for a call. "c": while a console of hers
-- is open; "p": on her own phone while none is; "cp": both; "-": not at all. Tiers are "line=tier,…".
--
-- She stands in texts and in calls once for each line and language, under "line language behind tier rank id reach".
-- The language "-" stands for all.

local function person(record)
  local texts, calls, offered, rest = string.match(record or '', '^(%d+) (%d+) ([01]) (.*)$')
  if not texts then return nil end
  local behind, rank, text, call, tiers, languages = string.match(rest, '^([01])(%d+) (%S+) (%S+) (%S+)(.*)$')
  if not behind then return nil end
  local idle = offered == '0'
  return {texts = tonumber(texts), calls = tonumber(calls), behind = behind, rank = rank, tiers = tiers,
    languages = languages, rest = rest,
    t = idle and texts ~= '0' and text ~= '-' and text or nil,
    c = idle and calls ~= '0' and call ~= '-' and call or nil}
end

local function phone(reach) return reach and string.find(reach, 'p', 1, true) end
local function console(reach) return reach and string.find(reach, 'c', 1, true) end

-- Where she stands in one of the two, when she is reached there so; nil: nowhere.
local function members(id, p, reach)
  local list = {}
  if not reach then return list end
  for line, tier in string.gmatch(p.tiers, '([^,=]+)=(%d+)') do
    local tail = ' ' .. p.behind .. ' ' .. tier .. ' ' .. p.rank .. ' ' .. id .. ' ' .. reach
    list[#list + 1] = line .. ' -' .. tail
    for language in string.gmatch(p.languages, '%S+') do
      list[#list + 1] = line .. ' ' .. language .. tail
    end
  end
  return list
end

local function enter(key, list)
  if #list == 0 then return end
  local scored = {}
  for i, member in ipairs(list) do
    scored[2 * i - 1], scored[2 * i] = 0, member
  end
  redis.call('ZADD', key, unpack(scored))
end

local function leave(key, list)
  if #list > 0 then redis.call('ZREM', key, unpack(list)) end
end
