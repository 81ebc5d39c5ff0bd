// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "milter/snapshot.h"

namespace coldpitch::test {

/// A configuration (trusting mx.example.net, with the local domain example.net and `configuration` added) with one small policy whose numbers
/// the tests know: "cheap apples" 3.0, "apples" 2.0 (one group), "call me" 1.5, "today only" 1.5, "i want to buy" -3.0, an unanswered pitch 2.5; suspect from
/// 2.0, pitch from 4.0 and two groups.
[[nodiscard]] std::shared_ptr<const Snapshot> test_snapshot(const std::string& configuration = "");

}  // namespace coldpitch::test
