-- From the library's events to whoever waits for them: a wait, in a task or outside, or the queue of events().
local C = require("mlab.native").C
local failure = require "mlab.failure"
local result = require "mlab.result"
local system = require "mlab.system"

-- Tasks go on in here, where Ctrl-C is to be seen: see client.lua.
jit.off(true, true)

local EVENT_PROGRESS, EVENT_DONE = tonumber(C.MLAB_EVENT_PROGRESS), tonumber(C.MLAB_EVENT_DONE)

local delivery = {}

--- Events that nobody has taken yet, the tasks that wait for one, how many jobs are to send more, and a list for those that
-- are to end with it, if they are.
function delivery.inbox(opened)
  return { queue = {}, takers = {}, open = 0, opened = opened }
end

--- Cancels the jobs that are to end with an inbox; what they still send is nobody's.
function delivery.drop(client, inbox)
  local raw = client._process == system.process() and client._raw
  for _, entry in ipairs(inbox.opened) do
    if client._entries[entry.number] == entry then
      client._entries[entry.number] = nil
      if raw then
        C.mlab_client_cancel_job(raw, entry.job)
      end
    end
  end
  inbox.queue, inbox.open, inbox.opened = {}, 0, {}
end

--- Lets a task go on, and raises what it raises.
function delivery.resume(client, task)
  local fine, trouble = coroutine.resume(task.thread)
  if coroutine.status(task.thread) == "dead" then
    client._tasks[task.thread] = nil
  end
  if not fine then
    error(debug.traceback(task.thread, tostring(trouble)), 0)
  end
end

local function end_wait(client, entry)
  entry.ended = true
  if entry.task then
    delivery.resume(client, entry.task)
  end
end

--- Lets a task that waits for an event go on; all of them if no more will come.
function delivery.wake(client, inbox)
  repeat
    local taker = table.remove(inbox.takers, 1)
    if taker then
      delivery.resume(client, taker)
    end
  until inbox.open > 0 or #inbox.takers == 0
end

--- Hands an event on, or in its place { raised = what kept it from coming }.
local function enqueue(client, inbox, event, is_last)
  inbox.queue[#inbox.queue + 1] = event
  inbox.open = inbox.open - (is_last and 1 or 0)
  delivery.wake(client, inbox)
end

--- Ends all that is open where the library has no events for it any more. Each leaves before it is told: what a task raises
--- then comes out here, and the rest is for the next time.
function delivery.end_all(client, status)
  local tag, entry = next(client._entries)
  while tag do
    client._entries[tag] = nil
    if entry.inbox then
      local event = { kind = "done", done = true, job = entry.job, id = entry.id, tag = entry.tag, status = status }
      enqueue(client, entry.inbox, event, true)
    else
      entry.failure = failure.of(status)
      end_wait(client, entry)
    end
    tag, entry = next(client._entries)
  end
end

local function copy_event(raw, entry)
  local kind, lent = C.mlab_event_kind(raw), C.mlab_event_result(raw)
  local index = C.mlab_event_index(raw)
  local total = tonumber(C.mlab_event_bytes_total(raw))
  return {
    kind = ({ "progress", "done", "image" })[kind] or kind,
    done = kind == EVENT_DONE,
    job = tonumber(C.mlab_event_job(raw)),
    id = entry.id,
    tag = entry.tag,
    status = C.mlab_event_status(raw),
    polls = C.mlab_event_polls(raw),
    elapsed = result.seconds(C.mlab_event_elapsed_ms(raw)),
    eta = result.seconds(C.mlab_event_eta_ms(raw)),
    next_poll = result.seconds(C.mlab_event_next_poll_ms(raw)),
    bytes_done = tonumber(C.mlab_event_bytes_done(raw)),
    bytes_total = total >= 0 and total or nil,
    index = index >= 0 and index + 1 or nil,
    result = lent ~= nil and result.copy(lent) or nil,
  }
end

local function tell_progress(client, raw, entry)
  local seconds = result.seconds
  local fine, trouble = pcall(entry.progress, C.mlab_event_polls(raw), seconds(C.mlab_event_elapsed_ms(raw)),
    seconds(C.mlab_event_eta_ms(raw)), seconds(C.mlab_event_next_poll_ms(raw)))
  if not fine then
    entry.raised = { trouble }
    C.mlab_client_cancel_job(client._raw, entry.job)
  end
end

local function take_wait(client, raw, entry, is_last)
  if is_last then
    local fine, copy = pcall(result.copy, C.mlab_event_result(raw))
    if fine then
      entry.result = copy
    else
      entry.raised = entry.raised or { copy }
    end
    end_wait(client, entry)
  elseif C.mlab_event_kind(raw) == EVENT_PROGRESS and entry.progress and C.mlab_event_next_poll_ms(raw) >= 0
    and not entry.raised then
    tell_progress(client, raw, entry)
  end
end

local function take_queued(client, raw, entry, is_last)
  local fine, event = pcall(copy_event, raw, entry)
  if not fine then
    C.mlab_client_cancel_job(client._raw, entry.job)
  end
  enqueue(client, entry.inbox, fine and event or { raised = event }, is_last)
end

--- Tells whoever has the job of an event. One that cannot be copied, most likely for want of memory, ends its own job alone.
function delivery.dispatch(client, raw)
  local tag, is_last = tonumber(C.mlab_event_tag(raw)), C.mlab_event_kind(raw) == EVENT_DONE
  local entry = client._entries[tag]
  if not entry then
    return
  end
  if is_last then
    client._entries[tag] = nil
  end
  local take = entry.inbox and take_queued or take_wait
  take(client, raw, entry, is_last)
end

return delivery
