// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "milter/pipeline.h"

namespace coldpitch {

/// A header field to be added. `body` is folded: lines joined by LF and a blank (what libmilter wants), no line over 77
/// columns where a blank allows a break, never over 998; printable ASCII only.
struct ResultField {
  std::string name;
  std::string body;

  bool operator==(const ResultField&) const = default;
};

/// True for the fields only coldpitch may write: names beginning with "X-Cold-Pitch", in any case.
[[nodiscard]] bool is_result_field(std::string_view name);

/// The fields a judged message gets, in the order they are to stand in (docs/headers.md). Empty for outbound mail. Pure.
///
/// No value holds text of the message: rule, clause and policy names and the policies' own reasons only; addresses only of
/// recipients already visible in To or Cc.
[[nodiscard]] std::vector<ResultField> result_fields(const Judgement& judgement);

/// `text` folded as described at ResultField; `name` counts into the first line. Octets outside printable ASCII become '?'.
[[nodiscard]] std::string fold_field(std::string_view name, std::string_view text);

/// X-Cold-Pitch-Original-Recipients: the visible recipients, and how many blind ones there were. For a message whose recipients are
/// replaced.
[[nodiscard]] ResultField original_recipients_field(const Judgement& judgement);

/// "8.5": one decimal, no locale.
[[nodiscard]] std::string format_score(double score);

}  // namespace coldpitch
