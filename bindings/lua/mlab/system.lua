-- What Lua does not tell of the system: which process this is, and a clock that nobody sets.
local ffi = require "ffi"

local system = {}

-- Under names of our own: a program may have declared these functions with types of its own.
if ffi.os == "Windows" then
  ffi.cdef 'uint64_t mlab_tick_count(void) __asm__("GetTickCount64");'

  --- Windows has no fork.
  function system.process()
    return 0
  end

  function system.now_ms()
    return tonumber(ffi.C.mlab_tick_count())
  end
else
  ffi.cdef [[
  typedef struct { long seconds; long nanoseconds; } mlab_timespec;
  int mlab_clock_gettime(int clock, mlab_timespec *time) __asm__("clock_gettime");
  int mlab_getpid(void) __asm__("getpid");
  ]]
  local MONOTONIC = ({ OSX = 6, BSD = 4 })[ffi.os] or 1
  local time = ffi.new "mlab_timespec"

  --- The number of this process.
  function system.process()
    return ffi.C.mlab_getpid()
  end

  --- Milliseconds since some moment.
  function system.now_ms()
    ffi.C.mlab_clock_gettime(MONOTONIC, time)
    return tonumber(time.seconds) * 1000 + tonumber(time.nanoseconds) / 1e6
  end
end

return system
