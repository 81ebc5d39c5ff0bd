-- SPDX-License-Identifier: MIT
-- Messages one after the other on a connection; nothing of one is left in the next, however it ended.
local conn = introduced()

local function pitch(id)
  envelope(conn, "marcus@order-" .. id .. ".example", "alex@example.net")
  fields(conn, { From = "Marcus Reed <marcus@order-" .. id .. ".example>", ["Message-ID"] = "<" .. id .. "@order.example>" })
  must(mt.eoh(conn), "eoh")
  body(conn)
  must(mt.eom(conn), "eom")
  must_be(mt.getreply(conn), SMFIR_ACCEPT, "answer to " .. id)
  must_be(verdict(conn), "pitch", "verdict of " .. id)
end

local function empty(id)
  -- The rest is filled in by miltertest: a message of its own with one field.
  envelope(conn, "sam@order-" .. id .. ".example", "alex@example.net")
  must(mt.header(conn, "From", "sam@order-" .. id .. ".example"), "header")
  must(mt.eoh(conn), "eoh")
  must(mt.eom(conn), "eom without a body")
  must_be(mt.getreply(conn), SMFIR_ACCEPT, "answer to " .. id)
  must_be(verdict(conn), "none", "verdict of " .. id)
end

pitch("first")
empty("second")

-- RSET after each step of a transaction.
envelope(conn, "marcus@order-third.example", "alex@example.net")
must(mt.abort(conn), "abort after rcpt")
empty("fourth")
envelope(conn, "marcus@order-fifth.example", "alex@example.net")
fields(conn)
must(mt.abort(conn), "abort among the fields")
empty("sixth")
envelope(conn, "marcus@order-seventh.example", "alex@example.net")
fields(conn)
must(mt.eoh(conn), "eoh")
body(conn)
must(mt.abort(conn), "abort after the body")
empty("eighth")
must(mt.abort(conn), "abort with nothing begun")
pitch("ninth")
mt.disconnect(conn)

-- Gone without a word, at each step.
for step = 1, 5 do
  conn = introduced()
  if step > 1 then envelope(conn, "marcus@order-gone.example", "alex@example.net") end
  if step > 2 then fields(conn) end
  if step > 3 then must(mt.eoh(conn), "eoh") end
  if step > 4 then body(conn) end
  mt.disconnect(conn, false)
end
conn = introduced()
pitch("last")
mt.disconnect(conn)
