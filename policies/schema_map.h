// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/schema.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// Reads typed values out of one map as a MapSchema has them, and reports what the schema does not allow. All errors are
/// collected. Asking for a key the schema does not have, or has as another type, is a fault of the program: std::logic_error.
///
///   SchemaMap map(document, node, profile_schema(), diagnostics);   // says which required keys are absent
///   map.text("tag", profile.tag);
///   map.finish();                                                    // unknown keys, with "did you mean"
class SchemaMap {
 public:
  /// A node that is no map is an error, and all reads find nothing. An empty value is an empty map.
  SchemaMap(const YamlDocument& document, const YamlNode& node, const MapSchema& schema,
            std::vector<Diagnostic>& diagnostics);

  /// Each returns true and sets `out` when the key is there and as the schema has it.
  /// Also of lines, identifiers, dates and words; of a choice with text among it, when it is not one of the others.
  bool text(std::string_view key, std::string& out);
  bool boolean(std::string_view key, bool& out);
  bool number(std::string_view key, double& out);
  bool integer(std::string_view key, std::size_t& out);
  bool octets(std::string_view key, std::size_t& out);
  bool milliseconds(std::string_view key, std::size_t& out);
  bool texts(std::string_view key, std::vector<std::string>& out);  ///< a list of text, lines, words ...
  /// texts(), each different; `fault_of` tells what is wrong with one, or "". Entries with a fault stay in `out`.
  bool words(std::string_view key, std::vector<std::string>& out,
             const std::function<std::string(std::string_view)>& fault_of);
  /// Entries of a list; nullptr when the key is absent or its value is refused.
  const std::vector<YamlNode>* list(std::string_view key);
  /// The value as it stands, nullptr when absent: for maps, and for what has a form of its own.
  const YamlNode* node(std::string_view key);
  /// An error when `key` is absent, though the table does not ask for it.
  void require(std::string_view key);
  /// Whether one of the keys is there, misspelt perhaps, of which the schema wants one.
  [[nodiscard]] bool has_one_of() const;
  [[nodiscard]] bool has(std::string_view key) const { return map_.has(key); }
  /// Whether a key that is absent stands there misspelt, which finish() tells.
  [[nodiscard]] bool is_misspelt(std::string_view key) const;

  void error(const YamlNode& at, std::string message) { map_.error(at, std::move(message)); }
  void warning(const YamlNode& at, std::string message) { map_.warning(at, std::move(message)); }
  /// Reports keys the schema does not have. Call once, last.
  void finish();

 private:
  const KeySchema& ask(std::string_view key) const;
  const ValueSchema& ask(std::string_view key, ValueSchema::Type type) const;
  bool read_word(std::string_view key, const ValueSchema& value, std::string& out);

  const MapSchema& schema_;
  YamlMap map_;
};

}  // namespace coldpitch
