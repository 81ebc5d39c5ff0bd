// SPDX-License-Identifier: MIT
// The tree of entities of any octets, with small limits so that they are reached.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/mime.h"

using namespace coldpitch;

namespace {

Limits small_limits() {
  Limits limits;
  limits.message_octets = 64U * 1024U;
  limits.mime_depth = 5;
  limits.mime_parts = 12;
  limits.header_octets = 2048;
  limits.part_header_octets = 1024;
  limits.header_fields = 20;
  limits.field_octets = 512;
  limits.boundary_octets = 40;
  return limits;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const Limits limits = small_limits();
  Problems problems;
  const std::vector<MimePart> parts = parse_mime(octets, limits, problems).parts;
  // One part more for junk that found no text.
  if (parts.empty() || parts.size() > limits.mime_parts + 1) std::abort();
  std::vector<std::size_t> children(parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const MimePart& part = parts[i];
    if ((i == 0) != (part.parent == MimePart::kNoParent)) std::abort();
    if (i == 0) continue;
    if (part.parent >= i || part.depth != parts[part.parent].depth + 1) std::abort();
    ++children[part.parent];
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].children != children[i]) std::abort();
    if (parts[i].is_container() && !parts[i].body.empty()) std::abort();
    if (parts[i].depth > limits.mime_depth + 1) std::abort();
  }
  return 0;
}
