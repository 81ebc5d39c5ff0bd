// SPDX-License-Identifier: MIT
// base64, quoted-printable and uuencode on any octets: never longer than the input.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/transfer_encoding.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  Problems problems;
  std::string tail;
  const std::string decoded = decode_base64(octets, problems, &tail);
  if (decoded.size() + tail.size() > size) std::abort();
  if (!tail.empty() != problems.has("base64-after-padding")) std::abort();
  if (decode_quoted_printable(octets, problems).size() > size) std::abort();
  if (decode_quoted_printable(octets, problems, true).size() > size) std::abort();
  for (const std::string_view encoding : {"x-uuencode", "8bit", "quoted-printable", "base64", "other"}) {
    if (decode_transfer_encoding(octets, encoding, problems).size() > size) std::abort();
  }
  return 0;
}
