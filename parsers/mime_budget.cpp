// SPDX-License-Identifier: MIT
#include "parsers/mime_budget.h"

#include <algorithm>

namespace coldpitch {
namespace {

/// Entities nest no deeper, whatever the settings say: the entity parser calls itself for each level.
constexpr std::size_t kDeepest = 200;

/// Encoded containers in encoded containers are read again until they cost this many times the message. Base64 takes a
/// quarter off each time, so only quoted-printable can come so far.
constexpr std::size_t kReadAgainFactor = 4;

/// So many header blocks of a message may be as long as limits.header_fields, then blocks get a few fields only: a field of three
/// octets takes twenty times its size.
constexpr std::size_t kLongHeaders = 10;
constexpr std::size_t kFewFields = 50;

}  // namespace

MimeBudget::MimeBudget(const Limits& limits, Problems& problems, std::size_t message_octets)
    : limits_(limits), problems_(problems), octets_to_read_again_(kReadAgainFactor * message_octets) {}

void MimeBudget::count_entity(std::size_t fields) {
  ++entities_;
  fields_ += fields;
}

bool MimeBudget::has_room() const { return entities_ < limits_.mime_parts; }

bool MimeBudget::allows_parts(std::size_t depth) {
  if (depth >= std::min(limits_.mime_depth, kDeepest)) {
    note("mime-depth");
    return false;
  }
  if (!has_room()) note("mime-parts");
  return has_room();
}

bool MimeBudget::allows_reading_again(std::size_t octets) {
  if (!has_room()) {
    note("mime-parts");
    return false;
  }
  if (octets > octets_to_read_again_) {
    note("mime-depth");
    return false;
  }
  octets_to_read_again_ -= octets;
  return true;
}

Limits MimeBudget::header_limits() const {
  const std::size_t most = limits_.header_fields;
  Limits limits = limits_;
  limits.header_fields = std::min(most, std::max(most - std::min(most, fields_ / kLongHeaders), kFewFields));
  return limits;
}

}  // namespace coldpitch
