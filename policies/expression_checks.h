// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "policies/expression_pool.h"

namespace coldpitch {

/// Longest expression, in octets.
inline constexpr std::size_t kMaxExpressionOctets = 1000;
/// Widest gap in an expression, in characters; wider ones make a set of expressions slow, and are said by `near`.
inline constexpr std::size_t kMaxGap = 8;

/// What is wrong with an expression of a rule, each as the end of a sentence about it ("matches the empty text"); empty
/// when it may be used. Pure, linear but for RE2's compilation (bounded by its memory limit).
///
/// Refused: what RE2 refuses; an expression that is empty, too long or hits without taking a character; control octets; gaps (`.`, `\W`,
/// `\S`, `\D`, negated classes, those of letters and blanks, or a repeated group with a repeated word class in it) that may take more than kMaxGap characters in
/// a row; characters that folded text never holds (upper-case letters, typographic quotes ...); what reach_faults() tells.
[[nodiscard]] std::vector<std::string> expression_faults(const std::string& expression);
/// The same, worked out once for all rules that share `pool`.
[[nodiscard]] std::vector<std::string> expression_faults(const std::string& expression, ExpressionPool& pool);

/// True for an expression that tells nothing about a text: it hits every one of a few short ordinary ones. Pure.
[[nodiscard]] bool hits_almost_any_text(const std::string& expression);
[[nodiscard]] bool hits_almost_any_text(const std::string& expression, ExpressionPool& pool);

}  // namespace coldpitch
