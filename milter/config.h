// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/address_map.h"
#include "milter/config_files.h"
#include "milter/listen_address.h"
#include "milter/network.h"
#include "milter/profile.h"
#include "parsers/limits.h"
#include "policies/diagnostic.h"
#include "policies/site.h"

namespace coldpitch {

enum class HistoryBackend : std::uint8_t { none, memory, sqlite, postgresql };

/// What to do with a message when the milter itself, or a part of it, fails.
enum class OnFault : std::uint8_t { accept, tempfail };

struct HistorySettings {
  HistoryBackend backend = HistoryBackend::sqlite;
  std::filesystem::path path = "/var/lib/coldpitch/history.db";
  std::filesystem::path secret;           ///< empty: `<path>.secret`
  std::string uri;                        ///< of the server for `postgresql`, as libpq takes it
  std::size_t connections = 8;            ///< to that server, at most
  std::size_t queue_events = 20000;       ///< that may wait to be written
  std::chrono::milliseconds limit{200};   ///< longest a store may be waited for
  std::size_t failures = 3;               ///< questions in a row that fail before the store is asked no more
  std::chrono::milliseconds pause{5000};  ///< for so long
  OnFault on_failure =
      OnFault::accept;  ///< `tempfail`: mail that the store had to be asked about waits for it

  // How far back what counts.
  std::chrono::seconds retention = std::chrono::hours(24 * 548);   ///< older events are forgotten
  std::chrono::seconds follow_ups = std::chrono::hours(24 * 365);  ///< unanswered messages count so long
  std::chrono::seconds same_text_window =
      std::chrono::hours(24);  ///< in which one text to many is one mailing
  ContactSettings contact;
};

/// The mail a user gets about what was put aside for them (`coldpitch digest`).
struct DigestSettings {
  std::vector<std::string> recipients;  ///< empty: nobody
  std::string maildir;                  ///< folder of their folded mail, with %u, %d, %a; "" unknown
  std::string sender;                   ///< address it comes from; "": coldpitch@ and the recipient's domain
  std::string note;                     ///< the site's own words at its end; one line
  std::chrono::milliseconds since = std::chrono::days(7);
  std::filesystem::path sendmail = "/usr/sbin/sendmail";
};

/// The server configuration (docs/configuration.md), checked. A value.
struct Config {
  std::string file;                ///< its first file, beside which paths begin; "" for built-in defaults
  std::vector<std::string> files;  ///< all it was read from
  ListenAddress listen;
  unsigned socket_mode = 0660;
  std::string socket_group;  ///< "" leaves the process's group
  std::vector<std::string>
      trusted_authserv_ids;  ///< lower case; default: this host's name, or none with `verify_dkim`
  bool verify_dkim = false;  ///< in this process
  std::chrono::milliseconds dns_timeout{2000};    ///< for the keys of one message
  std::vector<std::string> local_domains;         ///< lower case
  std::optional<std::vector<std::string>> lists;  ///< List-Ids subscribed to, lower case; absent: any list
  std::vector<Network> internal_networks;
  HistorySettings history;
  std::vector<std::string> policies;  ///< names of shipped policies or paths
  std::vector<std::string>
      linkedin_knowledge;  ///< names of shipped files or paths, later ones first in force
  Site site;
  std::string model;  ///< path of a text model; "" for the shipped one, "none" for none
  std::vector<Profile> profiles;
  bool allow_discard = false;                     ///< whether a profile may throw mail away
  AddressMap profile_index;                       ///< recipients -> profiles
  std::map<std::string, Diagnostic> about_names;  ///< places of the names of files, by name
  std::vector<Diagnostic> about_offers;           ///< the places of what `site` names, the names as messages
  std::optional<Diagnostic> about_block;          ///< the place of a profile's `block`
  Limits limits;
  std::size_t judged_at_once =
      0;  ///< messages judged at a time (see JudgingTurns); 0: by the number of processors
  std::optional<ListenAddress> control_listen;  ///< absent: no control socket
  std::optional<std::string> metrics_listen;    ///< "127.0.0.1:9894"
  DigestSettings digest;
  OnFault on_fault = OnFault::accept;
  std::string log_level = "info";
  bool log_addresses = false;
  std::chrono::seconds drain{20};  ///< longest SIGTERM waits for mail in flight

  /// The profile of `address` (lower case): an address match goes before a domain, the longer domain before the shorter, these
  /// before "*"; among equals the first. Without any match the built-in default (annotate). Takes the same time however many there are.
  [[nodiscard]] const Profile& profile_for(std::string_view address) const;
  /// True when the List-Id (RFC 2919, lower case, without brackets) is one of `lists` or below one. False when any list will do.
  [[nodiscard]] bool is_known_list(std::string_view list_id) const;
  /// True when `domain` is one of local_domains or below one.
  [[nodiscard]] bool is_local_domain(std::string_view domain) const;
  [[nodiscard]] bool is_internal_client(std::string_view address) const;
};

/// The configuration that holds without a file.
[[nodiscard]] Config default_config();

/// Reads and checks `file` with what `conf.d/` beside it adds (see read_config_files()); "" is kDefaultConfigFile, if there is one. All errors are collected in `diagnostics`; nullopt when there was one.
[[nodiscard]] std::optional<Config> load_config(const std::string& file,
                                                std::vector<Diagnostic>& diagnostics);

/// A configuration as far as it can be read.
struct CheckedConfig {
  Config config;
  bool is_sound = false;  ///< there was no error: it may be put into force
  bool is_whole = false;  ///< there was none in reading its files: nothing of it is missing
};

/// The same; what is wrong does not keep the rest from being looked at, and what it names from being checked.
[[nodiscard]] CheckedConfig check_config(const std::string& file, std::vector<Diagnostic>& diagnostics);

/// load_config() on text already in memory; `file` names it in messages and is where relative paths start.
[[nodiscard]] std::optional<Config> parse_config(std::string text, const std::string& file,
                                                 std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
