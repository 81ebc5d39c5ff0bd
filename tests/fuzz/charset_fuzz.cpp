// SPDX-License-Identifier: MIT
// The first line is a charset label, the rest octets in that charset: well-formed UTF-8, at most four times as long.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/charset.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t label = std::min(input.find('\n'), input.size());
  const std::string_view octets = input.substr(std::min(label + 1, input.size()));
  Problems problems;
  const std::string text = to_utf8(octets, input.substr(0, label), problems);
  if (!is_valid_utf8(text) || text.size() > 4 * octets.size() + 16) std::abort();
  return 0;
}
