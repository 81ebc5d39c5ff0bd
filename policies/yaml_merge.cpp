// SPDX-License-Identifier: MIT
#include "policies/yaml_merge.h"

#include <map>
#include <string_view>
#include <utility>

namespace coldpitch {
namespace {

using Kind = YamlNode::Kind;

void merge_at(const YamlDocument& document, YamlNode& earlier, YamlNode later, const std::string& path,
              std::vector<YamlOverride>& overrides) {
  std::map<std::string, std::size_t, std::less<>> places;
  for (std::size_t at = 0; at < earlier.entries.size(); ++at) {
    places.emplace(earlier.entries[at].key.scalar, at);
  }
  for (YamlEntry& entry : later.entries) {
    const auto place = places.find(entry.key.scalar);
    if (place == places.end()) {
      earlier.entries.push_back(std::move(entry));
      continue;
    }
    if (entry.value.kind == Kind::null) continue;
    YamlEntry& before = earlier.entries[place->second];
    const std::string key = path + entry.key.scalar;
    if (before.value.kind == Kind::map && entry.value.kind == Kind::map) {
      merge_at(document, before.value, std::move(entry.value), key + ".", overrides);
      continue;
    }
    if (before.value.kind != Kind::null) {
      overrides.push_back({key, document.location(before.value), document.location(entry.value)});
    }
    before = std::move(entry);
  }
}

}  // namespace

void merge_maps(const YamlDocument& document, YamlNode& earlier, YamlNode later,
                std::vector<YamlOverride>& overrides) {
  merge_at(document, earlier, std::move(later), "", overrides);
}

}  // namespace coldpitch
