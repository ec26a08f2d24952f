-- Finds libmlab: the file that MLAB_LIBRARY names, else the one beside this file, else the system's.
local ffi = require "ffi"
local raw = require "mlab.raw"

local name = ({ Windows = "mlab.dll", OSX = "libmlab.dylib" })[ffi.os] or "libmlab.so"
local folder = debug.getinfo(1, "S").source:match "^@(.*[/\\])"

local function load()
  local named = os.getenv "MLAB_LIBRARY"
  if named and named ~= "" then
    return ffi.load(named)
  end
  local reasons = {}
  -- From the system also under the name that says which ABI it has, which is there without the development package.
  for _, where in ipairs { folder and folder .. name or name, "mlab", "libmlab.so." .. raw.MLAB_ABI_VERSION } do
    local found, library = pcall(ffi.load, where)
    if found then
      return library
    end
    reasons[#reasons + 1] = tostring(library)
  end
  error("libmlab cannot be loaded. Put it beside " .. (folder or "the module")
    .. ", install it, or name its file in MLAB_LIBRARY:\n  " .. table.concat(reasons, "\n  "), 0)
end

local C = load()
local abi = C.mlab_abi_version()
if abi ~= raw.MLAB_ABI_VERSION then
  error(("libmlab has the ABI %d, and this module needs %d"):format(abi, raw.MLAB_ABI_VERSION), 0)
end

local native = { C = C }

--- The version of the loaded library.
function native.version()
  return ffi.string(C.mlab_version())
end

return native
