-- What the index knows of a person. It goes before the scripts that need it.
--
-- Her record is "texts calls offered rank text call gender row…": her free slots for texts and for calls, whether
-- something is held out to her, her rank, how she is reached for a text and for a call, her gender ("-": not said), and
-- the rows that she stands in. Reached "c":
-- while a console of hers is open; "p": on her own phone while none is; "cp": both; "-": not at all. A row is
-- "line.language.behind.tier", one for each line and language; the line "*" and the language "-" stand for all. A row of
-- a line goes before that of all lines; tier 00: she is off duty there.
--
-- In texts and in calls she has a seat in each of her rows: "row rank id reach".

local function person(record)
  local texts, calls, offered, rank, text, call, gender, rows =
    string.match(record or '', '^(%d+) (%d+) ([01]) (%d+) (%S+) (%S+) (%S+) (.+)$')
  if not texts then return nil end
  local idle = offered == '0'
  return {rank = rank, rows = rows, gender = gender,
    t = idle and texts ~= '0' and text ~= '-' and text or nil,
    c = idle and calls ~= '0' and call ~= '-' and call or nil}
end

local function phone(reach) return reach and string.find(reach, 'p', 1, true) end
local function console(reach) return reach and string.find(reach, 'c', 1, true) end

-- Her seats among those who are reached so; none when she is not.
local function seats(id, p, reach)
  local list = {}
  if not reach then return list end
  local tail = ' ' .. p.rank .. ' ' .. id .. ' ' .. reach
  for row in string.gmatch(p.rows, '%S+') do
    list[#list + 1] = row .. tail
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
