// SPDX-License-Identifier: MIT
#include "cli/recipients.h"

#include "tests/support/catch.h"

using namespace coldpitch;

TEST_CASE("the recipients of a file are those it was delivered to, else all it names") {
  const Limits limits;
  const std::vector<std::string> named = {"a@example.net", "b@example.net", "c@example.net"};
  CHECK(recipients_in_header("To: a@example.net, B <b@example.net>\nCc: c@example.net\n\nTo: d@example.net\n",
                             limits) == named);
  CHECK(recipients_in_header("Delivered-To: x@example.net\nTo: list@lists.example\n\n", limits) ==
        std::vector<std::string>{"x@example.net"});
  CHECK(recipients_in_header("To: undisclosed-recipients:;\n\n", limits).empty());
  Limits few;
  few.recipients = 2;
  CHECK(recipients_in_header("To: a@example.net, b@example.net, c@example.net\n\n", few).size() == 2);
}

TEST_CASE("the sender of a file is its return path, else its author") {
  const Limits limits;
  CHECK(sender_in_header("Return-Path: <r@bounce.example>\nFrom: a@example.org\n\n", limits) ==
        "r@bounce.example");
  CHECK(sender_in_header("Return-Path: <>\nFrom: a@example.org\n\n", limits).empty());
  CHECK(sender_in_header("From: Jane <a@example.org>\n\n", limits) == "a@example.org");
  CHECK(sender_in_header("Subject: none\n\n", limits).empty());
}

TEST_CASE("the date of a message is the one it gives, unless that lies ahead of its arrival") {
  const Limits limits;
  const auto date = [&](const std::string& header) { return date_in_header(header + "\n\nText\n", limits); };
  const std::string sent = "Date: Mon, 05 Oct 2026 10:00:00 +0000";
  CHECK(date(sent) == parse_rfc3339("2026-10-05T10:00:00Z"));
  CHECK(date("Received: from a by b; Wed, 07 Oct 2026 10:00:00 +0000\n" + sent) ==
        parse_rfc3339("2026-10-05T10:00:00Z"));
  CHECK(date("Received: from a by b; Sun, 04 Oct 2026 11:00:00 +0000\n" + sent) ==
        parse_rfc3339("2026-10-05T10:00:00Z"));
  CHECK(date("Received: from a by b; Sun, 04 Oct 2026 09:00:00 +0000\n" + sent) ==
        parse_rfc3339("2026-10-04T09:00:00Z"));
  CHECK(date("Received: from a by b; Sun, 04 Oct 2026 09:00:00 +0000") ==
        parse_rfc3339("2026-10-04T09:00:00Z"));
  CHECK(date("Received: nonsense; never\n" + sent) == parse_rfc3339("2026-10-05T10:00:00Z"));
  CHECK_FALSE(date("Subject: x"));
}
