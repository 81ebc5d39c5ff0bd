// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/diagnostic.h"

namespace coldpitch {

struct YamlEntry;

/// A YAML value with its place. Built by one pass over yaml-cpp's events, so none of the surprises of its node tree
/// (first duplicate wins, aliases, `no` as a bool) can reach a setting.
struct YamlNode {
  enum class Kind : std::uint8_t { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string scalar;   ///< text of a scalar
  bool quoted = false;  ///< the scalar stood in quotes (or was a block): never a number, boolean or null
  bool multi_line =
      false;  ///< a quoted or plain scalar that goes on in the next line: mostly a quote left open
  std::vector<YamlNode> items;       ///< of a sequence
  std::vector<YamlEntry> entries;    ///< of a map, in order; keys are scalars
  std::size_t line = 0, column = 0;  ///< from 1; columns are octets
  std::size_t source = 0;            ///< which of its document's files it stands in

  /// Value of `key` in a map, or nullptr.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
};

struct YamlEntry {
  YamlNode key, value;
};

/// A YAML file in memory, with its lines for messages.
class YamlDocument {
 public:
  static constexpr std::size_t kMaxOctets = std::size_t{4} * 1024 * 1024;
  static constexpr std::size_t kMaxDepth = 16;
  static constexpr std::size_t kMaxNodes = 200'000;
  /// Of "[", "{" and ",", wherever they stand: yaml-cpp keeps 250 octets for each until the outermost bracket is closed.
  static constexpr std::size_t kMaxBrackets = 400'000;

  /// Parses `text`, called `file` in messages. Refused with place and reason: more than kMaxOctets, more than kMaxBrackets, ill-formed UTF-8, NUL and other
  /// control characters, UTF-16, anchors, aliases, tags, merge keys, a second document, keys that are no scalars, duplicate keys,
  /// nesting over kMaxDepth, more than kMaxNodes nodes, syntax errors of yaml-cpp. An empty file is an empty map. Never throws
  /// (but std::bad_alloc); linear. Errors go to `diagnostics`; nullopt when there was one. With `despite_duplicates` duplicate keys are
  /// errors as well, but what was read is returned, so that the rest can be checked: it must not be put into force.
  [[nodiscard]] static std::optional<YamlDocument> parse(std::string text, std::string file,
                                                         std::vector<Diagnostic>& diagnostics,
                                                         bool despite_duplicates = false);
  /// Reads and parses the file at `path`.
  [[nodiscard]] static std::optional<YamlDocument> read(const std::string& path,
                                                        std::vector<Diagnostic>& diagnostics,
                                                        bool despite_duplicates = false);

  [[nodiscard]] const YamlNode& root() const { return root_; }
  [[nodiscard]] YamlNode& root() { return root_; }
  /// The file it was read from; of several adopted ones the first.
  [[nodiscard]] const std::string& file() const { return sources_.front().file; }
  [[nodiscard]] SourceLocation location(const YamlNode& node) const {
    return {sources_[node.source].file, node.line, node.column};
  }
  /// Takes over the lines of `other`, so that its nodes may be put among this document's; returns its root.
  [[nodiscard]] YamlNode adopt(YamlDocument other);
  /// A diagnostic at `node` with its source line.
  [[nodiscard]] Diagnostic diagnostic(Diagnostic::Severity severity, const YamlNode& node,
                                      std::string message) const;
  /// The same at a place in one of its files.
  [[nodiscard]] Diagnostic diagnostic_at(Diagnostic::Severity severity, SourceLocation place,
                                         std::string message) const;
  /// Source line `number` (from 1) of its file number `source`, or "".
  [[nodiscard]] std::string_view line(std::size_t number, std::size_t source = 0) const;

 private:
  struct Source {
    std::string file, text;
    std::vector<std::size_t> line_starts;
  };
  std::vector<Source> sources_;
  YamlNode root_;
};

/// Gives diagnostics that have a place but no line the line of their file, where that can still be read.
void add_lines(std::vector<Diagnostic>& diagnostics);

/// Reads typed values out of one map and notices what was not asked for. All errors are collected, none thrown.
///
///   YamlMap map(document, node, "profile", diagnostics);
///   map.string("mode", profile.mode);
///   map.finish();   // unknown keys, with "did you mean"
class YamlMap {
 public:
  /// `what` names the map in messages ("rule", "clause"). A node that is no map is an error, and all reads find nothing.
  /// An empty value (`limits:` with nothing below) is an empty map.
  YamlMap(const YamlDocument& document, const YamlNode& node, std::string what,
          std::vector<Diagnostic>& diagnostics);

  /// Each returns true and sets `out` when the key is there and of the right type and range; a wrong type or range is an error.
  bool string(std::string_view key, std::string& out);  ///< one line, no control characters
  bool text(std::string_view key, std::string& out);    ///< any number of lines
  bool boolean(std::string_view key, bool& out);        ///< true/false (also yes/no/on/off)
  bool number(std::string_view key, double& out, double min, double max);
  bool integer(std::string_view key, std::size_t& out, std::size_t min, std::size_t max);
  bool octets(std::string_view key, std::size_t& out, std::size_t min,
              std::size_t max);  ///< "10 MiB", "256 KiB", "1000"
  bool milliseconds(std::string_view key, std::size_t& out, std::size_t min,
                    std::size_t max);  ///< "200 ms", "2 s", "1 min"
  bool strings(std::string_view key,
               std::vector<std::string>& out);  ///< a sequence of scalars, or one scalar; each as string()
  bool texts(std::string_view key, std::vector<std::string>& out);  ///< the same; each as text()
  /// The node itself, marked as known; nullptr when absent.
  const YamlNode* node(std::string_view key);
  /// An error when `key` is absent.
  void require(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const;
  /// Whether `is_it` holds of a key that stands there.
  [[nodiscard]] bool any_key(const std::function<bool(std::string_view)>& is_it) const;

  void error(const YamlNode& at, std::string message);
  void warning(const YamlNode& at, std::string message);
  /// Reports keys nobody asked for. Call once, last.
  void finish();

 private:
  bool read_text(std::string_view key, std::string& out, bool several_lines);
  bool read_texts(std::string_view key, std::vector<std::string>& out, bool several_lines);

  const YamlDocument& document_;
  const YamlNode& node_;
  std::string what_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<std::string> asked_;
};

}  // namespace coldpitch
