-- Tests have names that are sentences; one that raises has failed, and the next goes on.
local check = {}
local failed, ran = 0, 0

function check.equal(got, wanted, what)
  if got ~= wanted then
    error(("%s is %s, not %s"):format(what or "it", tostring(got), tostring(wanted)), 2)
  end
end

function check.holds(condition, what)
  if not condition then
    error(what or "it does not hold", 2)
  end
end

function check.starts(text, start)
  text = tostring(text)
  if text:sub(1, #start) ~= start then
    error(("%q does not start with %q"):format(text, start), 2)
  end
end

--- What a call returned is nil and an error of this name.
function check.fails(name, result, err)
  check.equal(result, nil, "the result")
  check.equal(err and err.name, name, "the error")
  return err
end

function check.test(name, run)
  ran = ran + 1
  local fine, trouble = xpcall(run, debug.traceback)
  if not fine then
    failed = failed + 1
    io.stderr:write("FAILED: ", name, "\n", trouble, "\n")
  end
end

--- Ends the program as its tests went.
function check.finish()
  io.stderr:write(("%d tests, %d failed\n"):format(ran, failed))
  os.exit(failed == 0 and ran > 0 and 0 or 1)
end

return check
