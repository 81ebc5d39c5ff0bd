// SPDX-License-Identifier: MIT
#include "parsers/url.h"

#include <libpsl.h>

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "parsers/text.h"
#include "parsers/url_host.h"
#include "parsers/url_reader.h"

namespace coldpitch {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct SuffixListFreer {
  void operator()(psl_ctx_t* list) const { psl_free(list); }
};

/// The system's public suffix list, else the one built into libpsl; null without both. Read once.
const psl_ctx_t* suffix_list() {
  static const std::unique_ptr<psl_ctx_t, SuffixListFreer> list(psl_latest(nullptr));
  return list ? list.get() : psl_builtin();
}

bool is_slash(char octet) { return octet == '/' || octet == '\\'; }

/// As a browser takes it from an attribute: no controls or blanks around, no TAB or line end inside. Points into `text` or `storage`.
std::string_view clean(std::string_view text, std::string& storage) {
  const auto is_blank = [](char octet) { return octet >= '\0' && octet <= ' '; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  const auto is_dropped = [](char octet) { return octet == '\t' || octet == '\r' || octet == '\n'; };
  if (std::none_of(text.begin(), text.end(), is_dropped)) return text;
  storage.assign(text);
  std::erase_if(storage, is_dropped);
  return storage;
}

/// Cuts "scheme:" off the front of `rest`, in lower case; "https" for what starts with "//"; "" for neither.
std::string take_scheme(std::string_view& rest) {
  if (rest.size() >= 2 && is_slash(rest[0]) && is_slash(rest[1])) return "https";
  constexpr std::size_t kLongest = 6;
  const std::size_t colon = rest.substr(0, kLongest + 1).find(':');
  if (colon == kNone) return {};
  std::string scheme = to_ascii_lower(rest.substr(0, colon));
  rest.remove_prefix(colon + 1);
  return scheme;
}

/// Splits what follows the authority (or "mailto:") into path and query; the fragment goes.
void read_path_and_query(std::string_view rest, Url& url) {
  rest = rest.substr(0, rest.find('#'));
  const std::size_t question = rest.find('?');
  url.path = rest.substr(0, question);
  if (question != kNone) url.query = rest.substr(question + 1);
}

bool is_port(std::string_view text) {
  while (text.size() > 1 && text.front() == '0') text.remove_prefix(1);
  if (text.size() > 5 || !std::all_of(text.begin(), text.end(), is_ascii_digit)) return false;
  unsigned port = 0;
  for (const char digit : text) port = port * 10 + static_cast<unsigned>(digit - '0');
  return port <= 65535;
}

/// The host in "user:password@host:port".
std::optional<std::string> read_authority(std::string_view authority) {
  const std::size_t at_sign = authority.rfind('@');
  if (at_sign != kNone) authority.remove_prefix(at_sign + 1);
  const std::size_t bracket = authority.find(']');
  const std::size_t colon = authority.find(':', bracket == kNone ? 0 : bracket);
  if (colon != kNone && !is_port(authority.substr(colon + 1))) return std::nullopt;
  return read_host(authority.substr(0, colon));
}

/// What the list said of a host.
struct LookedUpHost {
  std::string host;
  std::size_t begin = 0;  ///< of the registrable domain in it; its size where there is none
};

/// Where the registrable domain of `host` begins. The links of a message lead to the same few hosts, and to look through the list takes
/// longer than to read the link: what it said last is kept, for a bounded number of hosts.
std::size_t begin_of_registrable_domain(const std::string& host) {
  constexpr std::size_t kKept = 64;
  thread_local std::array<LookedUpHost, kKept> kept;
  LookedUpHost& looked_up = kept[std::hash<std::string_view>()(host) % kKept];
  if (looked_up.host == host) return looked_up.begin;
  const char* const registrable = psl_registrable_domain(suffix_list(), host.c_str());
  const std::size_t begin =
      registrable == nullptr ? host.size() : static_cast<std::size_t>(registrable - host.c_str());
  looked_up.host.clear();
  looked_up.begin = begin;
  looked_up.host = host;  // last: it may fail
  return begin;
}

/// The registrable domain of what read_host() gave.
std::string registrable_domain_of_host(const std::string& host) {
  const bool has_empty_label = host.empty() || host.front() == '.' || host.find("..") != std::string::npos;
  if (has_empty_label || is_ip_address(host)) return {};
  // A domain of one label has no dot to be registered below.
  if (host.find('.') == std::string::npos) return {};
  return host.substr(begin_of_registrable_domain(host));
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) { return UrlReader().read(text); }

std::optional<Url> UrlReader::read(std::string_view text) {
  std::string storage;
  std::string_view rest = clean(text, storage);
  Url url;
  url.scheme = take_scheme(rest);
  if (url.scheme == "mailto") {
    read_path_and_query(rest, url);
    return url;
  }
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;

  while (!rest.empty() && is_slash(rest.front())) rest.remove_prefix(1);
  const std::string_view authority = rest.substr(0, rest.find_first_of("/\\?#"));
  if (!host_ || authority != authority_) {
    authority_ = authority;
    host_ = read_authority(authority);
    if (!host_) return std::nullopt;
    registrable_domain_ = registrable_domain_of_host(*host_);
  }
  url.host = *host_;
  url.registrable_domain = registrable_domain_;
  read_path_and_query(rest.substr(authority.size()), url);
  std::replace(url.path.begin(), url.path.end(), '\\', '/');
  return url;
}

std::string registrable_domain(std::string_view host) {
  const auto read = read_host(host);
  return read ? registrable_domain_of_host(*read) : std::string();
}

}  // namespace coldpitch
