-- SPDX-License-Identifier: MIT
-- Actions the MTA does not offer become annotate, or nothing at all.
local function judged(actions, recipient, id)
  local conn = introduced(actions)
  envelope(conn, "marcus@less-" .. id .. ".example", recipient .. "@example.net")
  fields(conn, { From = "Marcus Reed <marcus@less-" .. id .. ".example>", ["Message-ID"] = "<" .. id .. "@less.example>" })
  must(mt.eoh(conn), "eoh")
  body(conn)
  must(mt.eom(conn), "eom")
  must_be(mt.getreply(conn), SMFIR_ACCEPT, "answer to " .. id)
  return conn
end

local fields_only = SMFIF_ADDHDRS + SMFIF_CHGHDRS
local conn = judged(fields_only + SMFIF_QUARANTINE, "hold", "all")
must_be(mt.eom_check(conn, MT_QUARANTINE), true, "held where it is offered")
mt.disconnect(conn)

conn = judged(fields_only, "hold", "no-quarantine")
must_be(mt.eom_check(conn, MT_QUARANTINE), false, "held where it is not offered")
must_be(verdict(conn), "pitch", "verdict without quarantine")
mt.disconnect(conn)

conn = judged(fields_only + SMFIF_ADDRCPT + SMFIF_DELRCPT, "box", "recipients")
must_be(mt.eom_check(conn, MT_RCPTADD, "<held@example.net>"), true, "a recipient is added where it is offered")
mt.disconnect(conn)

conn = judged(fields_only, "box", "no-recipients")
must_be(mt.eom_check(conn, MT_RCPTADD, "<held@example.net>"), false, "a recipient is added where it is not offered")
must_be(verdict(conn), "pitch", "verdict without changes of recipients")
mt.disconnect(conn)

conn = judged(SMFIF_ADDHDRS, "tag", "no-changes")
must_be(mt.eom_check(conn, MT_HDRCHANGE), false, "a field is changed where it is not offered")
must_be(verdict(conn), "pitch", "verdict without changes of fields")
mt.disconnect(conn)

conn = judged(SMFIF_CHGHDRS, "alex", "no-additions")
must_be(mt.eom_check(conn, MT_HDRINSERT), false, "a field is added where it is not offered")
mt.disconnect(conn)
