// SPDX-License-Identifier: MIT
#include "milter/listen_address.h"

#include "tests/support/catch.h"

using coldpitch::parse_listen_address;

TEST_CASE("a listen address is read in both notations and written in each") {
  struct Row {
    const char* text;
    const char* libmilter;
    const char* postfix;
    const char* sendmail;
  };
  const Row rows[] = {
      {"unix:/run/coldpitch/milter.sock", "unix:/run/coldpitch/milter.sock",
       "unix:/run/coldpitch/milter.sock", "local:/run/coldpitch/milter.sock"},
      {"/run/m.sock", "unix:/run/m.sock", "unix:/run/m.sock", "local:/run/m.sock"},
      {"local:/run/m.sock", "unix:/run/m.sock", "unix:/run/m.sock", "local:/run/m.sock"},
      {"unix:m.sock", "unix:/etc/coldpitch/m.sock", "unix:/etc/coldpitch/m.sock",
       "local:/etc/coldpitch/m.sock"},
      {"inet:8894@127.0.0.1", "inet:8894@127.0.0.1", "inet:127.0.0.1:8894", "inet:8894@127.0.0.1"},
      {"inet:127.0.0.1:8894", "inet:8894@127.0.0.1", "inet:127.0.0.1:8894", "inet:8894@127.0.0.1"},
      {"inet:localhost:8894", "inet:8894@localhost", "inet:localhost:8894", "inet:8894@localhost"},
      {"inet6:[::1]:8894", "inet6:8894@::1", "inet:[::1]:8894", "inet6:8894@::1"},
      {"inet6:8894@::1", "inet6:8894@::1", "inet:[::1]:8894", "inet6:8894@::1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    const auto address = parse_listen_address(row.text, "/etc/coldpitch");
    REQUIRE(address);
    CHECK(address->for_libmilter() == row.libmilter);
    CHECK(address->for_postfix() == row.postfix);
    CHECK(address->for_sendmail() == row.sendmail);
  }
}

TEST_CASE("what is no listen address is refused") {
  for (const char* text : {"", "unix:", "tcp:1", "inet:127.0.0.1", "inet:0@127.0.0.1", "inet:99999@127.0.0.1",
                           "inet:80x@h", "inet:8894@"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_listen_address(text, "/"));
  }
  CHECK(parse_listen_address("unix:/" + std::string(102, 'a'), "/"));
  CHECK_FALSE(parse_listen_address("unix:/" + std::string(103, 'a'), "/"));
}
