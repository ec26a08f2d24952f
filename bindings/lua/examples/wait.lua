-- Waits for one queued job with a progress line, and prints the URLs of its images, or saves them and prints where.
--
--     MODELSLAB_API_KEY=... luajit wait.lua 12202888 [eta in seconds, as the generation call said]
--
-- MLAB_IMAGES is a folder to save the images into. MLAB_ENDPOINT and MLAB_CA_FILE set another endpoint and what to trust.
--
-- Exit code: 0 the images are there (saved, if asked for), 3 not yet when the deadline came, 130 stopped by Ctrl-C,
-- 1 something went wrong, 2 wrong use.
local mlab = require "mlab"

local function say(text, ...)
  io.stderr:write(text:format(...), "\n")
end

local function show_progress(polls, elapsed, eta, next_poll)
  local more = eta and (", the server expects %.1f s more"):format(eta) or ""
  say("%.1f s, %d poll%s, next in %.1f s%s", elapsed, polls, polls == 1 and "" or "s", next_poll - elapsed, more)
end

local codes = { MLAB_E_DEADLINE = 3, MLAB_E_INVALID_ARGUMENT = 2 }

local function fail(err)
  say("%s", tostring(err))
  os.exit(codes[err.name] or 1)
end

local id, eta = arg[1], arg[2] and tonumber(arg[2])
if not id or arg[3] or (arg[2] and not eta) then
  say "usage: MODELSLAB_API_KEY=<your key> luajit wait.lua <id> [eta in seconds]"
  os.exit(2)
end

local client, refused = mlab.Client(nil, { endpoint = os.getenv "MLAB_ENDPOINT", ca_file = os.getenv "MLAB_CA_FILE" })
if not client then
  fail(refused)
end

local options = { eta = eta, download_dir = os.getenv "MLAB_IMAGES", progress = show_progress }
local fine, result, err = pcall(client.wait, client, id, options)
if not fine then
  if not tostring(result):find("interrupted!", 1, true) then
    error(result, 0)
  end
  say "stopped"
  os.exit(130)
elseif not result then
  fail(err)
end

for _, image in ipairs(result.images) do
  print(("%s (%s, %d x %d)"):format(image.path, image.type, image.width, image.height))
end
if #result.images == 0 then
  print(table.concat(result.urls, "\n"))
end
say("ready after %.1f s", result.elapsed)
