-- The module against the stand-in; tests/bindings/server.rs of the repository says which ids do what.
local here = debug.getinfo(1, "S").source:match "^@(.*/)"
package.path = here .. "?.lua;" .. package.path

local ffi = require "ffi"
local check = require "check"
local mlab = require "mlab"
local place = require "place"

local KEY, HTTP, FOLDER = place.KEY, place.HTTP, place.FOLDER
local UTF8, BINARY, UNREACHABLE = os.getenv "MLAB_TEST_UTF8", os.getenv "MLAB_TEST_BINARY", os.getenv "MLAB_TEST_UNREACHABLE"
local client, new = place.client, place.new
local test, equal, holds, fails, starts = check.test, check.equal, check.holds, check.fails, check.starts

local function read(path)
  local file = assert(io.open(path, "rb"))
  local bytes = file:read "*a"
  file:close()
  return bytes
end

test("a ready job gives its urls", function()
  local result = assert(client:fetch "12202888")
  equal(result.ready, true)
  equal(#result.urls, 4)
  starts(result.urls[1], "http://127.0.0.1:")
  equal(result.output, result.urls)
  equal(result.id, "12202888")
  equal(result.http_status, 200)
  equal(result.attempts, 1)
  equal(result.eta, nil)
  equal(result.retryable, false)
  equal(#result.images, 0)
  holds(result.body:find('"status":"success"', 1, true))
end)

test("a job that is not ready is no error", function()
  local result = assert(client:fetch "never-1")
  equal(result.ready, false)
  equal(result.status, 1)
  equal(#result.urls, 0)
end)

test("wait waits and tells its progress", function()
  local told = {}
  local result = assert(client:wait("wait-1", {
    poll = { 3, 5 }, -- A job's end drops the progress before it: the second poll comes late.
    progress = function(...)
      told[#told + 1] = { ... }
    end,
  }))
  equal(result.ready, true)
  equal(#told, 1)
  local polls, elapsed, eta, next_poll = unpack(told[1], 1, 4)
  equal(polls, 1)
  equal(eta, nil)
  holds(next_poll > elapsed)
end)

test("every failure comes with its name and group", function()
  for id, wanted in pairs {
    ["missing-1"] = { "MLAB_E_NOT_FOUND", "job" },
    ["auth-1"] = { "MLAB_E_AUTH", "account" },
    ["credit-1"] = { "MLAB_E_PAYMENT", "account" },
    ["busy-1"] = { "MLAB_E_SERVER", "network" },
  } do
    local err = fails(wanted[1], client:fetch(id))
    equal(err.group, wanted[2], id)
    equal(err.message, err.result.message)
    starts(err, wanted[1] .. ": ")
  end
  equal(fails("MLAB_E_DEADLINE", client:wait("never-deadline", { deadline = 2 })).result.attempts, 1)
  -- Its first poll finds it at work still.
  equal(fails("MLAB_E_JOB_FAILED", client:wait "fail-1").group, "job")
  -- Last, for all polls of a client wait after it.
  local limited = fails("MLAB_E_RATE_LIMITED", client:fetch "rate-1")
  equal(limited.retry_after, 3)
  equal(limited.retryable, true)
  equal(fails("MLAB_E_CONNECT", new({ endpoint = UNREACHABLE }):fetch "1").group, "network")
end)

test("an id of 64 bits stays whole", function()
  for _, id in ipairs { "18446744073709551615", 18446744073709551615ULL } do
    equal(client:fetch(id).id, "18446744073709551615")
  end
  equal(client:fetch(12202888).id, "12202888")
end)

test("text is UTF-8 both ways", function()
  local result = assert(new({ endpoint = UTF8 }):fetch "1")
  equal(result.urls[1], "https://images.example/é/😀")
  equal(result.message, "fertig: 日本")
  local image = assert(client:wait("12202888", { download_dir = FOLDER })).images[1]
  equal(image.path:sub(1, #FOLDER), FOLDER)
  holds(FOLDER:find "é")
end)

test("a body is bytes, whatever is in it", function()
  local body = "\0a\0\255b\0"
  local binary = new({ endpoint = BINARY })
  for _, call in ipairs {
    function() return binary:fetch "1" end,
    function() return binary:wait "1" end,
    function() return mlab.parse(body, 401) end,
  } do
    equal(fails("MLAB_E_AUTH", call()).result.body, body)
  end
end)

test("a NUL inside a string is refused by its name", function()
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:fetch "12202888\0x").message, "id holds a NUL")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:wait "12202888\0x").message, "id holds a NUL")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:submit "12202888\0x").message, "id holds a NUL")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:download "https://\0").message, "url holds a NUL")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:download("https://", "a\0")).message, "download_file holds a NUL")
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client "a\0b").message, "key holds a NUL")
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client(KEY, { proxy = "a\0b" })).message, "proxy holds a NUL")
end)

test("roots are the system's or the bundled ones", function()
  for _, roots in ipairs { "bundled", "system" } do
    new({ roots = roots }):close()
  end
end)

test("a wrong value is refused by its name", function()
  for _, id in ipairs { "", "a/b", "..", "é", -1, 1.5, 2 ^ 53, true, {} } do
    starts(fails("MLAB_E_INVALID_ARGUMENT", client:fetch(id)).message, "id ")
    starts(fails("MLAB_E_INVALID_ARGUMENT", client:wait(id)).message, "id ")
  end
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:wait()).message, "id ")
  for name, value in pairs { deadline = "1", eta = -1, poll = { 0.1, 1 }, download_dir = 7, download_memory = 0 / 0 } do
    starts(fails("MLAB_E_INVALID_ARGUMENT", client:wait("1", { [name] = value })).message, name)
  end
  for _, value in ipairs { 0, -1 } do
    local message = "deadline must be a number of seconds greater than 0, not " .. value
    starts(fails("MLAB_E_INVALID_ARGUMENT", client:wait("1", { deadline = value })).message, message)
  end
  for name, calls in pairs {
    timeout = { client.wait },
    progress = { client.submit, client.download },
    tag = { client.wait, client.download },
    image_events = { client.wait },
    download_file = { client.wait, client.submit },
    eta = { client.download },
  } do
    for _, call in ipairs(calls) do
      local given = { [name] = 1 }
      local arguments = call == client.download and { nil, given } or { given }
      local err = fails("MLAB_E_INVALID_ARGUMENT", call(client, "1", unpack(arguments, 1, 2)))
      starts(err.message, "there is no option " .. name)
    end
  end
  local err = fails("MLAB_E_INVALID_ARGUMENT", client:download("1", "a", { download_memory = 1 }))
  starts(err.message, "there is no option download_memory of download into a file")
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client(KEY, { workers = 0 })).message, "workers")
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client(KEY, { ca_pem = "none" })).message, "ca_pem: pem ")
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client(KEY, { retry = 1 })).message, "there is no setting retry")
  for _, wrong in ipairs { 1, true, "sytem" } do
    local message = fails("MLAB_E_INVALID_ARGUMENT", mlab.Client(KEY, { roots = wrong })).message
    starts(message, "roots must be 'bundled' or 'system', not ")
  end
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client "").message, "key ")
  starts(fails("MLAB_E_INVALID_ARGUMENT", client:cancel(4711)).message, "job: ")
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.parse(7)).message, "body ")
  for _, status in ipairs { 2 ^ 32 + 200, -1, 200.5, "200" } do
    starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.parse("{}", status)).message, "http_status ")
  end
end)

test("parse rules on a reply", function()
  local body = '{"status":"success","id":7,"output":["https://images.example/7.png"]}'
  equal(assert(mlab.parse(body)).urls[1], "https://images.example/7.png")
  equal(assert(mlab.parse(body, 200)).body, body)
  fails("MLAB_E_AUTH", mlab.parse("{}", 401))
end)

test("images come into memory and into files", function()
  local held = assert(client:wait("12202888", { download_memory = 2 ^ 20 })).images
  equal(#held, 4)
  equal(held[1].type, "image/png")
  equal(held[1].data:sub(1, 4), "\137PNG")
  equal(held[2].width .. "x" .. held[2].height, "64x48")
  local files = assert(client:wait("12202888", { download_dir = FOLDER }))
  for index, image in ipairs(files.images) do
    equal(image.data, nil)
    equal(read(image.path), held[index].data)
  end
  local one = assert(client:download(files.urls[1], FOLDER .. "/one.png")).images[1]
  equal(read(one.path), held[1].data)
  equal(assert(client:download(files.urls[1])).images[1].data, held[1].data)
  equal(fails("MLAB_E_UNSAFE_URL", client:download "https://10.0.0.1/image.png").group, "image")
end)

test("a variable that is empty is as good as none", function()
  ffi.C.setenv("MODELSLAB_API_KEY", "", 1)
  starts(fails("MLAB_E_INVALID_ARGUMENT", mlab.Client()).message, "key: none was given")
  ffi.C.setenv("API_KEY", KEY, 1)
  holds(assert(mlab.Client(nil, { endpoint = HTTP })):fetch("12202888").ready)
  ffi.C.unsetenv "MODELSLAB_API_KEY"
  ffi.C.unsetenv "API_KEY"
end)

test("ten thousand calls leave nothing behind", function()
  local function resident_kib()
    collectgarbage()
    collectgarbage()
    return tonumber(read("/proc/self/statm"):match "%S+ (%S+)") * 4
  end
  local body = ('{"status":"success","output":["%s"]}'):format(("a"):rep(2000))
  local function calls(count)
    for number = 1, count do
      assert(client:fetch "12202888")
      assert(mlab.parse(body))
      if number % 20 == 0 then
        assert(client:submit "12202888")
        for _ in client:events() do
        end
      end
    end
  end
  calls(2000)
  local before = resident_kib()
  calls(10000)
  local grown = resident_kib() - before
  holds(grown < 1024, grown .. " KiB more")
end)

test("the version is that of the library", function()
  equal(mlab.version(), "0.1.0")
  equal(tonumber(mlab.C.MLAB_E_AUTH), -40)
end)

require "jobs"
require "ends"
check.finish()
