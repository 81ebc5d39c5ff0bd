// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// The oddities met and limits reached while a message was read, each named once, in order of meeting.
///
/// Names are stable, lower-case and hyphenated (`mime-depth`, `header-junk`): they are written to JSON
/// and may be used by rules. They never hold text of the message. Not thread-safe; one per message.
class Problems {
 public:
  /// Notes `name` unless it is noted already. Cost: linear in the (small) number of names.
  void add(std::string_view name);

  [[nodiscard]] bool has(std::string_view name) const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  bool operator==(const Problems&) const = default;

 private:
  std::vector<std::string> names_;
};

}  // namespace coldpitch
