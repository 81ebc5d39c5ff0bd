// SPDX-License-Identifier: MIT
#include "policies/expression_pool.h"

#include <re2/re2.h>

#include <cstdint>
#include <utility>

#include "policies/expression_pieces.h"

namespace coldpitch {
namespace {

/// Memory RE2 may use for one expression, its automaton included; shipped ones need a few KB.
constexpr std::int64_t kMaxMemory = std::int64_t{1} << 20;

re2::RE2::Options options() {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  return options;
}

}  // namespace

ExpressionPool::ExpressionPool() = default;
ExpressionPool::~ExpressionPool() = default;
ExpressionPool::ExpressionPool(ExpressionPool&& other) noexcept = default;
ExpressionPool& ExpressionPool::operator=(ExpressionPool&& other) noexcept = default;

ExpressionPool::Entry& ExpressionPool::add(const std::string& expression) {
  const auto [place, is_new] = entries_.try_emplace(expression);
  Entry& entry = place->second;
  if (!is_new) return entry;
  auto compiled = std::make_unique<const re2::RE2>(expression, options());
  if (compiled->ok()) {
    entry.pieces = expression_pieces(expression);
    entry.extent = hit_extent(expression);
    entry.compiled = compiled.get();
    compiled_.push_back(std::move(compiled));
  } else {
    entry.refusal = compiled->error();
  }
  return entry;
}

}  // namespace coldpitch
