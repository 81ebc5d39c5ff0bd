-- SPDX-License-Identifier: MIT
-- What the scripts share. Given with -D: `socket` (unix:/path), `sample` (the path of a pitch).

-- The program says nothing of an error by itself.
local function fail(why)
  mt.echo(why)
  error(why)
end

function must(problem, what)
  if problem ~= nil then
    fail(what .. ": " .. tostring(problem))
  end
end

function must_be(found, expected, what)
  if found ~= expected then
    fail(what .. ": " .. tostring(found) .. " instead of " .. tostring(expected))
  end
end

function connected()
  local conn = mt.connect(socket)
  if conn == nil then
    fail("cannot connect to " .. socket)
  end
  return conn
end

-- The manual page names the actions before the steps; the program takes them the other way round.
function negotiate(conn, version, actions, steps)
  must(mt.negotiate(conn, version, steps, actions), "negotiate")
end

-- Negotiates, with what is offered, and tells of the client.
function introduced(actions)
  local conn = connected()
  negotiate(conn, nil, actions, nil)
  must(mt.conninfo(conn, "client.example", "192.0.2.44"), "connect")
  must(mt.helo(conn, "client.example"), "helo")
  return conn
end

function envelope(conn, sender, recipient)
  must(mt.mailfrom(conn, "<" .. sender .. ">"), "mail")
  must_be(mt.getreply(conn), SMFIR_CONTINUE, "answer to mail")
  must(mt.rcptto(conn, "<" .. recipient .. ">"), "rcpt")
end

-- The fields of the sample, with `changes` of some bodies.
function fields(conn, changes)
  local name, body
  local function send()
    if name ~= nil then
      must(mt.header(conn, name, (changes or {})[name] or body), "header " .. name)
    end
  end
  for line in io.lines(sample) do
    line = line:gsub("\r$", "")
    if line == "" then
      break
    elseif line:match("^[ \t]") then
      body = body .. "\n" .. line
    else
      send()
      name, body = line:match("^([^:]+): ?(.*)$")
    end
  end
  send()
end

function body(conn)
  local in_body = false
  local text = {}
  for line in io.lines(sample) do
    line = line:gsub("\r$", "")
    if in_body then
      text[#text + 1] = line
    end
    in_body = in_body or line == ""
  end
  must(mt.bodystring(conn, table.concat(text, "\r\n") .. "\r\n"), "body")
end

function verdict(conn)
  return (mt.getheader(conn, "X-Cold-Pitch", 0) or "none at all"):match("^ ?([^;]*)")
end
