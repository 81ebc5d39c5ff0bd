// SPDX-License-Identifier: MIT
// Date fields and RFC 3339 instants on any octets; what is written is read again.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/date.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& time : {parse_date(text), parse_rfc3339(text)}) {
    if (time && parse_rfc3339(format_rfc3339(*time)) != time) std::abort();
  }
  return 0;
}
