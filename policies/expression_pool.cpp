// SPDX-License-Identifier: MIT
#include "policies/expression_pool.h"

#include <utility>

#include "policies/expression_pieces.h"

namespace coldpitch {

ExpressionPool::ExpressionPool() = default;
ExpressionPool::~ExpressionPool() = default;
ExpressionPool::ExpressionPool(ExpressionPool&& other) noexcept = default;
ExpressionPool& ExpressionPool::operator=(ExpressionPool&& other) noexcept = default;

ExpressionPool::Entry& ExpressionPool::add(const std::string& expression) {
  const auto [place, is_new] = entries_.try_emplace(expression);
  Entry& entry = place->second;
  if (!is_new) return entry;
  const Automata::Expression& compiled = automata_->add(expression);
  entry.refusal = compiled.refusal();
  if (!entry.refusal.empty()) return entry;
  entry.pieces = compiled.texts().empty() ? expression_pieces(expression) : compiled.texts();
  entry.extent = hit_extent(expression);
  entry.compiled = &compiled;
  return entry;
}

}  // namespace coldpitch
