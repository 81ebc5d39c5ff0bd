// SPDX-License-Identifier: MIT
#include "milter/address_map.h"

#include <chrono>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

AddressMap numbered(const std::vector<std::string>& entries) {
  AddressMap map;
  for (std::size_t at = 0; at < entries.size(); ++at) map.add(entries[at], at + 1);
  return map;
}

/// The number of the entry that `address` finds, or 0.
std::size_t found(const AddressMap& map, std::string_view address) {
  const auto match = map.find(address);
  return match ? match->value : 0;
}

}  // namespace

TEST_CASE("address map: the most exact entry is found") {
  const AddressMap map =
      numbered({"*", "Example.NET", "@sub.example.net", "Jo@sub.example.net", "bücher.example"});
  CHECK(found(map, "jo@sub.example.net") == 4);
  CHECK(found(map, "al@sub.example.net") == 3);
  CHECK(found(map, "al@deep.sub.example.net") == 3);
  CHECK(found(map, "al@example.net") == 2);
  CHECK(found(map, "al@notexample.net") == 1);
  CHECK(found(map, "al@xn--bcher-kva.example") == 5);
  CHECK(found(map, "") == 1);
  CHECK(found(map, "nobody") == 1);
  CHECK(found(numbered({"example.net"}), "") == 0);
  CHECK(found(numbered({"example.net"}), "*") == 0);
  CHECK(found(AddressMap(), "jo@example.net") == 0);
}

TEST_CASE("address map: ranks rise with exactness") {
  const AddressMap map = numbered({"*", "net", "example.net", "jo@example.net"});
  CHECK(map.find("x@other.example")->rank == 1);
  CHECK(map.find("x@a.net")->rank == 4);
  CHECK(map.find("x@example.net")->rank == 12);
  CHECK(map.find("jo@example.net")->rank == AddressMap::kAddressRank);
}

TEST_CASE("address map: the first of two equal entries stays") {
  AddressMap map;
  CHECK(map.add("example.net", 1));
  CHECK_FALSE(map.add("@EXAMPLE.net", 2));
  CHECK(found(map, "a@example.net") == 1);
}

TEST_CASE("address map: people on LinkedIn") {
  const AddressMap map = numbered({"linkedin.com/in/Jane-Doe", "linkedin.com"});
  CHECK(map.find_person("jane-doe")->value == 1);
  CHECK(map.find_person("jane-doe")->rank == AddressMap::kAddressRank);
  CHECK_FALSE(map.find_person("john-doe"));
  CHECK_FALSE(map.find_person(""));
  CHECK(found(map, "inmail@linkedin.com") == 2);
}

TEST_CASE("address map: what is no entry") {
  for (const char* entry :
       {"*", "a@b.example", "b.example", "@b.example", "linkedin.com/in/a", "localhost"}) {
    CHECK(AddressMap::fault_of(entry).empty());
  }
  for (const char* entry :
       {"", "a b@c.example", "Jo <jo@c.example>", ".c.example", "jo@", "https://c.example/"}) {
    CHECK(AddressMap::fault_of(entry) ==
          "'" + std::string(entry) + "' is no address (user@example.net), domain (example.net) or '*'");
  }
  CHECK(AddressMap::fault_of("linkedin.com/in/") ==
        "'linkedin.com/in/' names no profile (write linkedin.com/in/NAME)");
  CHECK_FALSE(AddressMap::fault_of("linkedin.com/in/a/b").empty());
}

TEST_CASE("address map: a hundred thousand entries are as quick as one") {
  AddressMap map;
  for (int entry = 0; entry < 100'000; ++entry) map.add("user" + std::to_string(entry) + "@example.net");
  const auto start = std::chrono::steady_clock::now();
  std::size_t hits = 0;
  for (int look = 0; look < 10'000; ++look) {
    hits += map.find("user" + std::to_string(look * 20) + "@example.net") ? 1 : 0;
  }
  CHECK(hits == 5000);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
}
