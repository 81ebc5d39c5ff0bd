// SPDX-License-Identifier: MIT
// The table of keys and the loader say the same.
#include "milter/config_schema.h"

#include <algorithm>

#include "milter/config.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

using Type = ValueSchema::Type;

std::optional<Config> parse(const std::string& text, std::vector<Diagnostic>& diagnostics) {
  return parse_config(text, "c.yaml", diagnostics);
}

/// Calls `each` with every key that holds no map, and how it is written around a value: "limits: {urls: " and "}".
template <class Each>
void visit_keys(const MapSchema& map, const std::string& before, const std::string& after, Each each) {
  for (const KeySchema& key : map.keys) {
    const std::string opened = before + std::string(key.name) + ": ";
    if (key.value.type == Type::map) {
      visit_keys(key.value.map(), opened + "{", "}" + after, each);
    } else {
      each(key, opened, after);
    }
  }
}

}  // namespace

TEST_CASE("the table of keys: the loader reads every key it has") {
  const auto check = [](const KeySchema&, const std::string& before, const std::string& after) {
    const std::string text = before + "[[x]]" + after;
    CAPTURE(text);
    std::vector<Diagnostic> diagnostics;
    CHECK_FALSE(parse(text, diagnostics));
    CHECK(std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& one) {
      return one.location.column > before.size() && one.location.column <= before.size() + 3;
    }));
  };
  visit_keys(config_schema(), "", "",
             [&](const KeySchema& key, const std::string& before, const std::string& after) {
               if (key.name != "profiles") check(key, before, after);
             });
  visit_keys(profile_schema(), "profiles: [{", "}]", check);
}

TEST_CASE("the table of keys: the defaults it names are those that hold") {
  const Config defaults = default_config();
  const auto check = [&](const KeySchema& key, const std::string& before, const std::string& after) {
    if (key.fallback.empty() || key.fallback.front() == '(') return;
    const std::string text = before + std::string(key.fallback) + after;
    CAPTURE(text);
    std::vector<Diagnostic> diagnostics;
    const auto config = parse(text, diagnostics);
    INFO(format(diagnostics));
    REQUIRE(config);
    CHECK(config->listen == defaults.listen);
    CHECK(config->socket_mode == defaults.socket_mode);
    CHECK(config->local_domains == defaults.local_domains);
    CHECK(config->internal_networks == defaults.internal_networks);
    CHECK(config->history.backend == defaults.history.backend);
    CHECK(config->history.path == defaults.history.path);
    CHECK(config->history.limit == defaults.history.limit);
    CHECK(config->history.connections == defaults.history.connections);
    CHECK(config->history.queue_events == defaults.history.queue_events);
    CHECK(config->history.failures == defaults.history.failures);
    CHECK(config->history.pause == defaults.history.pause);
    CHECK(config->history.on_failure == defaults.history.on_failure);
    CHECK(config->policies == defaults.policies);
    CHECK(config->site == defaults.site);
    CHECK(config->allow_discard == defaults.allow_discard);
    CHECK(config->limits == defaults.limits);
    CHECK(config->on_fault == defaults.on_fault);
    CHECK(config->log_level == defaults.log_level);
    CHECK(config->log_addresses == defaults.log_addresses);
    CHECK(config->drain == defaults.drain);
  };
  visit_keys(config_schema(), "", "", check);
  const Profile plain;
  visit_keys(profile_schema(), "profiles: [{match: ['*'], ", "}]",
             [&](const KeySchema& key, const std::string& before, const std::string& after) {
               if (key.fallback.empty() || key.fallback.front() == '(') return;
               const std::string text = before + std::string(key.fallback) + after;
               CAPTURE(text);
               std::vector<Diagnostic> diagnostics;
               const auto config = parse(text, diagnostics);
               REQUIRE(config);
               const Profile& profile = config->profiles.at(0);
               CHECK(profile.mode == plain.mode);
               CHECK(profile.action_for(Level::suspect) == plain.action_for(Level::suspect));
               CHECK(profile.allow.empty());
               CHECK(profile.block.empty());
               CHECK(profile.wants_recruiters == plain.wants_recruiters);
               CHECK(profile.wants_events == plain.wants_events);
               CHECK(profile.tag == plain.tag);
             });
}
