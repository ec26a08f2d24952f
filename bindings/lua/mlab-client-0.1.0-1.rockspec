rockspec_format = "3.0"
package = "mlab-client"
version = "0.1.0-1"
source = {
  url = "git+https://example.com/mlab.git", -- `luarocks make` takes this folder in its place.
  tag = "v0.1.0",
  dir = "mlab/bindings/lua",
}
description = {
  summary = "Fetch queued ModelsLab images: one poll, or wait until they are there",
  detailed = "For LuaJIT: LÖVE, OpenResty, Neovim. The native library is the system's, or stands beside the modules.",
  homepage = "https://example.com/mlab",
  license = "MIT OR Apache-2.0",
  labels = { "modelslab", "images", "ffi", "luajit" },
}
dependencies = {
  "lua == 5.1", -- As LuaJIT calls itself.
}
build = {
  type = "builtin",
  modules = {
    ["mlab"] = "mlab.lua",
    ["mlab.arguments"] = "mlab/arguments.lua",
    ["mlab.client"] = "mlab/client.lua",
    ["mlab.delivery"] = "mlab/delivery.lua",
    ["mlab.events"] = "mlab/events.lua",
    ["mlab.failure"] = "mlab/failure.lua",
    ["mlab.native"] = "mlab/native.lua",
    ["mlab.raw"] = "mlab/raw.lua",
    ["mlab.result"] = "mlab/result.lua",
    ["mlab.system"] = "mlab/system.lua",
  },
}
