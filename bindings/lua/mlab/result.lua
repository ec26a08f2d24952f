-- Results as Lua tables: everything is copied out, and what C made is freed at once.
local ffi = require "ffi"
local C = require("mlab.native").C
local arguments = require "mlab.arguments"
local failure = require "mlab.failure"

local OK, PROCESSING = tonumber(C.MLAB_OK), tonumber(C.MLAB_PROCESSING)
local size = ffi.new "size_t[1]"
local out = ffi.new "mlab_result *[1]"

local result = {}

--- Milliseconds as seconds; nil for what was not said.
local function seconds(ms)
  ms = tonumber(ms)
  if ms >= 0 then
    return ms / 1000
  end
end
result.seconds = seconds

local function text(pointer)
  if pointer ~= nil then
    return ffi.string(pointer)
  end
end

local function images(raw)
  local list = {}
  for index = 0, tonumber(C.mlab_result_image_count(raw)) - 1 do
    local data = C.mlab_result_image(raw, index, size)
    list[index + 1] = {
      data = data ~= nil and ffi.string(data, size[0]) or nil,
      path = text(C.mlab_result_image_path(raw, index)),
      type = text(C.mlab_result_image_type(raw, index)),
      width = C.mlab_result_image_width(raw, index),
      height = C.mlab_result_image_height(raw, index),
    }
  end
  return list
end

--- Copies a result that C made or lends.
function result.copy(raw)
  local status = C.mlab_result_status(raw)
  local first = C.mlab_result_urls(raw, size)
  local urls = {}
  for index = 1, tonumber(size[0]) do
    urls[index] = ffi.string(first[index - 1])
  end
  local body = C.mlab_result_body(raw, size)
  return {
    status = status,
    ready = status == OK,
    urls = urls,
    output = urls, -- As the server calls it.
    message = ffi.string(C.mlab_result_message(raw)),
    id = ffi.string(C.mlab_result_id(raw)),
    http_status = C.mlab_result_http_status(raw),
    eta = seconds(C.mlab_result_eta_ms(raw)),
    retry_after = seconds(C.mlab_result_retry_after_ms(raw)),
    retryable = C.mlab_result_is_retryable(raw) ~= 0,
    attempts = C.mlab_result_attempts(raw),
    elapsed = seconds(C.mlab_result_elapsed_ms(raw)),
    body = ffi.string(body, size[0]),
    images = images(raw),
  }
end

--- What a function returns for a result: the result, or nil and an error.
function result.outcome(copy)
  if copy.status == OK or copy.status == PROCESSING then
    return copy
  end
  return nil, failure.of(copy.status, copy.message, copy)
end

--- Rules on a reply that came some other way, such as a webhook's body.
function result.parse(body, http_status)
  if type(body) ~= "string" then
    return nil, failure.argument("body must be a string, not " .. type(body))
  end
  local status, why = arguments.http_status("http_status", http_status or 0)
  if not status then
    return nil, failure.argument(why)
  end
  C.mlab_parse(body, #body, status, out)
  local raw = out[0]
  local copy = result.copy(raw)
  C.mlab_result_free(raw)
  return result.outcome(copy)
end

return result
