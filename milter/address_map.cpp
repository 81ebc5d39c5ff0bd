// SPDX-License-Identifier: MIT
#include "milter/address_map.h"

#include <algorithm>

#include "parsers/text.h"
#include "parsers/url_host.h"
#include "policies/diagnostic.h"

namespace coldpitch {
namespace {

constexpr std::string_view kPerson = "linkedin.com/in/";

bool is_domain(std::string_view text) {
  return !text.empty() && text.front() != '.' && std::all_of(text.begin(), text.end(), [](char octet) {
    return is_ascii_alnum(octet) || octet == '.' || octet == '-' || octet == '_' ||
           static_cast<unsigned char>(octet) >= 0x80;
  });
}

/// The form under which `entry` is kept.
std::string key_of(std::string_view entry) {
  if (entry.starts_with('@')) entry.remove_prefix(1);
  std::string key = to_ascii_lower(entry);
  const auto is_beyond_ascii = [](char octet) { return static_cast<unsigned char>(octet) >= 0x80; };
  const std::size_t domain = key.rfind('@') + 1;  // 0 without one
  if (!std::any_of(key.begin() + static_cast<std::ptrdiff_t>(domain), key.end(), is_beyond_ascii)) return key;
  const std::optional<std::string> host = read_host(std::string_view(key).substr(domain));
  return host ? key.substr(0, domain) + *host : key;
}

}  // namespace

std::string AddressMap::fault_of(std::string_view entry) {
  if (entry == "*") return "";
  if (starts_with_ignoring_case(entry, kPerson)) {
    return entry.size() > kPerson.size() &&
                   entry.find_first_of(" /", kPerson.size()) == std::string_view::npos
               ? ""
               : quote(entry) + " names no profile (write linkedin.com/in/NAME)";
  }
  const std::size_t at = entry.rfind('@');
  const std::string_view domain = at == std::string_view::npos ? entry : entry.substr(at + 1);
  const auto is_blank = [](char octet) { return is_ascii_space(octet); };
  if (is_domain(domain) && std::none_of(entry.begin(), entry.end(), is_blank)) return "";
  if (starts_with_ignoring_case(entry, kPerson.substr(0, kPerson.find('/') + 1)))
    return quote(entry) + " names no profile (write linkedin.com/in/NAME)";
  if (entry.starts_with("*.") && is_domain(entry.substr(2)))
    return quote(entry) + " is no domain (write " + std::string(entry.substr(2)) +
           "; those below it are meant, too)";
  return quote(entry) + " is no address (user@example.net), domain (example.net) or '*'";
}

bool AddressMap::add(std::string_view entry, std::size_t value) {
  return values_.try_emplace(key_of(entry), value).second;
}

std::optional<AddressMap::Match> AddressMap::find(std::string_view address) const {
  if (values_.empty()) return std::nullopt;
  if (const auto exact = values_.find(address); exact != values_.end() && address != "*") {
    return Match{exact->second,
                 address.find('@') == std::string_view::npos ? 1 + address.size() : kAddressRank};
  }
  const std::size_t at = address.rfind('@');
  std::string_view domain = at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
  while (!domain.empty()) {
    if (const auto known = values_.find(domain); known != values_.end()) {
      return Match{known->second, 1 + domain.size()};
    }
    const std::size_t dot = domain.find('.');
    domain = dot == std::string_view::npos ? std::string_view{} : domain.substr(dot + 1);
  }
  if (const auto all = values_.find(std::string_view("*")); all != values_.end())
    return Match{all->second, 1};
  return std::nullopt;
}

std::optional<AddressMap::Match> AddressMap::find_person(std::string_view name) const {
  if (values_.empty() || name.empty()) return std::nullopt;
  const auto known = values_.find(std::string(kPerson) + to_ascii_lower(name));
  if (known == values_.end()) return std::nullopt;
  return Match{known->second, kAddressRank};
}

}  // namespace coldpitch
