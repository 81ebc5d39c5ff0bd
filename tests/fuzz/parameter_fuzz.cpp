// SPDX-License-Identifier: MIT
// Content-Type and Content-Disposition with RFC 2231 parameters, and encoding tokens, on any octets.
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>

#include "parsers/content_type.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  Problems problems;
  const ParameterisedValue value = parse_parameterised(body, problems);
  if (value.value != to_ascii_lower(value.value) || value.parameters.size() > 200) std::abort();
  if (value.value.find_first_of(" ;\"()") != std::string::npos) std::abort();
  std::set<std::string> names;
  for (const auto& [name, text] : value.parameters) {
    if (name != to_ascii_lower(name) || name.empty() || !names.insert(name).second) std::abort();
    if (name != "boundary" && !is_valid_utf8(text)) std::abort();
    if (value.parameter(name) != text) std::abort();
  }
  const std::string token = parse_encoding_token(body);
  if (token != to_ascii_lower(token) || token.size() > size) std::abort();
  return 0;
}
