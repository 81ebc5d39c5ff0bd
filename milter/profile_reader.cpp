// SPDX-License-Identifier: MIT
#include "milter/profile_reader.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>

#include "milter/config_schema.h"
#include "parsers/address.h"
#include "parsers/text.h"
#include "policies/list_file.h"
#include "policies/policy_words.h"
#include "policies/schema_map.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxTag = 60;
constexpr std::size_t kMaxAddress = 254;
constexpr std::string_view kFilePrefix = "file:";
constexpr std::string_view kRecruiters = "recruiters";
constexpr std::string_view kEvents = "events";
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

class ProfileReader {
 public:
  ProfileReader(const YamlDocument& document, const YamlNode& node, const ProfileContext& context,
                Profiles& profiles, std::vector<Diagnostic>& diagnostics)
      : document_(document),
        context_(context),
        profiles_(profiles),
        diagnostics_(diagnostics),
        map_(document, node, profile_schema(), diagnostics) {}

  /// Adds the profile to the others.
  void read() {
    read_match();
    read_action(map_, "mode", profile_.mode);
    if (const YamlNode* actions = map_.node("actions")) read_actions(*actions);
    read_quarantine();
    read_senders();
    read_wanted();
    if (map_.text("language", profile_.language)) {
      std::string fault = language_fault(profile_.language);
      if (!fault.empty()) map_.error(*map_.node("language"), std::move(fault));
    }
    read_tag();
    if (const YamlNode* thresholds = map_.node("thresholds")) read_thresholds(*thresholds);
    map_.finish();
    profiles_.list.push_back(std::move(profile_));
  }

 private:
  using Take = std::function<void(const std::string& entry, const Diagnostic& place)>;

  void read_match() {
    if (!map_.texts("match", profile_.match)) return;
    const auto warn = [this](Diagnostic place, std::string message) {
      place.severity = Diagnostic::Severity::warning;
      place.message = std::move(message);
      diagnostics_.push_back(std::move(place));
    };
    read_addresses("match", [&](const std::string& entry, const Diagnostic& place) {
      constexpr std::array<std::string_view, 3> kMeantForAll{"default", "all", "any"};
      if (std::find(kMeantForAll.begin(), kMeantForAll.end(), entry) != kMeantForAll.end())
        warn(place, quote(entry) + " is taken for a domain; for every recipient write '*'");
      if (std::string near = local_domain_near(entry); !near.empty())
        warn(place, quote(entry) + " is no address of 'local_domains'" + near);
      if (!profiles_.index.add(entry, profiles_.list.size()))
        warn(place, quote(entry) + " is matched by an earlier entry already, which holds");
    });
  }

  /// A suggestion when the domain of `entry` is none of ours, but nearly one.
  [[nodiscard]] std::string local_domain_near(std::string_view entry) const {
    const std::string domain = to_ascii_lower(entry.substr(entry.rfind('@') + 1));
    std::vector<std::string_view> known;
    for (const std::string& local : context_.local_domains) {
      if (is_domain_or_below(domain, local) || is_domain_or_below(local, domain)) return "";
      known.emplace_back(local);
    }
    return suggestion(domain, known);
  }

  void read_senders() {
    read_addresses("allow",
                   [this](const std::string& entry, const Diagnostic&) { profile_.allow.add(entry); });
    read_addresses("block", [this](const std::string& entry, const Diagnostic& place) {
      profile_.block.add(entry);
      profiles_.about_block = place;
    });
  }

  /// Gives each address of a list to `take`; an entry "file:PATH" stands for those in a file.
  void read_addresses(std::string_view key, const Take& take) {
    std::vector<std::string> entries;
    if (!map_.texts(key, entries)) return;
    const YamlNode& node = *map_.node(key);
    for (std::size_t at = 0; at < entries.size(); ++at) {
      const YamlNode& item = node.kind == YamlNode::Kind::sequence ? node.items[at] : node;
      if (entries[at].starts_with(kFilePrefix)) {
        read_address_file(item, entries[at].substr(kFilePrefix.size()), take);
      } else {
        check_address(entries[at], document_.diagnostic(Diagnostic::Severity::error, item, ""), take);
      }
    }
  }

  void read_address_file(const YamlNode& item, const std::string& file, const Take& take) {
    const std::filesystem::path path = std::filesystem::path(context_.base) / file;
    const auto entries = read_list_file(path.lexically_normal().string(), diagnostics_);
    if (!entries) return map_.error(item, "the list " + quote(file) + " cannot be used");
    for (const ListEntry& entry : *entries) {
      check_address(entry.text, {Diagnostic::Severity::error, entry.location, "", entry.line}, take);
    }
  }

  void check_address(const std::string& entry, Diagnostic place, const Take& take) {
    place.message = AddressMap::fault_of(entry);
    if (place.message.empty()) {
      take(entry, place);
    } else {
      diagnostics_.push_back(std::move(place));
    }
  }

  void read_wanted() {
    std::vector<std::string> wanted;
    const auto fault_of = [](std::string_view word) -> std::string {
      if (word == kRecruiters || word == kEvents) return "";
      return "'wanted' holds recruiters and events, not " + quote(word) +
             suggestion(word, {kRecruiters, kEvents});
    };
    if (!map_.words("wanted", wanted, fault_of)) return;
    const auto wants = [&](std::string_view word) {
      return std::find(wanted.begin(), wanted.end(), word) != wanted.end();
    };
    profile_.wants_recruiters = wants(kRecruiters);
    profile_.wants_events = wants(kEvents);
  }

  void read_action(SchemaMap& map, std::string_view key, Mode& out) {
    std::string name;
    if (!map.text(key, name)) return;
    const Mode action = mode_from(name).value_or(Mode::annotate);
    if (action == Mode::discard && !context_.discard_allowed) {
      map.error(*map.node(key),
                "'discard' loses mail without a trace for sender and recipient; if that is meant, set "
                "'allow_discard: true' as well");
    } else {
      out = action;
    }
  }

  void read_actions(const YamlNode& node) {
    SchemaMap map(document_, node, profile_actions_schema(), diagnostics_);
    const std::size_t before = diagnostics_.size();
    for (const Level level : kJudgedLevels) {
      if (map.has(to_string(level))) read_action(map, to_string(level), profile_.actions[level]);
    }
    map.finish();
    const bool is_sound = diagnostics_.size() == before;
    if (profile_.mode == Mode::off) map.error(node, "'actions' has no effect beside 'mode: off'");
    if (is_sound) warn_of_harsh_actions(map, node);
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
    const auto suspect = profile_.thresholds.find(Level::suspect);
    const auto pitch = profile_.thresholds.find(Level::pitch);
    const auto end = profile_.thresholds.end();
    if (suspect != end && pitch != end && pitch->second < suspect->second) {
      map.error(*map.node("pitch"), "'pitch' (" + map.node("pitch")->scalar + ") is less than 'suspect' (" +
                                        map.node("suspect")->scalar + "), a milder verdict");
    }
  }

  const YamlDocument& document_;
  const ProfileContext& context_;
  Profiles& profiles_;
  std::vector<Diagnostic>& diagnostics_;
  SchemaMap map_;
  Profile profile_;
};

}  // namespace

Profiles read_profiles(const YamlDocument& document, const std::vector<YamlNode>& items,
                       const ProfileContext& context, std::vector<Diagnostic>& diagnostics) {
  Profiles profiles;
  for (const YamlNode& item : items) {
    ProfileReader(document, item, context, profiles, diagnostics).read();
  }
  return profiles;
}

}  // namespace coldpitch
