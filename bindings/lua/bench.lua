-- Times calls for `cargo bench --bench bindings`, and prints nanoseconds a call:
--
--     bench.lua fetch SAMPLES BATCH URL
--     bench.lua parse SAMPLES BATCH FILE
local ffi = require "ffi"
local mlab = require "mlab"

ffi.cdef [[
typedef struct { long s; long ns; } bench_time;
int clock_gettime(int clock, bench_time *time);
]]

local time = ffi.new "bench_time"
local function now()
  ffi.C.clock_gettime(1, time) -- CLOCK_MONOTONIC, on Linux.
  return tonumber(time.s) * 1e9 + tonumber(time.ns)
end

local mode, target = arg[1], arg[4]
local samples, batch = tonumber(arg[2]), tonumber(arg[3])

local WARMING_NS = 4e8

local call
if mode == "fetch" then
  local client = assert(mlab.Client("test-key-not-real", { endpoint = target }))
  call = function() return assert(client:fetch "12202888") end
else
  local file = assert(io.open(target, "rb"))
  local body = file:read "*a"
  file:close()
  call = function() return assert(mlab.parse(body, 200)) end
end

local begun = now()
while now() - begun < WARMING_NS do
  call()
end
local took, result = {}, nil
for sample = 1, samples do
  local start = now()
  for _ = 1, batch do
    result = call()
  end
  took[sample] = (now() - start) / batch
end
table.sort(took)
local length = 0
for _, url in ipairs(result.urls) do
  length = length + #url
end
print(("bytes=%d min=%.1f median=%.1f p90=%.1f"):format(length, took[1], took[math.floor(samples / 2) + 1],
  took[math.floor(samples * 9 / 10) + 1]))
