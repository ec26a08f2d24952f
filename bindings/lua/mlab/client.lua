-- The client: calls, jobs, and coroutines that wait for them.
--
-- Whatever waits is a job whose events are pulled, never a blocking call: between two pulls Lua runs, so that Ctrl-C works,
-- and other coroutines go on. Nothing is ever called from C.
local ffi = require "ffi"
local C = require("mlab.native").C
local arguments = require "mlab.arguments"
local delivery = require "mlab.delivery"
local events = require "mlab.events"
local failure = require "mlab.failure"
local result = require "mlab.result"
local system = require "mlab.system"

-- Compiled code does not see the hook by which luajit makes Ctrl-C an error. These functions wait or loop; what copies
-- results is elsewhere, and compiled.
jit.off(true, true)

local OK, BUSY = tonumber(C.MLAB_OK), tonumber(C.MLAB_E_BUSY)
local CLOSED, FORKED = tonumber(C.MLAB_E_CLOSED), tonumber(C.MLAB_E_FORKED)
local SLICE_MS = 200

local Client = {}
Client.__index = Client

local Task = {}
Task.__index = Task

local weak = { __mode = "v" }

--- A native client, freed when nobody has it any more. The client that its owner, a weak table, knows has it no longer then:
-- where Lua ends, other finalizers come after this one.
local function open(key, config, owner)
  local out = ffi.new "mlab_client *[1]"
  local status = C.mlab_client_new(key, config, out)
  local raw = ffi.gc(out[0], function(raw)
    if owner.client and owner.client._raw == raw then
      owner.client._raw = nil
    end
    C.mlab_client_free(raw)
  end)
  if status == OK then
    return raw
  end
  -- One that was refused is there to say why.
  return nil, failure.of(status, ffi.string(C.mlab_client_message(raw)))
end

--- Makes a client. Without a key it is that of MODELSLAB_API_KEY, else of API_KEY.
local function new(key, settings)
  local good, why = arguments.key(key)
  if not good then
    return nil, failure.argument(why)
  end
  local config, refused = arguments.config(settings)
  if not config then
    return nil, refused
  end
  local owner, raw = setmetatable({}, weak), nil
  raw, refused = open(good, config, owner)
  if not raw then
    return nil, refused
  end
  owner.client = setmetatable({
    _key = good,
    _config = config,
    _owner = owner,
    _raw = raw,
    _process = system.process(),
    _tasks = {},
    _tag = 0,
    _entries = {}, -- By tag: an event may come before the job's number is known.
    _inbox = delivery.inbox(), -- Of submitted jobs.
  }, Client)
  return owner.client
end

--- Takes leave of the parent's client in a forked child, where it is of no use, and of what it has begun.
local function reopen(self)
  -- The parent's is freed once there is another one, or a refusal would have it freed again.
  local raw, refused = open(self._key, self._config, self._owner)
  if raw then
    C.mlab_client_free(ffi.gc(self._raw, nil))
    self._raw, self._process, self._inbox.queue = raw, system.process(), {}
  end
  delivery.end_all(self, FORKED)
  return refused
end

--- The native client; in a forked child a new one.
local function raw_of(self)
  local refused
  if self._raw and self._process ~= system.process() then
    refused = reopen(self)
  end
  if refused or not self._raw then
    return nil, refused or failure.of(CLOSED)
  end
  return self._raw
end

--- Ends all jobs, and the client.
function Client:close()
  if self._raw and self._process == system.process() then
    -- Whoever waits is told first, and may close it too.
    C.mlab_client_shutdown(self._raw, 1000)
    self:_pull(0)
  end
  if self._raw then
    C.mlab_client_free(ffi.gc(self._raw, nil))
    self._raw = nil
    delivery.end_all(self, FORKED) -- What a parent has begun.
  end
end

local function try_submit(self, request, entry)
  local raw, closed = raw_of(self)
  if not raw then
    return nil, closed
  end
  local tag, job = self._tag + 1, ffi.new "uint64_t[1]"
  self._tag, entry.number = tag, tag
  C.mlab_request_set_tag(request, tag)
  self._entries[tag] = entry
  local status = C.mlab_client_submit(raw, request, job)
  if status ~= OK then
    self._entries[tag] = nil
    local message = ffi.string(C.mlab_request_message(request))
    return nil, failure.of(status, message ~= "" and message or nil)
  end
  entry.job = tonumber(job[0])
  return entry.job
end

--- An end takes room until it is pulled, that of a job which was cancelled too: where there is no room, what has happened is
-- taken first.
local function submit(self, request, entry)
  local job, why = try_submit(self, request, entry)
  if not job and why.status == BUSY and self:_pull(0) then
    return try_submit(self, request, entry)
  end
  return job, why
end

--- Waits for a job of its own: in a task of this client by yielding, elsewhere by pulling events.
local function await(self, request, progress)
  local task = self._tasks[coroutine.running() or false]
  local entry = { progress = progress, task = task }
  local job, why = submit(self, request, entry)
  if not job then
    return nil, why
  end
  if task then
    task.entry = entry
    repeat
      coroutine.yield()
    until entry.ended
    task.entry = nil
  else
    local done, trouble = xpcall(function()
      while not entry.ended do
        self:_pull(SLICE_MS)
      end
    end, function(error)
      return error
    end)
    if not done then
      -- An interrupt, or what a task has raised: the job is nobody's any more.
      C.mlab_client_cancel_job(self._raw, job)
      error(trouble, 0)
    end
  end
  if entry.raised then
    error(entry.raised[1], 0)
  end
  if not entry.result then
    return nil, entry.failure
  end
  return result.outcome(entry.result)
end

--- Polls a job once: result.ready tells whether the images are there. Waits for the reply alone; wait() for the images.
-- Outside of tasks it lets them go on meanwhile, as wait() does, and raises what one of them raises.
function Client:fetch(id)
  local request, why = arguments.request("fetch", id)
  if not request then
    return nil, why
  end
  C.mlab_request_set_poll_once(request, 1)
  return await(self, request)
end

--- Waits until the images are there.
--
-- Options: deadline (600 s unless given), poll ({2, 15}: the least and the greatest pause), eta (what the generation call
-- said), download_dir or download_memory (the largest image), which bring the images too, and progress, a function of
-- polls, elapsed, eta, next_poll that is called after each poll which did not end the wait; what it raises ends it.
function Client:wait(id, options)
  local request, why = arguments.request("wait", id, options)
  if not request then
    return nil, why
  end
  return await(self, request, options and options.progress)
end

--- Downloads one image into a file, whole or not at all; without a path into memory: result.images[1]. Options: deadline, and
-- for memory download_memory, as wait() has them.
function Client:download(url, path, options)
  local request, why = arguments.download(url, path, options)
  if not request then
    return nil, why
  end
  return await(self, request)
end

--- Opens a job and returns its number at once; events() tells of it. With max_jobs open, it takes what has happened first, as
-- step() does. Options as wait(), but for progress, and tag, a value of your own, and image_events, one for each image that is
-- there.
function Client:submit(id, options)
  return self:_open("submit", id, options, self._inbox)
end

--- Opens a job whose events go into an inbox.
function Client:_open(call, id, options, inbox)
  local request, why = arguments.request(call, id, options)
  if not request then
    return nil, why
  end
  local entry = { inbox = inbox, id = arguments.id(id), tag = options and options.tag }
  local job, trouble = submit(self, request, entry)
  if job then
    inbox.open = inbox.open + 1
    if inbox.opened then
      inbox.opened[#inbox.opened + 1] = entry
    end
  end
  return job, trouble
end

--- Stops a job: its last event says MLAB_E_CANCELLED.
function Client:cancel(job)
  local raw, closed = raw_of(self)
  if not raw then
    return nil, closed
  end
  if type(job) ~= "number" or job < 1 or C.mlab_client_cancel_job(raw, job) ~= OK then
    return nil, failure.argument("job: there is no job " .. tostring(job) .. " any more")
  end
  return true
end

--- Stops all jobs.
function Client:cancel_all()
  local raw, closed = raw_of(self)
  if not raw then
    return nil, closed
  end
  C.mlab_client_cancel_job(raw, 0)
  return true
end

--- How many jobs are open.
function Client:pending()
  local raw = raw_of(self)
  return raw and tonumber(C.mlab_client_pending(raw)) or 0
end

--- For event loops: a descriptor that is readable while step(0) has something to do; nil where there is none.
function Client:event_fd()
  local raw = raw_of(self)
  local descriptor = raw and C.mlab_client_event_fd(raw) or -1
  return descriptor >= 0 and descriptor or nil
end

--- For event loops: seconds until step(0) has something to do by itself; nil if nothing is planned.
function Client:next_due()
  local raw = raw_of(self)
  return raw and result.seconds(C.mlab_client_next_due_ms(raw))
end

--- Takes the events that are there, after waiting so long for the first; tells whether there was one.
function Client:_pull(timeout_ms)
  local any = false
  while true do
    local raw = raw_of(self)
    if not raw then
      return any
    end
    local out = ffi.new "mlab_event *[1]"
    local status = C.mlab_client_next_event(raw, timeout_ms, out)
    if status < 0 then
      delivery.end_all(self, status)
    end
    if status ~= OK then
      return any
    end
    any, timeout_ms = true, 0
    delivery.dispatch(self, ffi.gc(out[0], C.mlab_event_free))
  end
end

--- Takes what has happened, and lets tasks go on: once a frame, or when event_fd() is readable. Waits so many seconds for
-- something to happen; not at all unless said.
function Client:step(timeout)
  local until_ms = timeout and timeout > 0 and timeout * 1000 or 0 -- Less than none is none.
  repeat
    local slice = math.min(until_ms, SLICE_MS)
    if self:_pull(slice) then
      return true
    end
    until_ms = until_ms - slice
  until until_ms <= 0 or not self._raw
  return false
end

--- Runs a function as a task: in it, fetch(), wait(), download() and events() yield, and other tasks go on. Raises what it
-- raises before its first wait; later that comes out of whatever pulls.
function Client:spawn(work, ...)
  local given, count = { ... }, select("#", ...)
  local task = setmetatable({ client = self }, Task)
  task.thread = coroutine.create(function()
    return work(unpack(given, 1, count))
  end)
  self._tasks[task.thread] = task
  delivery.resume(self, task)
  return task
end

--- Stops what the task waits for: that call returns nil and MLAB_E_CANCELLED. A loop over events ends in here, with the jobs of
-- its ids; what the task raises then comes out.
function Task:cancel()
  if self.events then
    self.events:_leave(self)
  elseif self.entry and self.client._raw then
    C.mlab_client_cancel_job(self.client._raw, self.entry.job)
  end
end

--- Whether it has ended.
function Task:ended()
  return coroutine.status(self.thread) == "dead"
end

--- Lets tasks go on until all have ended. Raises in a task, which would wait for itself.
function Client:run()
  for thread in pairs(self._tasks) do
    if coroutine.status(thread) ~= "suspended" then
      error("run() waits for the tasks: call it outside of them", 2)
    end
  end
  while next(self._tasks) and self._raw do
    self:_pull(SLICE_MS)
  end
end

--- What happens to one or more jobs, as it happens, until the last has ended: for event in assert(client:events(ids)) do.
--
-- Of an id, or a list of them, it opens the jobs. Options as submit(), but for tag, and timeout: outside of tasks the loop ends
-- if nothing came for so many seconds. close() of what it returns cancels the jobs that are left. Without ids it tells of the
-- jobs that were submitted. A job that failed is an event with its result. Raises, in the place of an event that could not be
-- copied, why: most likely there is no memory. Those of ids end then; of submitted jobs others may follow.
function Client:events(ids, options)
  return events.new(self, ids, options)
end

return { new = new }
