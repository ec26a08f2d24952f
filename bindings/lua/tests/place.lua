-- Where the tests are: the servers, this machine's clock and its processes.
local ffi = require "ffi"
local check = require "check"
local mlab = require "mlab"

ffi.cdef [[
typedef struct { long s; long ns; } check_time;
int clock_gettime(int clock, check_time *time);
int fork(void);
int waitpid(int pid, int *status, int options);
void _exit(int code);
unsigned alarm(unsigned seconds);
int setenv(const char *name, const char *value, int replace);
int unsetenv(const char *name);
]]

local place = {
  KEY = "test-key-not-real",
  HTTP = os.getenv "MLAB_TEST_HTTP",
  FOLDER = os.getenv "MLAB_TEST_FOLDER",
}

--- A client of its own, with these settings.
function place.new(settings)
  local given = { endpoint = place.HTTP, retries = 0 }
  for name, value in pairs(settings or {}) do
    given[name] = value
  end
  return assert(mlab.Client(place.KEY, given))
end

--- Seconds since some moment.
function place.now()
  local time = ffi.new "check_time"
  ffi.C.clock_gettime(1, time) -- CLOCK_MONOTONIC, on Linux.
  return tonumber(time.s) + tonumber(time.ns) / 1e9
end

--- Whatever else the machine does may hold a try up: the best of three counts, each of which gives its seconds.
function place.best_of_three(limit, try)
  local took, count = nil, 0
  repeat
    count = count + 1
    took = try(count)
  until took < limit or count == 3
  check.holds(took < limit, ("it took %.1f s"):format(took))
end

--- Runs something in a forked child, which must end well within 10 s.
function place.in_child(work)
  local child = ffi.C.fork()
  if child == 0 then
    ffi.C.alarm(10)
    local fine, trouble = xpcall(work, debug.traceback)
    if not fine then
      io.stderr:write("in the child: ", trouble, "\n")
    end
    ffi.C._exit(fine and 0 or 1)
  end
  local status = ffi.new "int[1]"
  ffi.C.waitpid(child, status, 0)
  check.equal(status[0], 0, "what the child ended with")
end

--- The client that most tests share.
place.client = place.new()

return place
