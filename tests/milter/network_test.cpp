// SPDX-License-Identifier: MIT
#include "milter/network.h"

#include "tests/support/catch.h"

using coldpitch::Network;
using coldpitch::network_of;

TEST_CASE("a network contains its addresses and no others") {
  struct Row {
    const char* network;
    const char* address;
    bool contained;
  };
  const Row rows[] = {
      {"127.0.0.0/8", "127.0.0.1", true},
      {"127.0.0.0/8", "128.0.0.1", false},
      {"192.0.2.0/25", "192.0.2.127", true},
      {"192.0.2.0/25", "192.0.2.128", false},
      {"192.0.2.7", "192.0.2.7", true},
      {"192.0.2.7", "192.0.2.8", false},
      {"0.0.0.0/0", "203.0.113.9", true},
      {"0.0.0.0/0", "2001:db8::1", false},
      {"::1/128", "::1", true},
      {"2001:db8::/32", "IPv6:2001:db8:1::5", true},
      {"2001:db8::/32", "2001:db9::5", false},
      {"::ffff:192.0.2.0/120", "192.0.2.9", true},
      {"192.0.2.0/24", "not an address", false},
      {"192.0.2.0/24", "", false},
  };
  for (const Row& row : rows) {
    CAPTURE(row.network, row.address);
    const auto network = Network::parse(row.network);
    REQUIRE(network);
    CHECK(network->contains(row.address) == row.contained);
  }
}

TEST_CASE("what is no network is refused") {
  for (const char* text : {"", "192.0.2", "192.0.2.0/33", "192.0.2.1/24", "::/129", "192.0.2.0/",
                           "192.0.2.0/2x", "host.example"}) {
    CAPTURE(text);
    CHECK_FALSE(Network::parse(text));
  }
}

TEST_CASE("an address is counted under its block") {
  CHECK(network_of("192.0.2.77") == "192.0.2.0/24");
  CHECK(network_of("::ffff:192.0.2.77") == "192.0.2.0/24");  // the same block, written otherwise
  CHECK(network_of("IPv6:2001:db8:5:6::1") == "2001:db8:5::/48");
  CHECK(network_of("::1") == "::/48");
  CHECK(network_of("").empty());
  CHECK(network_of("unknown").empty());
}
