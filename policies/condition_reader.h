// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/expression_pool.h"
#include "policies/policy.h"
#include "policies/schema_map.h"

namespace coldpitch {

/// Reads conditions: the keys of condition_schema().
///
/// Several of them in one map are joined by "and". An entry of a list is an expression, or a map with the same keys. `where`
/// holds for all expressions of its map that have none of their own. Below `signals` an entry is the name of a signal.
class ConditionReader {
 public:
  /// `lists` are those the policy has; they and `expressions` must outlive this.
  ConditionReader(const YamlDocument& document, const std::vector<WordList>& lists,
                  ExpressionPool& expressions, std::vector<Diagnostic>& diagnostics)
      : document_(document), lists_(lists), expressions_(expressions), diagnostics_(diagnostics) {}

  /// The condition of the rule `node`, whose other keys the caller asks `map` for. nullopt when it is wrong (said) or absent (said).
  std::optional<Condition> read_rule(SchemaMap& map, const YamlNode& node);

 private:
  using Where = std::vector<std::string>;
  /// What a scalar means where it stands.
  enum class Scalars : std::uint8_t { expressions, signal_names };
  /// What the parts of a map need to know of their surroundings.
  struct Context {
    SchemaMap& map;
    Where where;
    Scalars scalars = Scalars::expressions;
    std::vector<Condition> parts;
  };

  std::optional<Condition> read_map(SchemaMap& map, const YamlNode& node, const Where& where,
                                    Scalars scalars);
  std::optional<Condition> read_entry(const YamlNode& node, const Where& where, Scalars scalars);
  std::optional<Condition> read_pattern(const YamlNode& node, const Where& where);
  std::optional<Condition> read_signal(const YamlNode& node);
  std::optional<Condition> read_list_name(const YamlNode& node, const Where& where);
  std::optional<Condition> read_near_part(const YamlNode& node, const Where& where);
  std::vector<Condition> read_list(const YamlNode& node, std::string_view key, const Where& where,
                                   Scalars scalars);
  void read_where(Context& context);
  void read_single(Context& context);
  void read_groups(Context& context);
  void read_at_least(Context& context);
  void read_near(Context& context);
  void read_signals(Context& context);
  void error(const YamlNode& at, std::string message);

  const YamlDocument& document_;
  const std::vector<WordList>& lists_;
  ExpressionPool& expressions_;
  std::vector<Diagnostic>& diagnostics_;
};

/// A text that is the same for conditions that hold for the same mail: what the order of entries or the case of a
/// header field's name does not change is left out.
[[nodiscard]] std::string canonical_text(const Condition& condition);

}  // namespace coldpitch
