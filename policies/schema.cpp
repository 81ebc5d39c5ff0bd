// SPDX-License-Identifier: MIT
#include "policies/schema.h"

#include <algorithm>
#include <utility>

namespace coldpitch {
namespace {

using Type = ValueSchema::Type;

ValueSchema of_type(Type type, double min = 0, double max = 0) {
  ValueSchema value;
  value.type = type;
  value.min = min;
  value.max = max;
  return value;
}

ValueSchema bounded(Type type, std::size_t min, std::size_t max) {
  return of_type(type, static_cast<double>(min), static_cast<double>(max));
}

}  // namespace

const KeySchema* MapSchema::find(std::string_view name) const {
  const auto key =
      std::find_if(keys.begin(), keys.end(), [&](const KeySchema& known) { return known.name == name; });
  return key == keys.end() ? nullptr : &*key;
}

bool MapSchema::is_uniform() const {
  constexpr std::size_t kMany = 20;
  return keys.size() > kMany && std::all_of(keys.begin(), keys.end(), [this](const KeySchema& key) {
           return key.meaning == keys.front().meaning && key.value.type == keys.front().value.type;
         });
}

namespace schema {

ValueSchema text() { return of_type(Type::text); }

ValueSchema text_like(std::vector<std::string> patterns) {
  ValueSchema value = of_type(Type::text);
  value.patterns = std::move(patterns);
  return value;
}

ValueSchema lines() { return of_type(Type::lines); }
ValueSchema identifier() { return of_type(Type::identifier); }
ValueSchema date() { return of_type(Type::date); }
ValueSchema boolean() { return of_type(Type::boolean); }
ValueSchema number(double min, double max) { return of_type(Type::number, min, max); }
ValueSchema integer(std::size_t min, std::size_t max) { return bounded(Type::integer, min, max); }
ValueSchema octets(std::size_t min, std::size_t max) { return bounded(Type::octets, min, max); }
ValueSchema time(std::size_t min_milliseconds, std::size_t max_milliseconds) {
  return bounded(Type::time, min_milliseconds, max_milliseconds);
}

ValueSchema word(std::vector<std::string> words, std::string_view called, std::vector<std::string> patterns) {
  ValueSchema value = of_type(Type::word);
  value.words = std::move(words);
  value.called = called;
  value.patterns = std::move(patterns);
  return value;
}

ValueSchema map(const MapSchema& (*map)()) {
  ValueSchema value = of_type(Type::map);
  value.map = map;
  return value;
}

ValueSchema list(ValueSchema of, std::size_t min, std::size_t max) {
  ValueSchema value = bounded(Type::list, min, max);
  value.of.push_back(std::move(of));
  return value;
}

ValueSchema one_or_list(ValueSchema of, std::size_t min, std::size_t max) {
  ValueSchema value = list(std::move(of), min, max);
  value.single = true;
  return value;
}

ValueSchema either(std::vector<ValueSchema> of) {
  ValueSchema value = of_type(Type::either);
  value.of = std::move(of);
  return value;
}

}  // namespace schema
}  // namespace coldpitch
