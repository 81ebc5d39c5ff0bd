// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

struct MapSchema;

/// What a value of a file must be. The tables made of these are what the loaders check by, and what `config schema`,
/// `config show` and the references in docs/ are made from: none of them can know a key the others do not.
struct ValueSchema {
  enum class Type : std::uint8_t {
    text,        ///< one line
    lines,       ///< any number of lines
    identifier,  ///< is_identifier()
    date,        ///< is_date()
    boolean,
    number,   ///< `min` to `max`
    integer,  ///< `min` to `max`
    octets,   ///< "10 MiB", `min` to `max`
    time,     ///< "200 ms", `min` to `max` milliseconds
    word,     ///< one of `words`, or of the form of one of `patterns`
    list,     ///< of `of.front()`; `min` to `max` entries
    map,      ///< as `map` says
    either,   ///< one of `of`
  };
  Type type = Type::text;
  double min = 0, max = 0;
  std::vector<std::string> words;
  std::vector<std::string> patterns;  ///< as JSON Schema has them (ECMA 262)
  std::vector<ValueSchema> of;
  const MapSchema& (*map)() = nullptr;  ///< a function, since a condition holds conditions
  bool single = false;                  ///< of list: one entry may stand without brackets
  std::string_view called = {};         ///< what a word is called where there are too many to list
};

struct KeySchema {
  std::string_view name;
  ValueSchema value;
  std::string_view meaning = {};  ///< for people; Markdown
  /// What holds without the key, as it would be written; in parentheses: said in words.
  std::string_view fallback = {};
  bool required = false;
  bool restart = false;  ///< a reload does not change it
  bool secret = false;   ///< never shown
};

struct MapSchema {
  std::string_view what;  ///< names the map in messages ("rule")
  std::vector<KeySchema> keys;
  std::vector<std::string_view> needs_one_of = {};  ///< keys one of which must be there

  /// nullptr when there is no such key.
  [[nodiscard]] const KeySchema* find(std::string_view name) const;
  /// Whether there are many keys that differ in their names alone, as codes of languages do: one line says it of all.
  [[nodiscard]] bool is_uniform() const;
};

/// Words for the tables.
namespace schema {
[[nodiscard]] ValueSchema text();
[[nodiscard]] ValueSchema text_like(std::vector<std::string> patterns);
[[nodiscard]] ValueSchema lines();
[[nodiscard]] ValueSchema identifier();
[[nodiscard]] ValueSchema date();
[[nodiscard]] ValueSchema boolean();
[[nodiscard]] ValueSchema number(double min, double max);
[[nodiscard]] ValueSchema integer(std::size_t min, std::size_t max);
[[nodiscard]] ValueSchema octets(std::size_t min, std::size_t max);
[[nodiscard]] ValueSchema time(std::size_t min_milliseconds, std::size_t max_milliseconds);
[[nodiscard]] ValueSchema word(std::vector<std::string> words, std::string_view called = {},
                               std::vector<std::string> patterns = {});
[[nodiscard]] ValueSchema map(const MapSchema& (*map)());
/// A list, which may be empty when `min` is 0.
[[nodiscard]] ValueSchema list(ValueSchema of, std::size_t min = 0, std::size_t max = 1'000'000);
/// A list, or one entry alone.
[[nodiscard]] ValueSchema one_or_list(ValueSchema of, std::size_t min = 0, std::size_t max = 1'000'000);
[[nodiscard]] ValueSchema either(std::vector<ValueSchema> of);
}  // namespace schema

}  // namespace coldpitch
