// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>

#include "tests/parsers/gmime/reading.h"

namespace coldpitch::test {

/// What is compared.
enum class Aspect : std::size_t { parts, text, subject, from };
inline constexpr std::array<std::string_view, 4> kAspectNames{"parts", "text", "subject", "from"};

/// A message both have read.
struct Comparison {
  std::string_view octets;
  const Reading& ours;
  const Reading& gmime;
  const Problems& problems;

  [[nodiscard]] bool agrees(Aspect aspect) const;
};

/// A reason why the two may differ, each told in docs/parsers.md.
struct DifferenceClass {
  Aspect aspect;
  std::string_view name;
  std::size_t bound;  ///< of messages in the corpus; more are a failure
};

/// All of them.
[[nodiscard]] std::span<const DifferenceClass> difference_classes();

/// The name of the class that explains why `aspect` does not agree; "" when none does.
[[nodiscard]] std::string_view explain(const Comparison& comparison, Aspect aspect);

}  // namespace coldpitch::test
