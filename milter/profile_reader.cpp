// SPDX-License-Identifier: MIT
#include "milter/profile_reader.h"

#include <algorithm>
#include <array>
#include <string>

#include "milter/config_schema.h"
#include "parsers/address.h"
#include "parsers/text.h"
#include "policies/schema_map.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxTag = 60;
constexpr std::size_t kMaxAddress = 254;
constexpr std::array kJudgedLevels{Level::suspect, Level::pitch, Level::repeat_pitch};

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char octet) { return octet > ' ' && octet < '\x7F'; });
}

bool is_mailbox(std::string_view address) {
  if (address.size() > kMaxAddress || !is_plain_ascii(address)) return false;
  if (address.find_first_of("<>\",;:\\") != std::string_view::npos) return false;
  const Mailbox mailbox = parse_envelope_address(address);
  return !mailbox.local_part.empty() && !mailbox.domain.empty();
}

std::vector<std::string> lower_all(const std::vector<std::string>& words) {
  std::vector<std::string> lower;
  lower.reserve(words.size());
  for (const std::string& word : words) lower.push_back(to_ascii_lower(word));
  return lower;
}

class ProfileReader {
 public:
  ProfileReader(const YamlDocument& document, const YamlNode& node, bool discard_allowed,
                std::vector<Diagnostic>& diagnostics)
      : document_(document),
        node_(node),
        discard_allowed_(discard_allowed),
        diagnostics_(diagnostics),
        map_(document, node, profile_schema(), diagnostics) {}

  Profile read() {
    read_match();
    read_action(map_, "mode", profile_.mode);
    if (const YamlNode* actions = map_.node("actions")) read_actions(*actions);
    read_quarantine();
    if (map_.texts("allow", profile_.allow)) profile_.allow = lower_all(profile_.allow);
    read_tag();
    if (const YamlNode* thresholds = map_.node("thresholds")) read_thresholds(*thresholds);
    map_.finish();
    return std::move(profile_);
  }

 private:
  void read_match() {
    map_.texts("match", profile_.match);
    profile_.match = lower_all(profile_.match);
    for (const std::string& pattern : profile_.match) {
      if (pattern.empty()) map_.error(node_, "a profile's 'match' holds an empty word");
    }
  }

  void read_action(SchemaMap& map, std::string_view key, Mode& out) {
    std::string name;
    if (!map.text(key, name)) return;
    const Mode action = mode_from(name).value_or(Mode::annotate);
    if (action == Mode::discard && !discard_allowed_) {
      map.error(*map.node(key),
                "'discard' loses mail without a trace for sender and recipient; if that is meant, set "
                "'allow_discard: true' as well");
    } else {
      out = action;
    }
  }

  void read_actions(const YamlNode& node) {
    SchemaMap map(document_, node, profile_actions_schema(), diagnostics_);
    for (const Level level : kJudgedLevels) {
      if (map.has(to_string(level))) read_action(map, to_string(level), profile_.actions[level]);
    }
    map.finish();
    if (profile_.mode == Mode::off) map.error(node, "'actions' has no effect beside 'mode: off'");
    warn_of_harsh_actions(map, node);
  }

  /// What is surely not meant, but harms nobody's mail by mistake: allowed, and said.
  void warn_of_harsh_actions(SchemaMap& map, const YamlNode& node) {
    if (profile_.action_for(Level::suspect) > profile_.action_for(Level::pitch) ||
        profile_.action_for(Level::pitch) > profile_.action_for(Level::repeat_pitch)) {
      map.warning(node, "a milder verdict gets a harsher action than a more severe one");
    }
    if (profile_.action_for(Level::suspect) >= Mode::reject) {
      map.warning(node, "'suspect' mail is lost: that verdict rests on too little for it");
    }
  }

  void read_quarantine() {
    std::string kind = "hold";
    map_.text("quarantine", kind);
    const YamlNode* mailbox = map_.node("quarantine_mailbox");
    if (map_.text("quarantine_mailbox", profile_.quarantine_mailbox) &&
        !is_mailbox(profile_.quarantine_mailbox)) {
      map_.error(*mailbox, "'quarantine_mailbox' must be an address such as pitches@example.net");
    }
    if (kind == "mailbox" && mailbox == nullptr) {
      map_.error(*map_.node("quarantine"), "'quarantine: mailbox' needs 'quarantine_mailbox' as well");
    }
    if (kind != "mailbox" && mailbox != nullptr) {
      map_.error(*mailbox, "'quarantine_mailbox' has no effect without 'quarantine: mailbox'");
    }
    if (kind != "mailbox") return;
    const auto to_mailbox = [](Mode& mode) {
      if (mode == Mode::quarantine_hold) mode = Mode::quarantine_mailbox;
    };
    to_mailbox(profile_.mode);
    for (auto& entry : profile_.actions) to_mailbox(entry.second);
  }

  void read_tag() {
    if (!map_.text("tag", profile_.tag)) return;
    const std::string_view bare = trim(profile_.tag);
    if (bare.empty() || profile_.tag.size() > kMaxTag || bare.find("=?") != std::string_view::npos) {
      map_.error(*map_.node("tag"), "'tag' must be 1 to 60 octets of text, without '=?'");
    }
  }

  void read_thresholds(const YamlNode& node) {
    SchemaMap map(document_, node, profile_thresholds_schema(), diagnostics_);
    for (const Level level : kJudgedLevels) {
      double value = 0;
      if (map.number(to_string(level), value)) profile_.thresholds[level] = value;
    }
    map.finish();
  }

  const YamlDocument& document_;
  const YamlNode& node_;
  bool discard_allowed_;
  std::vector<Diagnostic>& diagnostics_;
  SchemaMap map_;
  Profile profile_;
};

}  // namespace

std::vector<Profile> read_profiles(const YamlDocument& document, const std::vector<YamlNode>& items,
                                   bool discard_allowed, std::vector<Diagnostic>& diagnostics) {
  std::vector<Profile> profiles;
  profiles.reserve(items.size());
  for (const YamlNode& item : items) {
    profiles.push_back(ProfileReader(document, item, discard_allowed, diagnostics).read());
  }
  return profiles;
}

}  // namespace coldpitch
