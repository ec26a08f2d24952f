-- Fetches queued images of ModelsLab, for LuaJIT: LÖVE, OpenResty, Neovim and plain scripts.
--
--     local mlab = require "mlab"
--     local client = assert(mlab.Client())
--     local result, err = client:wait("12202888")
--
-- fetch() polls once; wait() waits. What can fail returns nil and an error: a table with status, name, group, message,
-- retryable, retry_after and result, which tostring() takes. Times are in seconds.
local client = require "mlab.client"
local native = require "mlab.native"
local result = require "mlab.result"

return {
  Client = client.new,
  parse = result.parse,
  version = native.version,
  --- The functions and constants of the library, for what is not wrapped.
  C = native.C,
}
