-- What Lua programs pass, as C takes it. Each reader gives a value, or nil and a message that begins with the name.
local ffi = require "ffi"
local C = require("mlab.native").C
local failure = require "mlab.failure"

local DAY_MS = 24 * 60 * 60 * 1000
local arguments = {}

--- A string for C, which would end it at a NUL.
local function text(name, value)
  if type(value) ~= "string" then
    return nil, name .. " must be a string, not " .. type(value)
  end
  if value:find("\0", 1, true) then
    return nil, name .. " holds a NUL"
  end
  return value
end
arguments.text = text

--- A whole number from 0 to most.
local function whole(most)
  return function(name, value)
    if type(value) ~= "number" or value ~= math.floor(value) then
      return nil, name .. " must be a whole number, not " .. tostring(value)
    end
    if value < 0 or value > most then
      return nil, ("%s must be from 0 to %.0f, not %.0f"):format(name, most, value)
    end
    return value
  end
end
local u32, exact = whole(2 ^ 32 - 1), whole(2 ^ 53)

--- An HTTP status, which C would cut to what fits; the library rules on the rest.
arguments.http_status = whole(2 ^ 31 - 1)

local kinds = { bundled = tonumber(C.MLAB_ROOTS_BUNDLED), system = tonumber(C.MLAB_ROOTS_SYSTEM) }

local function roots(name, value)
  local kind = kinds[value]
  if not kind then
    return nil, name .. " must be 'bundled' or 'system', not " .. tostring(value)
  end
  return kind
end

local function number(name, value)
  if type(value) ~= "number" then
    return nil, name .. " must be a number, not " .. type(value)
  end
  return value
end

--- Seconds as whole milliseconds, rounded up; more than a day is a day.
local function milliseconds(name, value)
  if type(value) ~= "number" or not (value >= 0) then
    return nil, name .. " must be a number of seconds from 0, not " .. tostring(value)
  end
  return math.min(math.ceil(math.min(value, 86400) * 1000), DAY_MS)
end
arguments.milliseconds = milliseconds

--- The same for a time within which something must end: 0 is none.
local function limit(name, value)
  if type(value) ~= "number" or not (value > 0) then
    return nil, name .. " must be a number of seconds greater than 0, not " .. tostring(value)
  end
  return milliseconds(name, value)
end

--- An id: a number is taken for its digits as long as it has them all.
function arguments.id(value)
  if type(value) == "cdata" and (ffi.istype("uint64_t", value) or ffi.istype("int64_t", value)) then
    return (tostring(value):gsub("U?LL$", ""))
  end
  if type(value) ~= "number" then
    return text("id", value)
  end
  if value ~= math.floor(value) or value < 0 or value >= 2 ^ 53 then
    return nil, "id is no whole number below 2^53: pass it as a string"
  end
  return ("%.0f"):format(value)
end

--- A variable of the environment; one that is empty is as good as none.
local function variable(name)
  local value = os.getenv(name)
  return value ~= "" and value or nil
end

--- The API key, from the environment where none is given.
function arguments.key(value)
  if value == nil then
    value = variable "MODELSLAB_API_KEY" or variable "API_KEY"
    if value == nil then
      return nil, "key: none was given, and neither MODELSLAB_API_KEY nor API_KEY is set"
    end
  end
  return text("key", value)
end

-- Each setting of a client: the end of its setter's name, and what reads its value.
local settings = {
  endpoint = { "endpoint", text },
  connect_timeout = { "connect_timeout_ms", limit },
  request_timeout = { "request_timeout_ms", limit },
  body_limit = { "body_limit", exact },
  user_agent = { "user_agent", text },
  proxy = { "proxy", text },
  ca_file = { "ca_file", text },
  ca_pem = { "ca_pem", text },
  roots = { "roots", roots },
  retries = { "retries", u32 },
  requests_per_second = { "requests_per_second", number },
  workers = { "workers", u32 },
  max_jobs = { "max_jobs", u32 },
  image_limit = { "image_limit", exact },
  max_images = { "max_images", u32 },
}

-- A message of the library names the argument as C does: it gets the name that a Lua program has for it.
local function named(name, message)
  message = ffi.string(message)
  return message:sub(1, #name) == name and message or name .. ": " .. message
end

--- Settings as C has them, freed when nobody has them any more.
function arguments.config(given)
  local config = ffi.gc(C.mlab_config_new(), C.mlab_config_free)
  for name, value in pairs(given or {}) do
    local setting = settings[name]
    if not setting then
      return nil, failure.argument("there is no setting " .. tostring(name))
    end
    local good, why = setting[2](name, value)
    if good == nil then
      return nil, failure.argument(why)
    end
    local status = C["mlab_config_set_" .. setting[1]](config, good)
    if status ~= 0 then
      return nil, failure.of(status, named(name, C.mlab_config_message(config)))
    end
  end
  return config
end

-- Each option of a request; progress, tag and timeout are not C's affair.
local options = {
  deadline = { "deadline_ms", limit },
  eta = { "eta_ms", milliseconds },
  download_memory = { "download_memory", exact },
  download_file = { "download_file", text },
  download_dir = {
    "download_dir",
    text,
    function(request, path)
      return C.mlab_request_set_download_dir(request, path, 0)
    end,
  },
  image_events = {
    "image_events",
    function(_, value)
      return value and 1 or 0
    end,
  },
}
local not_for_c = { progress = true, tag = true, timeout = true }

local function names(words)
  local set = {}
  for name in words:gmatch "%S+" do
    set[name] = true
  end
  return set
end

-- What each call takes of them.
local calls = {
  wait = names "deadline eta poll download_dir download_memory progress",
  submit = names "deadline eta poll download_dir download_memory image_events tag",
  events = names "deadline eta poll download_dir download_memory image_events timeout",
  download = names "deadline download_memory",
  ["download into a file"] = names "deadline",
}

local function set_poll(request, poll)
  local least, most = poll, poll
  if type(poll) == "table" then
    least, most = poll[1], poll[2]
  end
  local good, why = milliseconds("poll", least)
  local high
  if good then
    high, why = milliseconds("poll", most)
  end
  if not high then
    return nil, failure.argument(why)
  end
  local status = C.mlab_request_set_poll_ms(request, good, high)
  if status ~= 0 then
    return nil, failure.of(status, named("poll", C.mlab_request_message(request)))
  end
  return true
end

local function set(request, name, value)
  if name == "poll" then
    return set_poll(request, value)
  end
  local option = options[name]
  local good, why = option[2](name, value)
  if good == nil then
    return nil, failure.argument(why)
  end
  local setter = option[3] or C["mlab_request_set_" .. option[1]]
  local status = setter(request, good)
  if status ~= 0 then
    return nil, failure.of(status, named(name, C.mlab_request_message(request)))
  end
  return true
end

local function fill(call, request, given)
  request = ffi.gc(request, C.mlab_request_free)
  for name, value in pairs(given or {}) do
    if not calls[call][name] then
      return nil, failure.argument(("there is no option %s of %s"):format(tostring(name), call))
    end
    if not not_for_c[name] then
      local done, why = set(request, name, value)
      if not done then
        return nil, why
      end
    end
  end
  return request
end

--- How long to wait for an event, in milliseconds; less than none is none, as what is left until a moment that has passed.
function arguments.timeout(given)
  local seconds = given and given.timeout or math.huge
  if type(seconds) ~= "number" then
    return nil, "timeout must be a number of seconds, not " .. type(seconds)
  end
  return seconds > 0 and seconds * 1000 or 0
end

--- A request for a job, of "fetch", "wait", "submit" or "events".
function arguments.request(call, id, given)
  local good, why = arguments.id(id)
  if not good then
    return nil, failure.argument(why)
  end
  return fill(call, C.mlab_request_new(good), given)
end

--- A request for one image, into a file if there is a path.
function arguments.download(url, path, given)
  local good, why = text("url", url)
  if not good then
    return nil, failure.argument(why)
  end
  local request = C.mlab_request_new_download(good)
  if path == nil then
    return fill("download", request, given)
  end
  request, why = fill("download into a file", request, given)
  if request then
    good, why = set(request, "download_file", path)
  end
  return good and request, why
end

return arguments
