-- The events of jobs: of those that were submitted, or of those that are opened for ids.
local C = require("mlab.native").C
local arguments = require "mlab.arguments"
local delivery = require "mlab.delivery"
local failure = require "mlab.failure"
local system = require "mlab.system"

-- A loop over events must see Ctrl-C: see client.lua.
jit.off(true, true)

local CANCELLED, CLOSED = tonumber(C.MLAB_E_CANCELLED), tonumber(C.MLAB_E_CLOSED)
local SLICE_MS = 200

--- What a loop calls for each event.
local Events = {}
Events.__index = Events

--- The next event; nil once no job is open, or none came in time. In a task that is cancelled nil and MLAB_E_CANCELLED.
function Events:__call()
  local client, inbox = self._client, self._inbox
  local task = client._tasks[coroutine.running() or false]
  local left = self._timeout_ms
  while #inbox.queue == 0 do
    if inbox.open == 0 or not client._raw or (left and left <= 0) then
      return nil
    end
    if task then
      inbox.takers[#inbox.takers + 1], task.events = task, self
      coroutine.yield()
      task.events = nil
      if task.cancelled then
        task.cancelled = nil
        return nil, failure.of(CANCELLED)
      end
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
  if inbox.opened then
    delivery.drop(client, inbox)
    delivery.wake(client, inbox)
  end
end

--- Ends the loop of a task that waits in it.
function Events:_leave(task)
  local client, inbox = self._client, self._inbox
  for number, taker in ipairs(inbox.takers) do
    if taker == task then
      table.remove(inbox.takers, number)
      break
    end
  end
  if inbox.opened then
    delivery.drop(client, inbox)
  end
  task.cancelled = true
  local fine, trouble = pcall(delivery.resume, client, task)
  self:close() -- For other tasks that wait in it.
  if not fine then
    error(trouble, 0)
  end
end

--- What drops an inbox once nobody takes from it any more. No cdata: Lua itself holds the finalizers of those, so the client,
-- and a task of it that holds the loop, would be there for ever.
local function guard(client, inbox)
  local proxy = newproxy(true)
  getmetatable(proxy).__gc = function()
    pcall(delivery.drop, client, inbox) -- What it raised would come out of anything that makes a table.
  end
  return proxy
end

--- Whether it has the keys from 1 on and no others.
local function is_list(given)
  local count = 0
  for key in pairs(given) do
    count = count + 1
    if type(key) ~= "number" or key < 1 or key > #given or key ~= math.floor(key) then
      return false
    end
  end
  return count == #given
end

local events = {}

--- Without ids those of submitted jobs.
function events.new(client, ids, options)
  local timeout, why = arguments.timeout(options)
  if not timeout then
    return nil, failure.argument(why)
  end
  local inbox = ids == nil and client._inbox or delivery.inbox {}
  local made = setmetatable({ _client = client, _inbox = inbox, _timeout_ms = timeout ~= math.huge and timeout or nil }, Events)
  if ids == nil then
    for name in pairs(options or {}) do
      if name ~= "timeout" then
        why = tostring(name) .. " is for the jobs of ids, and none was given: pass ids, or it to submit()"
        return nil, failure.argument(why)
      end
    end
  elseif type(ids) ~= "table" then
    ids = { ids }
  elseif not is_list(ids) then
    return nil, failure.argument "ids must be an id or a list of ids"
  end
  if not client._raw then
    return nil, failure.of(CLOSED)
  end
  if ids == nil then
    return made
  end
  made._guard = guard(client, inbox)
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
