-- Many at once: jobs with events, and tasks.
local ffi = require "ffi"
local check = require "check"
local mlab = require "mlab"
local place = require "place"

local client, now, best_of_three = place.client, place.now, place.best_of_three
local test, equal, holds, fails, starts = check.test, check.equal, check.holds, check.fails, check.starts

test("jobs end by events with their tags", function()
  local tags, given = {}, { "one", {}, 3 }
  for _, tag in ipairs(given) do
    local job = assert(client:submit("12202888", { tag = tag }))
    tags[job] = tag
  end
  equal(client:pending(), 3)
  local seen = 0
  for event in client:events() do
    if event.done then
      equal(event.tag, tags[event.job])
      equal(#event.result.urls, 4)
      seen = seen + 1
    end
  end
  equal(seen, 3)
  equal(client:pending(), 0)
  local job = assert(client:submit "never-1")
  assert(client:submit "never-2")
  equal(client:events(nil, { timeout = 5 })() and "event", "event") -- The first poll has been made.
  equal(client:cancel(job), true)
  equal(client:cancel_all(), true)
  for event in client:events() do
    holds(not event.done or event.status == -2)
  end
end)

local function ends_of(events)
  local ends, count = {}, 0
  for event in events do
    if event.done then
      ends[event.id], count = event.result.status, count + 1
    end
  end
  return ends, count
end

--- What was cancelled is open until its end is pulled.
local function none_is_left(of)
  local own, at = of or client, now()
  while own:pending() > 0 and now() - at < 3 do
    own:step(0.05)
  end
  equal(own:pending(), 0, "what is left")
end

test("events of ids end after the last job, and have the ids", function()
  local job = assert(client:submit("12202888", { tag = "mine" }))
  local ends, count = ends_of(assert(client:events({ "several-1", "fail-several", 12202888 }, { poll = 1 })))
  equal(count, 3)
  equal(ends["several-1"], 0)
  equal(ends["fail-several"], -47)
  equal(ends["12202888"], 0)
  for event in assert(client:events("12202888", { download_memory = 2 ^ 20 })) do
    equal(event.done and #event.result.images or 4, 4)
  end
  equal(client:events({})(), nil) -- Of none there is none.
  for event in client:events() do -- Those of the submitted job were kept.
    equal(event.job, job)
    equal(event.id, "12202888")
    equal(event.tag, "mine")
  end
  client:spawn(function()
    ends, count = ends_of(assert(client:events({ "several-2", "several-3" }, { poll = 1 })))
  end)
  count = nil
  client:run()
  equal(count, 2)
end)

test("leaving the events of ids cancels what is left", function()
  local events = assert(client:events { "never-1", "never-2" })
  events()
  events:close()
  equal(events(), nil)
  none_is_left()
end)

test("a loop that was left cancels its jobs as Lua collects it, and they take no room", function()
  local own = place.new { max_jobs = 2 }
  local function leave()
    for _ in assert(own:events({ "never-1", "never-2" }, { poll = 1 })) do
      break
    end
  end
  leave()
  collectgarbage()
  -- Past the module: nothing that it pulls has part in this.
  local ends, out, at = 0, ffi.new "mlab_event *[1]", now()
  while ends < 2 and now() - at < 3 do
    if mlab.C.mlab_client_next_event(own._raw, 100, out) == 0 then
      ends = ends + (mlab.C.mlab_event_status(out[0]) == -2 and 1 or 0)
      mlab.C.mlab_event_free(out[0])
    end
  end
  equal(ends, 2, "how many were cancelled")
  for _, call in ipairs {
    function() return own:submit "12202888" end,
    function() return own:wait "12202888" end,
    function() return own:events { "12202888", "12202888" } end,
  } do
    leave()
    collectgarbage()
    local done, err = call()
    holds(done, tostring(err))
    own:cancel_all()
    none_is_left(own)
  end
  assert(own:submit "never-1")
  assert(own:submit "never-2")
  fails("MLAB_E_BUSY", own:submit "never-3") -- Both are at work.
  own:close()
end)

test("ids that are refused end the jobs before them", function()
  for _, wrong in ipairs { "a/b", -1, true } do
    starts(fails("MLAB_E_INVALID_ARGUMENT", client:events { "never-1", wrong }).message, "id ")
    none_is_left()
  end
  for _, wrong in ipairs {
    { timeout = 1 }, { "never-1", nil, "never-3" }, { nil, "never-3" }, { "never-1", a = "x" }, { "never-1", [1.5] = "x" },
  } do
    equal(fails("MLAB_E_INVALID_ARGUMENT", client:events(wrong)).message, "ids must be an id or a list of ids")
  end
  equal(client:pending(), 0)
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:events("1", { tag = 1 })).message, "there is no option tag of events")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:events("1", { timeout = "1" })).message, "timeout must be a number")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:events(nil, { poll = 1 })).message, "poll is for the jobs of ids")
end)

test("thirty tasks take three seconds, and what they raise comes out", function()
  best_of_three(3, function(try)
    local at, ready = now(), 0
    for number = 1, 30 do
      client:spawn(function(name)
        assert(client:wait(name, { poll = 1 }))
        ready = ready + 1
      end, ("task-%d-%d"):format(try, number))
    end
    client:run()
    equal(ready, 30)
    return now() - at
  end)
  client:spawn(function()
    client:wait "12202888"
    error "out of a task"
  end)
  local fine, trouble = pcall(client.run, client)
  equal(fine, false)
  holds(tostring(trouble):find "out of a task")
end)

test("a task that fetches holds nobody up", function()
  local at, fetched = now(), nil
  local task = client:spawn(function()
    local _, err = client:fetch "slow-30-task"
    fetched = err
  end)
  assert(client:wait "12202888")
  holds(now() - at < 3, ("it took %.1f s"):format(now() - at))
  equal(fetched, nil)
  task:cancel()
  repeat
    client:step(0.1)
  until task:ended()
  equal(fetched.name, "MLAB_E_CANCELLED")
end)

test("a task is cancelled while others go on", function()
  best_of_three(0.3, function()
    local ended, at, took
    local task = client:spawn(function()
      local _, err = client:wait "never-1"
      ended, took = err, now() - at
    end)
    holds(not task:ended() and ended == nil)
    at = now()
    task:cancel()
    assert(client:wait "12202888") -- Waiting for one lets the other go on.
    while not task:ended() do
      client:step(0.1)
    end
    equal(ended.name, "MLAB_E_CANCELLED")
    return took
  end)
end)

test("a task that takes events is cancelled, with the jobs of its ids", function()
  for _, given in ipairs { false, { "never-1", "never-2" } } do
    local seen, outcome = 0, nil
    local kept = assert(client:submit("never-3", { poll = { 10, 15 } }))
    local task = client:spawn(function()
      local events = assert(client:events(given or nil))
      local event, err
      repeat
        event, err = events()
        seen = seen + (event and 1 or 0)
      until not event
      outcome = err
      assert(client:wait "12202888") -- What follows is not cancelled.
      outcome.waited = true
    end)
    local at = now()
    while seen == 0 and now() - at < 3 do
      client:step(0.1)
    end
    task:cancel()
    equal(outcome and outcome.name, "MLAB_E_CANCELLED")
    client:run()
    equal(outcome.waited, true)
    at = now()
    while client:pending() > 1 and now() - at < 3 do
      client:step(0.1)
    end
    equal(client:pending(), 1, "what was submitted and is left")
    equal(client:cancel(kept), true)
    for _ in client:events() do
    end
  end
end)

test("a loop that two tasks share ends for both", function()
  local ended = {}
  local events = assert(client:events { "never-1" })
  local tasks = {}
  for number = 1, 2 do
    tasks[number] = client:spawn(function()
      local event, err
      repeat
        event, err = events()
      until not event
      ended[number] = err and err.name or "end"
      assert(not err, "out of a task")
    end)
  end
  local fine, trouble = pcall(tasks[2].cancel, tasks[2])
  equal(fine, false)
  holds(tostring(trouble):find "out of a task", trouble)
  equal(ended[2], "MLAB_E_CANCELLED")
  equal(ended[1], "end")
  none_is_left()
end)

test("run() in a task says where to call it", function()
  local function run()
    client:run()
  end
  for _, work in ipairs { run, coroutine.wrap(run) } do
    local fine, trouble = pcall(client.spawn, client, work)
    equal(fine, false)
    holds(tostring(trouble):find("run() waits for the tasks: call it outside of them", 1, true), trouble)
  end
  client:run()
end)

test("a task may take events", function()
  local seen = {}
  client:spawn(function()
    for event in client:events() do
      seen[#seen + 1] = event.done and event.tag or nil
    end
    seen[#seen + 1] = "end"
  end)
  equal(table.concat(seen), "end") -- There was no job.
  seen = {}
  assert(client:submit("12202888", { tag = "a" }))
  for _ = 1, 2 do -- Two takers for one event.
    client:spawn(function()
      for event in client:events() do
        seen[#seen + 1] = event.done and event.tag or nil
      end
      seen[#seen + 1] = "end"
    end)
  end
  client:run()
  table.sort(seen)
  equal(table.concat(seen, " "), "a end end")
end)

test("what the progress function raises comes out of the wait", function()
  local function wait()
    client:wait("never-1", {
      progress = function()
        error { mine = true }
      end,
    })
  end
  local fine, trouble = pcall(wait)
  equal(fine, false)
  equal(type(trouble) == "table" and trouble.mine, true)
  client:spawn(function()
    fine, trouble = pcall(wait)
  end)
  trouble = nil
  client:run()
  equal(trouble and trouble.mine, true)
  while client:pending() > 0 do
    client:step(0.1)
  end
end)

test("an event loop has a descriptor and the time of what is due", function()
  holds(client:event_fd() >= 0)
  equal(client:next_due(), nil)
  assert(client:submit("never-1", { deadline = 5 }))
  local due = client:next_due()
  holds(due and due > 0 and due <= 5)
  client:cancel_all()
  for _ in client:events() do
  end
  local at = now()
  equal(client:step(0.25), false)
  holds(now() - at > 0.24)
end)

test("a time that has passed is waited for no longer", function()
  local at = now()
  for _, timeout in ipairs { -1, -1e-9, 0 / 0 } do
    equal(client:step(timeout), false)
  end
  assert(client:submit "never-1")
  for _ in client:events(nil, { timeout = 0 / 0 }) do
  end
  client:cancel_all()
  for _ in client:events() do
  end
  holds(now() - at < 1, ("it took %.1f s"):format(now() - at))
end)

test("a time to wait for events is over when it is, whatever else happens", function()
  assert(client:submit("never-1", { poll = { 10, 15 } }))
  equal(client:events()().kind, "progress") -- The first poll, after which there is nothing for 10 s.
  for _ = 1, 10 do
    client:spawn(function()
      assert(client:wait "12202888")
    end)
  end
  local at = now()
  equal(client:events(nil, { timeout = 0.8 })(), nil)
  holds(now() - at >= 0.79, ("it was over after %.3f s"):format(now() - at))
  client:cancel_all()
  for _ in client:events() do
  end
end)
