// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "parsers/limits.h"
#include "parsers/problems.h"

namespace coldpitch {

/// What the entities of one message may cost together, however they nest. Notes the problem when it says no. For one thread.
class MimeBudget {
 public:
  /// `limits` and `problems` must outlive the budget; `message_octets` is the size of the message.
  MimeBudget(const Limits& limits, Problems& problems, std::size_t message_octets);

  [[nodiscard]] const Limits& limits() const { return limits_; }
  [[nodiscard]] Problems& problems() { return problems_; }
  /// Notes a problem of the message, once.
  void note(std::string_view problem) { problems_.add(problem); }

  /// Counts an entity whose header block holds so many fields.
  void count_entity(std::size_t fields);
  /// True while another entity may be added; notes nothing.
  [[nodiscard]] bool has_room() const;
  /// True when an entity at `depth` may have parts.
  [[nodiscard]] bool allows_parts(std::size_t depth);
  /// True when an encoded container whose decoded body has so many octets may be read again.
  [[nodiscard]] bool allows_reading_again(std::size_t octets);
  /// Limits for the next header block.
  [[nodiscard]] Limits header_limits() const;

 private:
  const Limits& limits_;
  Problems& problems_;
  std::size_t octets_to_read_again_;
  std::size_t entities_ = 0;
  std::size_t fields_ = 0;
};

}  // namespace coldpitch
