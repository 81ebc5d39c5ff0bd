// SPDX-License-Identifier: MIT
// Encoded-words on any octets: UTF-8 on one line, bounded by the input.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/encoded_word.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  Problems problems;
  const std::string text = decode_encoded_words(body, problems);
  if (!is_valid_utf8(text) || text.size() > 20 * size + 16) std::abort();
  if (text.find_first_of(std::string_view("\r\n\t\0", 4)) != std::string::npos) std::abort();
  return 0;
}
