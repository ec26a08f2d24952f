-- Errors as Lua programs take them: the second thing that a function returns.
local ffi = require "ffi"
local C = require("mlab.native").C

local groups = {
  [tonumber(C.MLAB_GROUP_ARGUMENT)] = "argument",
  [tonumber(C.MLAB_GROUP_ENDED)] = "ended",
  [tonumber(C.MLAB_GROUP_NETWORK)] = "network",
  [tonumber(C.MLAB_GROUP_ACCOUNT)] = "account",
  [tonumber(C.MLAB_GROUP_JOB)] = "job",
  [tonumber(C.MLAB_GROUP_IMAGE)] = "image",
}

local meta = {
  __tostring = function(self)
    return self.name .. ": " .. self.message
  end,
}

local failure = {}

--- The error of a negative status.
function failure.of(status, message, result)
  return setmetatable({
    status = status,
    name = ffi.string(C.mlab_status_name(status)),
    -- A group that this version does not know counts as "system".
    group = groups[C.mlab_status_group(status)] or "system",
    message = message or ffi.string(C.mlab_status_text(status)),
    retryable = result ~= nil and result.retryable,
    retry_after = result and result.retry_after,
    result = result,
  }, meta)
end

--- The error of an argument that does not get as far as the library.
function failure.argument(message)
  return failure.of(tonumber(C.MLAB_E_INVALID_ARGUMENT), message)
end

return failure
