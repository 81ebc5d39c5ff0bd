// SPDX-License-Identifier: MIT
#include "policies/expression_pool.h"

#include <re2/filtered_re2.h>
#include <re2/re2.h>

#include <cstdint>

#include "policies/atom_finder.h"

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

ExpressionPool::ExpressionPool()
    : filter_(std::make_unique<re2::FilteredRE2>(static_cast<int>(AtomFinder::kMinOctets))) {}
ExpressionPool::~ExpressionPool() = default;
ExpressionPool::ExpressionPool(ExpressionPool&& other) noexcept = default;
ExpressionPool& ExpressionPool::operator=(ExpressionPool&& other) noexcept = default;

ExpressionPool::Entry& ExpressionPool::add(const std::string& expression) {
  const auto [place, is_new] = entries_.try_emplace(expression);
  Entry& entry = place->second;
  if (!is_new) return entry;
  int index = 0;
  if (filter_->Add(expression, options(), &index) == re2::RE2::NoError) {
    entry.index = static_cast<std::size_t>(index);
    entry.compiled = &filter_->GetRE2(index);
    ++size_;
  } else {
    entry.refusal = re2::RE2(expression, options()).error();
  }
  return entry;
}

}  // namespace coldpitch
