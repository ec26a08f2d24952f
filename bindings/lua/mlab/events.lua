-- The events of jobs: of those that were submitted, or of those that are opened for ids.
local C = require("mlab.native").C
local arguments = require "mlab.arguments"
local delivery = require "mlab.delivery"
local failure = require "mlab.failure"
local system = require "mlab.system"

-- A loop over events must see Ctrl-C: see client.lua.
jit.off(true, true)

local SLICE_MS = 200

--- What a loop calls for each event.
local Events = {}
Events.__index = Events

--- The next event; nil once no job is open, or none came in time.
function Events:__call()
  local client, inbox = self._client, self._inbox
  local task = client._tasks[coroutine.running() or false]
  local left = self._timeout_ms
  while #inbox.queue == 0 do
    if inbox.open == 0 or not client._raw or (left and left <= 0) then
      return nil
    end
    if task then
      inbox.takers[#inbox.takers + 1] = task
      coroutine.yield()
    else
      local at = system.now_ms()
      client:_pull(math.min(left or SLICE_MS, SLICE_MS))
      left = left and left - (system.now_ms() - at) -- It returns for the events of others, too.
    end
  end
  local event = table.remove(inbox.queue, 1)
  if event.raised then
    self:close()
    error(event.raised, 0)
  end
  return event
end

--- Cancels the jobs that it has opened for ids. Where it was left before its end, Lua's collector does that some time later.
function Events:close()
  local client, inbox = self._client, self._inbox
  if inbox == client._inbox then
    return
  end
  for tag, entry in pairs(client._entries) do
    if delivery.inbox_of(entry) == inbox then
      client._entries[tag] = nil
      if client._raw and client._process == system.process() then
        C.mlab_client_cancel_job(client._raw, entry.job)
      end
    end
  end
  inbox.queue, inbox.open = {}, 0
  delivery.wake(client, inbox)
end

local events = {}

--- Without ids those of submitted jobs.
function events.new(client, ids, options)
  local timeout, why = arguments.timeout(options)
  if not timeout then
    return nil, failure.argument(why)
  end
  local inbox = ids == nil and client._inbox or delivery.inbox()
  local made = setmetatable({ _client = client, _inbox = inbox, _timeout_ms = timeout ~= math.huge and timeout or nil }, Events)
  if ids == nil then
    for name in pairs(options or {}) do
      if name ~= "timeout" then
        why = tostring(name) .. " is for the jobs of ids, and none was given: pass ids, or it to submit()"
        return nil, failure.argument(why)
      end
    end
    return made
  end
  if type(ids) ~= "table" then
    ids = { ids }
  elseif #ids == 0 and next(ids) ~= nil then
    return nil, failure.argument "ids must be an id or a list of ids"
  end
  for _, id in ipairs(ids) do
    local job, trouble = client:_open("events", id, options, inbox)
    if not job then
      made:close()
      return nil, trouble
    end
  end
  return made
end

return events
