// SPDX-License-Identifier: MIT
#include "milter/config.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "history/store.h"
#include "milter/config_schema.h"
#include "milter/dkim_verifier.h"
#include "milter/profile_reader.h"
#include "parsers/address.h"
#include "parsers/text.h"
#include "policies/schema_map.h"

namespace coldpitch {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "localhost";
  return to_ascii_lower(name.data());
}

std::vector<std::string> lower_all(const std::vector<std::string>& words) {
  std::vector<std::string> lower;
  lower.reserve(words.size());
  for (const std::string& word : words) lower.push_back(to_ascii_lower(word));
  return lower;
}

/// What is wrong with one of our own domains, or "".
std::string local_domain_fault(std::string_view text) {
  if (text.find(',') != std::string_view::npos)
    return quote(text) + " is no domain (several are written as a list: [example.net, example.org])";
  const std::string_view bare = text.substr(std::min(text.find_last_of("@*") + 1, text.size()));
  const std::string_view domain = bare.substr(bare.starts_with('.') ? 1 : 0);
  if (domain == text && AddressMap::fault_of(text).empty()) return "";
  const bool is_near = domain != text && !domain.empty() && AddressMap::fault_of(domain).empty();
  return quote(text) + " is no domain (write " + (is_near ? std::string(domain) : "example.net") +
         "; those below it are meant, too)";
}

/// Reads one configuration file into a Config.
class Reader {
 public:
  Reader(const YamlDocument& document, std::vector<Diagnostic>& diagnostics)
      : document_(document),
        diagnostics_(diagnostics),
        base_(std::filesystem::absolute(document.file()).parent_path()),
        config_(default_config()) {
    config_.file = document.file();
  }

  Config read() {
    SchemaMap map(document_, document_.root(), config_schema(), diagnostics_);
    read_listen(map);
    read_authentication(map);
    read_local_domains(map);
    read_lists(map);
    read_networks(map);
    read_history(map);
    read_names(map, "policies", config_.policies);
    const YamlNode* policies = map.node("policies");
    if (config_.policies.empty() && policies->kind == YamlNode::Kind::sequence && policies->items.empty())
      map.warning(*policies, "without a policy no mail is judged");
    read_linkedin(map);
    read_site(map);
    read_model(map);
    read_profile_list(map);
    read_limits(map);
    read_metrics(map);
    read_digest(map);
    read_control(map);
    read_faults(map);
    read_log(map);
    std::size_t drain_ms = 20000;
    if (map.milliseconds("drain", drain_ms)) config_.drain = std::chrono::seconds(drain_ms / 1000);
    map.finish();
    return std::move(config_);
  }

 private:
  [[nodiscard]] std::string absolute(const std::string& path) const {
    return (base_ / path).lexically_normal().string();
  }

  void read_listen(SchemaMap& map) {
    std::string text;
    if (map.text("listen", text)) {
      if (const auto address = parse_listen_address(text, base_.string())) {
        config_.listen = *address;
      } else {
        map.error(
            *map.node("listen"),
            "'listen' must be unix:/path, inet:host:port or inet:port@host (a path has at most 103 octets)");
      }
    }
    if (map.text("socket_mode", text)) {
      const bool octal =
          !text.empty() && text.size() <= 4 && text.find_first_not_of("01234567") == std::string::npos;
      if (octal) {
        config_.socket_mode = static_cast<unsigned>(std::stoul(text, nullptr, 8));
      } else {
        map.error(*map.node("socket_mode"), "'socket_mode' must be octal digits, such as \"0660\"");
      }
    }
    map.text("socket_group", config_.socket_group);
  }

  void read_authentication(SchemaMap& map) {
    const YamlNode* node = map.node("authentication");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, authentication_schema(), diagnostics_);
    inner.boolean("verify_dkim", config_.verify_dkim);
    std::size_t timeout = 2000;
    if (inner.milliseconds("dns_timeout", timeout)) config_.dns_timeout = std::chrono::milliseconds(timeout);
    if (config_.verify_dkim && !has_dkim_verification()) {
      inner.error(*inner.node("verify_dkim"),
                  "'verify_dkim' needs libopendkim and libunbound, and this program was built without");
    }
    // Without a verifier in front nobody removes a field that a sender wrote in this host's name.
    if (config_.verify_dkim) config_.trusted_authserv_ids.clear();
    if (inner.texts("trusted_authserv_ids", config_.trusted_authserv_ids)) {
      config_.trusted_authserv_ids = lower_all(config_.trusted_authserv_ids);
    }
    inner.finish();
  }

  void read_local_domains(SchemaMap& map) {
    if (!map.texts("local_domains", config_.local_domains)) return;
    const YamlNode& node = *map.node("local_domains");
    for (std::size_t at = 0; at < config_.local_domains.size(); ++at) {
      std::string fault = local_domain_fault(config_.local_domains[at]);
      if (!fault.empty()) map.error(entry_of(node, at), std::move(fault));
    }
    config_.local_domains = lower_all(config_.local_domains);
  }

  void read_lists(SchemaMap& map) {
    std::vector<std::string> names;
    if (!map.texts("lists", names)) return;
    if (names.size() == 1 && names.front() == "any") {
      config_.lists.reset();
      return;
    }
    for (const std::string& name : names) {
      const bool is_id = !name.empty() && name != "any" && name.find_first_of(" <>@\t") == std::string::npos;
      if (!is_id) {
        map.error(*map.node("lists"), quote(name) +
                                          " is no List-Id (write what stands in its brackets, such as "
                                          "dev.lists.example, or 'any' alone)");
      }
    }
    config_.lists = lower_all(names);
  }

  /// The place of entry `at` of a list, or of the one that stands alone.
  static const YamlNode& entry_of(const YamlNode& node, std::size_t at) {
    return node.kind == YamlNode::Kind::sequence ? node.items[at] : node;
  }

  void read_networks(SchemaMap& map) {
    std::vector<std::string> texts;
    if (!map.texts("internal_networks", texts)) return;
    config_.internal_networks.clear();
    const YamlNode& node = *map.node("internal_networks");
    for (std::size_t at = 0; at < texts.size(); ++at) {
      if (const auto network = Network::parse(texts[at])) {
        config_.internal_networks.push_back(*network);
      } else {
        map.error(entry_of(node, at),
                  quote(texts[at]) + " is no network (write 192.0.2.0/24 or 2001:db8::/32)");
      }
    }
  }

  void read_history(SchemaMap& map) {
    const YamlNode* node = map.node("history");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, history_schema(), diagnostics_);
    std::string backend;
    if (inner.text("backend", backend)) {
      if (backend == "memory") config_.history.backend = HistoryBackend::memory;
      if (backend == "none") config_.history.backend = HistoryBackend::none;
      if (backend == "postgresql") config_.history.backend = HistoryBackend::postgresql;
    }
    read_server(inner);
    std::string path;
    if (inner.text("path", path)) config_.history.path = absolute(path);
    if (inner.text("secret", path)) config_.history.secret = absolute(path);
    std::size_t limit = 200;
    if (inner.milliseconds("limit", limit)) config_.history.limit = std::chrono::milliseconds(limit);
    read_failures(inner);
    read_windows(inner);
    inner.finish();
  }

  void read_failures(SchemaMap& history) {
    HistorySettings& settings = config_.history;
    history.integer("failures", settings.failures);
    std::size_t pause = 0;
    if (history.milliseconds("pause", pause)) settings.pause = std::chrono::milliseconds(pause);
    std::string action;
    if (history.text("on_failure", action))
      settings.on_failure = action == "tempfail" ? OnFault::tempfail : OnFault::accept;
  }

  void read_server(SchemaMap& history) {
    HistorySettings& settings = config_.history;
    const bool is_server = settings.backend == HistoryBackend::postgresql;
    if (is_server) history.require("uri");
    if (history.text("uri", settings.uri)) {
      const YamlNode& at = *history.node("uri");
      if (const std::string fault = postgres_uri_fault(settings.uri); !fault.empty()) {
        history.error(at, "'uri' is no connection string or URI of PostgreSQL: " + fault);
      } else if (!is_server) {
        history.error(at, "'uri' has no effect without 'backend: postgresql'");
      }
    }
    history.integer("connections", settings.connections);
    history.integer("queue", settings.queue_events);
  }

  void read_linkedin(SchemaMap& map) {
    const YamlNode* node = map.node("linkedin");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, linkedin_schema(), diagnostics_);
    read_names(inner, "knowledge", config_.linkedin_knowledge);
    inner.finish();
  }

  void read_windows(SchemaMap& history) {
    HistorySettings& settings = config_.history;
    const std::pair<const char*, std::chrono::seconds*> windows[] = {
        {"retention", &settings.retention},
        {"follow_ups", &settings.follow_ups},
        {"return_after", &settings.contact.return_after},
        {"accepted", &settings.contact.accepted},
        {"same_text_window", &settings.same_text_window},
    };
    for (const auto& [key, window] : windows) {
      std::size_t milliseconds = 0;
      if (history.milliseconds(key, milliseconds)) *window = std::chrono::seconds(milliseconds / 1000);
    }
    history.integer("same_text_recipients", settings.contact.same_text_recipients);
  }

  /// Each is a bare name (a shipped file, or one in its folder beside the configuration) or a path.
  void read_names(SchemaMap& map, std::string_view key, std::vector<std::string>& names) {
    const auto is_several = [](std::string_view name) { return name.find(", ") != std::string_view::npos; };
    const auto fault_of = [&](std::string_view name) {
      return is_several(name) ? quote(name) + " is no name of a file" : std::string();
    };
    if (!map.words(key, names, fault_of)) return;
    const YamlNode& node = *map.node(key);
    for (std::size_t at = 0; at < names.size(); ++at) {
      std::string& name = names[at];
      if (name.find('/') != std::string::npos || name.ends_with(".yaml")) name = absolute(name);
      config_.about_names.emplace(name,
                                  document_.diagnostic(Diagnostic::Severity::error, entry_of(node, at), ""));
    }
    std::erase_if(names, is_several);
  }

  void read_model(SchemaMap& map) {
    if (!map.text("model", config_.model)) return;
    if (config_.model.empty()) map.error(*map.node("model"), "'model' is empty; write a path or none");
    if (!config_.model.empty() && config_.model != "none") config_.model = absolute(config_.model);
    config_.about_names.emplace(config_.model,
                                document_.diagnostic(Diagnostic::Severity::error, *map.node("model"), ""));
  }

  void read_profile_list(SchemaMap& map) {
    map.boolean("allow_discard", config_.allow_discard);
    const std::vector<YamlNode>* items = map.list("profiles");
    if (items == nullptr) return;
    Profiles profiles = read_profiles(
        document_, *items, {base_.string(), config_.allow_discard, config_.local_domains}, diagnostics_);
    config_.profiles = std::move(profiles.list);
    config_.profile_index = std::move(profiles.index);
    config_.about_block = std::move(profiles.about_block);
  }

  void read_site(SchemaMap& map) {
    const YamlNode* node = map.node("site");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, site_schema(), diagnostics_);
    read_offers(inner, "we_are", config_.site.we_are);
    read_offers(inner, "we_buy", config_.site.we_buy);
    read_offers(inner, "not_for_us", config_.site.not_for_us);
    inner.finish();
  }

  /// Whether a rule offers such a thing shows when the policies are loaded.
  void read_offers(SchemaMap& map, std::string_view key, std::vector<std::string>& names) {
    if (!map.words(key, names, [](std::string_view) { return std::string(); })) return;
    const YamlNode& node = *map.node(key);
    for (std::size_t at = 0; at < names.size(); ++at) {
      config_.about_offers.push_back(
          document_.diagnostic(Diagnostic::Severity::error, entry_of(node, at), names[at]));
    }
  }

  void read_limits(SchemaMap& map) {
    const YamlNode* node = map.node("limits");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, limits_schema(), diagnostics_);
    Limits& limits = config_.limits;
    inner.octets("message", limits.message_octets);
    inner.integer("mime_depth", limits.mime_depth);
    inner.integer("mime_parts", limits.mime_parts);
    inner.octets("header", limits.header_octets);
    inner.integer("header_fields", limits.header_fields);
    inner.octets("part_header", limits.part_header_octets);
    inner.octets("field", limits.field_octets);
    inner.octets("boundary", limits.boundary_octets);
    inner.integer("mailboxes", limits.mailboxes);
    inner.octets("text", limits.text_octets);
    inner.octets("html", limits.html_octets);
    inner.integer("recipients", limits.recipients);
    inner.integer("urls", limits.urls);
    inner.integer("connections", limits.connections);
    inner.integer("judged_at_once", config_.judged_at_once);
    std::size_t evaluation = 2000;
    if (inner.milliseconds("evaluation", evaluation)) {
      limits.evaluation = std::chrono::milliseconds(evaluation);
    }
    inner.finish();
  }

  void read_control(SchemaMap& map) {
    const YamlNode* node = map.node("control");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, control_schema(), diagnostics_);
    std::string listen;
    if (inner.text("listen", listen)) {
      config_.control_listen = parse_listen_address(listen, base_.string());
      if (!config_.control_listen) {
        inner.error(*inner.node("listen"), "'listen' must be unix:/path, inet:host:port or inet:port@host");
      }
    }
    inner.finish();
  }

  void read_digest(SchemaMap& map) {
    const YamlNode* node = map.node("digest");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, digest_schema(), diagnostics_);
    DigestSettings& digest = config_.digest;
    inner.words("recipients", digest.recipients, [](std::string_view word) {
      const Mailbox mailbox = parse_envelope_address(word);
      const bool is_address =
          !mailbox.local_part.empty() && !mailbox.domain.empty() && mailbox.address() == word;
      return is_address && word.front() != '-' ? std::string() : std::string("is no mail address");
    });
    inner.text("maildir", digest.maildir);
    inner.text("sender", digest.sender);
    inner.text("note", digest.note);
    std::string sendmail;
    if (inner.text("sendmail", sendmail)) digest.sendmail = base_ / sendmail;
    std::size_t since = 0;
    if (inner.milliseconds("since", since)) digest.since = std::chrono::milliseconds(since);
    inner.finish();
  }

  void read_metrics(SchemaMap& map) {
    const YamlNode* node = map.node("metrics");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, metrics_schema(), diagnostics_);
    std::string listen;
    if (inner.text("listen", listen)) {
      if (parse_listen_address("inet:" + listen, "") && listen.find('@') == std::string::npos) {
        config_.metrics_listen = listen;
      } else {
        inner.error(*inner.node("listen"),
                    "'listen' must be host:port, such as 127.0.0.1:9894, not " + quote(listen));
      }
    }
    inner.finish();
  }

  void read_faults(SchemaMap& map) {
    std::string action;
    if (!map.text("on_fault", action)) return;
    config_.on_fault = action == "tempfail" ? OnFault::tempfail : OnFault::accept;
  }

  void read_log(SchemaMap& map) {
    const YamlNode* node = map.node("log");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, log_schema(), diagnostics_);
    inner.text("level", config_.log_level);
    inner.boolean("addresses", config_.log_addresses);
    inner.finish();
  }

  const YamlDocument& document_;
  std::vector<Diagnostic>& diagnostics_;
  std::filesystem::path base_;
  Config config_;
};

/// What `document` says; `is_sound` becomes false when there is an error in it.
Config read_config(const YamlDocument& document, bool& is_sound, std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> found;
  Config config = Reader(document, found).read();
  if (has_errors(found)) is_sound = false;
  std::move(found.begin(), found.end(), std::back_inserter(diagnostics));
  return config;
}

}  // namespace

const Profile& Config::profile_for(std::string_view address) const {
  static const Profile kDefault;
  const std::optional<AddressMap::Match> match = profile_index.find(address);
  return match ? profiles[match->value] : kDefault;
}

bool Config::is_known_list(std::string_view list_id) const {
  return lists && std::any_of(lists->begin(), lists->end(),
                              [&](const std::string& known) { return is_domain_or_below(list_id, known); });
}

bool Config::is_local_domain(std::string_view domain) const {
  return std::any_of(local_domains.begin(), local_domains.end(),
                     [&](const std::string& local) { return is_domain_or_below(domain, local); });
}

bool Config::is_internal_client(std::string_view address) const {
  return std::any_of(internal_networks.begin(), internal_networks.end(),
                     [&](const Network& network) { return network.contains(address); });
}

Config default_config() {
  Config config;
  config.trusted_authserv_ids = {host_name()};
  for (const std::string_view block : {"127.0.0.0/8", "::1/128"}) {
    if (const auto network = Network::parse(block)) config.internal_networks.push_back(*network);
  }
  config.policies = {"linkedin-professional-community", "direct-outreach"};
  config.linkedin_knowledge = {"notifications"};
  return config;
}

std::optional<Config> parse_config(std::string text, const std::string& file,
                                   std::vector<Diagnostic>& diagnostics) {
  const std::optional<YamlDocument> document = YamlDocument::parse(std::move(text), file, diagnostics);
  if (!document) return std::nullopt;
  bool is_sound = true;
  Config config = read_config(*document, is_sound, diagnostics);
  if (!is_sound) return std::nullopt;
  return config;
}

CheckedConfig check_config(const std::string& file, std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> of_files;
  const ConfigFiles files = *read_config_files(file, of_files, /*despite_errors=*/true);
  CheckedConfig checked;
  checked.is_whole = checked.is_sound = !has_errors(of_files);
  std::move(of_files.begin(), of_files.end(), std::back_inserter(diagnostics));
  checked.config = read_config(files.document, checked.is_sound, diagnostics);
  checked.config.files = files.files;
  if (files.files.empty() && checked.is_whole) checked.config.file.clear();
  return checked;
}

std::optional<Config> load_config(const std::string& file, std::vector<Diagnostic>& diagnostics) {
  CheckedConfig checked = check_config(file, diagnostics);
  if (!checked.is_sound) return std::nullopt;
  return std::move(checked.config);
}

}  // namespace coldpitch
