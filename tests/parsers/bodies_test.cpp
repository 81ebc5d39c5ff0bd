// SPDX-License-Identifier: MIT
// Each message of tests/data/bodies/ read with LF and with CRLF: the text and the problems its .expected file holds.
#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "parsers/message.h"
#include "parsers/text.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char octet : text) {
    if (octet == '\n') out += '\r';
    out += octet;
  }
  return out;
}

/// In the form of an .expected file.
std::string reading_of(const Message& message) {
  std::string reading = "problems:";
  for (const std::string& problem : message.problems.names()) reading += ' ' + problem;
  return reading + "\n\n" + message.text + '\n';
}

TEST_CASE("the body of a message is what its readers see") {
  std::vector<std::filesystem::path> messages;
  for (const auto& entry :
       std::filesystem::directory_iterator(COLDPITCH_SOURCE_FOLDER "/tests/data/bodies")) {
    if (entry.path().extension() == ".eml") messages.push_back(entry.path());
  }
  REQUIRE(messages.size() > 10);
  std::sort(messages.begin(), messages.end());
  for (const std::filesystem::path& path : messages) {
    CAPTURE(path.filename());
    const std::string expected = read_file(std::filesystem::path(path).replace_extension("expected"));
    const std::string octets = read_file(path);
    CHECK(reading_of(parse_message(octets, Limits{})) == expected);
    CHECK(reading_of(parse_message(with_crlf(octets), Limits{})) == expected);
  }
}

}  // namespace
}  // namespace coldpitch
