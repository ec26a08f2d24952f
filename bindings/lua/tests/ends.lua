-- How clients, jobs and waits end: closed, in a forked child, or where the library has no events any more.
local ffi = require "ffi"
local check = require "check"
local mlab = require "mlab"
local place = require "place"

local client, new, now, in_child = place.client, place.new, place.now, place.in_child
local test, equal, holds, fails = check.test, check.equal, check.holds, check.fails

--- Lets tasks go on until all have ended, for 5 s at most.
local function settle(own)
  local at = now()
  while next(own._tasks) and now() - at < 5 do
    own:step(0.1)
  end
  equal(next(own._tasks), nil, "what is left")
end

--- Gives the module that a function is of other functions of the library.
local function replace_in(of, functions)
  local number = 1
  while debug.getupvalue(of, number) ~= "C" do
    number = number + 1
  end
  debug.setupvalue(of, number, functions)
end

--- Runs something with other functions of the library, as the client sees them.
local function replaced(functions, work)
  replace_in(client._pull, setmetatable(functions, { __index = mlab.C }))
  local fine, trouble = xpcall(work, debug.traceback)
  replace_in(client._pull, mlab.C)
  if not fine then
    error(trouble, 0)
  end
end

test("an event that cannot be copied ends its own job alone", function()
  local result = require "mlab.result"
  local copy = result.copy
  result.copy = function(raw)
    if ffi.string(mlab.C.mlab_result_id(raw)) == "12202888" then
      error("no room", 0)
    end
    return copy(raw)
  end
  local fine, trouble = xpcall(function()
    local outcomes = {}
    for _, id in ipairs { "12202888", "copy-1" } do
      client:spawn(function()
        local good, outcome = pcall(client.wait, client, id, { poll = 1 })
        outcomes[id] = good and outcome.ready or outcome
      end)
    end
    settle(client)
    equal(outcomes["12202888"], "no room")
    equal(outcomes["copy-1"], true)
    for _, id in ipairs { "12202888", "copy-2" } do
      assert(client:submit(id, { poll = 1, tag = id }))
    end
    local events, raised, ended = client:events(), {}, {}
    local good, event
    repeat
      good, event = pcall(events)
      if not good then
        raised[#raised + 1] = event
      elseif event and event.done then
        ended[#ended + 1] = event.tag .. " " .. event.status
      end
    until good and not event
    equal(table.concat(raised, ", "), "no room")
    equal(table.concat(ended, ", "), "copy-2 0")
  end, debug.traceback)
  result.copy = copy
  assert(fine, trouble)
end)

test("a client that has no events any more ends all that is open", function()
  local own, outcome, ended = new(), nil, nil
  own:spawn(function()
    local _, err = own:wait "never-1"
    outcome = err.name
  end)
  assert(own:submit("never-2", { tag = "submitted" }))
  local functions = {
    mlab_client_next_event = function()
      return mlab.C.MLAB_E_INTERNAL
    end,
  }
  replaced(functions, function()
    settle(own)
    fails("MLAB_E_INTERNAL", own:wait "never-3")
    for event in own:events() do
      ended = event.tag .. event.status
    end
  end)
  equal(outcome, "MLAB_E_INTERNAL")
  equal(ended, "submitted-8")
  own:close()
end)

test("a closed client ends what waits, and says so", function()
  local own, outcome = new(), nil
  own:spawn(function()
    local _, err = own:wait "never-1"
    outcome = err
  end)
  own:close()
  own:close()
  equal(outcome.name, "MLAB_E_CLOSED")
  for _, call in ipairs { "fetch", "wait", "submit" } do
    fails("MLAB_E_CLOSED", own[call](own, "12202888"))
  end
  fails("MLAB_E_CLOSED", own:events())
  fails("MLAB_E_CLOSED", own:events {})
  fails("MLAB_E_CLOSED", own:events "12202888")
  equal(own:pending(), 0)
end)

test("a loop that is collected late leaves alone what is not its own any more", function()
  local function replace(functions)
    for _, of in ipairs { client._pull, require("mlab.delivery").drop } do
      replace_in(of, setmetatable(functions, { __index = mlab.C }))
    end
  end
  local function counting(counts)
    return {
      mlab_client_free = function(raw)
        counts.freed = counts.freed + 1
        mlab.C.mlab_client_free(raw)
      end,
      mlab_client_cancel_job = function(raw, job)
        counts.cancelled = counts.cancelled + 1
        if counts.freed > 0 then
          ffi.C._exit(3)
        end
        return mlab.C.mlab_client_cancel_job(raw, job)
      end,
    }
  end
  local own, events
  -- Closed.
  in_child(function()
    own = new()
    events = assert(own:events "never-1")
    replace(counting { freed = 0, cancelled = 0 })
    own:close()
    events = nil
    collectgarbage()
  end)
  -- Of another process.
  own = new()
  events = assert(own:events "never-1")
  in_child(function()
    local counts = { freed = 0, cancelled = 0 }
    replace(counting(counts))
    events = nil
    collectgarbage()
    equal(counts.cancelled, 0)
    holds(own:fetch("12202888").ready)
  end)
  own:close()
  -- The end of Lua, where all finalizers come in some order.
  in_child(function()
    own = new()
    events = assert(own:events "never-1")
    replace(counting { freed = 0, cancelled = 0 })
    os.exit(0, true)
  end)
end)

test("a client works on in a forked child", function()
  assert(client:submit "never-1")
  in_child(function()
    equal(client:pending(), 0)
    holds(client:fetch("12202888").ready)
    holds(client:wait("12202888").ready)
  end)
  equal(client:pending(), 1)
  client:cancel_all()
  for _ in client:events() do
  end
end)

test("what a parent has begun ends in its child", function()
  local own, outcome = new(), nil
  own:spawn(function()
    local _, err = own:wait "never-1"
    outcome = err.name
  end)
  assert(own:submit("never-2", { tag = "submitted" }))
  in_child(function()
    own:run()
    equal(outcome, "MLAB_E_FORKED")
    local seen = {}
    for event in own:events() do
      seen[#seen + 1] = event.tag .. event.status
    end
    equal(table.concat(seen, " "), "submitted-6")
    holds(own:fetch("12202888").ready)
  end)
  equal(outcome, nil)
  own:close()
end)

test("a parent's client is freed once in its child, whatever comes first there", function()
  local freed, refuse
  local functions = {
    mlab_client_free = function(raw)
      freed[#freed + 1] = raw
      mlab.C.mlab_client_free(raw)
    end,
    mlab_client_new = function(key, config, out)
      return mlab.C.mlab_client_new(refuse and "" or key, config, out)
    end,
  }
  for first, call in pairs {
    close = function(own)
      own:close()
      fails("MLAB_E_CLOSED", own:fetch "12202888")
    end,
    ["one that is refused"] = function(own)
      refuse = true
      own:run()
      for _ = 1, 2 do
        fails("MLAB_E_INVALID_ARGUMENT", own:fetch "12202888")
        equal(own:pending(), 0)
      end
      equal(#freed, 0, "how often it was freed while there was no other")
      refuse = false
      holds(own:fetch("12202888").ready)
    end,
  } do
    local own, outcome = new(), nil
    own:spawn(function()
      local _, err = own:wait "never-1"
      outcome = err.name
    end)
    in_child(function()
      freed = {}
      replaced(functions, function()
        call(own)
      end)
      equal(#freed, 1, first)
      equal(outcome, "MLAB_E_FORKED", first)
    end)
    own:close()
  end
end)
