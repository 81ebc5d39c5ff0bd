// SPDX-License-Identifier: MIT
#include "parsers/authentication.h"

#include <algorithm>
#include <iterator>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxResults = 100;

/// Reads structured field bodies (RFC 5322 §3.2) octet by octet. Total: at the end every step says no.
class Cursor {
 public:
  explicit Cursor(std::string_view body) : body_(body) {}

  [[nodiscard]] bool at_end() const { return at_ == body_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : body_[at_]; }
  void advance() {
    if (!at_end()) ++at_;
  }

  bool take(char octet) {
    if (at_end() || body_[at_] != octet) return false;
    ++at_;
    return true;
  }

  /// White space and comments, which nest. An unclosed comment takes the rest.
  void skip_cfws() {
    std::size_t depth = 0;
    for (; !at_end(); ++at_) {
      const char octet = body_[at_];
      if (octet == '(') {
        ++depth;
      } else if (depth == 0) {
        if (!is_ascii_space(octet)) return;
      } else if (octet == ')') {
        --depth;
      } else if (octet == '\\' && at_ + 1 < body_.size()) {
        ++at_;
      }
    }
  }

  /// RFC 8601 Keyword, in lower case; "" when none stands here.
  std::string keyword() {
    const std::size_t begin = at_;
    while (!at_end() && (is_ascii_alnum(body_[at_]) || body_[at_] == '-' || body_[at_] == '_')) ++at_;
    return to_ascii_lower(body_.substr(begin, at_ - begin));
  }

  /// A token, quoted string, or address of both (`"a b"@example.org`), unquoted; "" when none stands here.
  std::string value() {
    std::string read;
    while (!at_end()) {
      const char octet = body_[at_];
      if (octet == '"') {
        if (!append_quoted(read)) return read;
      } else if (is_ascii_space(octet) || octet == ';' || octet == '(') {
        break;
      } else {
        read += octet;
        ++at_;
      }
    }
    return read;
  }

 private:
  bool append_quoted(std::string& read) {
    for (++at_; !at_end(); ++at_) {
      if (body_[at_] == '"') {
        ++at_;
        return true;
      }
      if (body_[at_] == '\\' && at_ + 1 < body_.size()) ++at_;
      read += body_[at_];
    }
    return false;
  }

  std::string_view body_;
  std::size_t at_ = 0;
};

/// [CFWS] "=" [CFWS]
bool take_equals(Cursor& cursor) {
  cursor.skip_cfws();
  if (!cursor.take('=')) return false;
  cursor.skip_cfws();
  return true;
}

/// Digits of a version. True when there are none, or the version is 1.
bool take_version(Cursor& cursor) {
  std::string digits;
  for (; is_ascii_digit(cursor.peek()); cursor.advance()) digits += cursor.peek();
  return digits.find_first_not_of('0') == std::string::npos
             ? digits.empty()
             : digits.substr(digits.find_first_not_of('0')) == "1";
}

/// [CFWS] "/" [CFWS] version, or nothing. True when the method is in version 1.
bool take_method_version(Cursor& cursor) {
  cursor.skip_cfws();
  if (!cursor.take('/')) return true;
  cursor.skip_cfws();
  return take_version(cursor);
}

/// reasonspec and propspecs of one result, up to ";". False at the first octet that fits neither.
bool parse_properties(Cursor& cursor, AuthenticationResult& result) {
  for (;;) {
    cursor.skip_cfws();
    if (cursor.at_end() || cursor.peek() == ';') return true;
    std::string name = cursor.keyword();
    if (name.empty()) return false;
    cursor.skip_cfws();
    if (cursor.take('.')) {
      cursor.skip_cfws();
      const std::string property = cursor.keyword();
      if (property.empty()) return false;
      name += '.';
      name += property;
    }
    if (!take_equals(cursor)) return false;
    std::string value = cursor.value();
    if (name == "reason") {
      result.reason = std::move(value);
    } else {
      result.properties.emplace_back(std::move(name), std::move(value));
    }
  }
}

/// One resinfo behind its ";". False when parsing ends here.
bool parse_result(Cursor& cursor, std::vector<AuthenticationResult>& results) {
  AuthenticationResult result;
  cursor.skip_cfws();
  result.method = cursor.keyword();
  if (result.method.empty()) return false;
  const bool understood = take_method_version(cursor);
  if (!take_equals(cursor)) return false;
  result.result = cursor.keyword();
  if (result.result.empty()) return false;
  const bool goes_on = parse_properties(cursor, result);
  if (understood) results.push_back(std::move(result));
  return goes_on;
}

/// Domain of an address ("a@b", "@b", "<a@b>") or of a bare domain, lower case.
std::string domain_of(std::string_view address) {
  while (!address.empty() && (address.back() == '>' || address.back() == '.')) address.remove_suffix(1);
  const std::size_t at = address.rfind('@');
  if (at != std::string_view::npos) address.remove_prefix(at + 1);
  if (!address.empty() && address.front() == '<') address.remove_prefix(1);
  return to_ascii_lower(address);
}

bool is_trusted_host(std::string_view host, const std::vector<std::string>& trusted_ids) {
  return std::any_of(trusted_ids.begin(), trusted_ids.end(),
                     [&](const std::string& id) { return is_domain_or_below(host, id); });
}

/// Host of the "by" clause of a Received body (RFC 5321 §4.4), lower case, or "".
std::string received_by(std::string_view body) {
  Cursor cursor(body);
  cursor.skip_cfws();
  std::string word = to_ascii_lower(cursor.value());
  if (word == "from") {
    cursor.skip_cfws();
    // The name behind "from" is the client's own choice, and "by" is a possible one.
    (void)cursor.value();
    cursor.skip_cfws();
    word = to_ascii_lower(cursor.value());
  }
  if (word != "by") return "";
  cursor.skip_cfws();
  return domain_of(cursor.value());
}

void add_dkim(const AuthenticationResult& result, Authentication& authentication) {
  const bool passed = result.result == "pass";
  if (authentication.dkim.empty() || passed) authentication.dkim = result.result;
  if (!passed) return;
  std::string domain = domain_of(result.property("header.d"));
  if (domain.empty()) domain = domain_of(result.property("header.i"));
  if (domain.empty() || authentication.dkim_passed.size() == kMaxResults) return;
  authentication.dkim_passed.push_back(
      {domain, std::string(result.property("header.s")), std::string(result.property("header.b"))});
  auto& domains = authentication.dkim_domains;
  if (std::find(domains.begin(), domains.end(), domain) == domains.end()) {
    domains.push_back(std::move(domain));
  }
}

/// The result about MAIL FROM counts before the one about HELO.
void add_spf(const AuthenticationResult& result, bool& about_mail_from, Authentication& authentication) {
  const std::string_view mail_from = result.property("smtp.mailfrom");
  if (about_mail_from || (!authentication.spf.empty() && mail_from.empty())) return;
  about_mail_from = !mail_from.empty();
  authentication.spf = result.result;
  authentication.spf_domain = domain_of(about_mail_from ? mail_from : result.property("smtp.helo"));
}

/// Adds what `field` says of the methods that none above it spoke of.
void add_results(const AuthenticationResults& field, Authentication& authentication) {
  const bool tells_dkim = authentication.dkim.empty();
  const bool tells_spf = authentication.spf.empty();
  const bool tells_dmarc = authentication.dmarc.empty();
  bool spf_about_mail_from = false;
  for (const AuthenticationResult& result : field.results) {
    if (result.method == "dkim" && tells_dkim) add_dkim(result, authentication);
    if (result.method == "spf" && tells_spf) add_spf(result, spf_about_mail_from, authentication);
    if (result.method == "dmarc" && tells_dmarc && authentication.dmarc.empty()) {
      authentication.dmarc = result.result;
      authentication.dmarc_from = domain_of(result.property("header.from"));
    }
  }
}

std::string without_white_space(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept), [](char c) { return !is_ascii_space(c); });
  return kept;
}

std::vector<std::string> parse_field_names(std::string_view list) {
  std::vector<std::string> names;
  for (const std::string_view piece : split(list, ':')) {
    const std::string_view name = trim(piece);
    if (!name.empty()) names.push_back(to_ascii_lower(name));
  }
  return names;
}

}  // namespace

std::string_view AuthenticationResult::property(std::string_view name) const {
  const auto found = std::find_if(properties.begin(), properties.end(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == properties.end() ? std::string_view() : std::string_view(found->second);
}

AuthenticationResults parse_authentication_results(std::string_view body) {
  AuthenticationResults parsed;
  Cursor cursor(body);
  cursor.skip_cfws();
  std::string authserv_id = to_ascii_lower(cursor.value());
  // Some servers leave their name out: then the first result stands here, and names nobody.
  if (authserv_id.find('=') != std::string::npos) return parsed;
  parsed.authserv_id = std::move(authserv_id);
  cursor.skip_cfws();
  if (!take_version(cursor)) return parsed;
  cursor.skip_cfws();
  while (parsed.results.size() < kMaxResults && cursor.take(';')) {
    if (!parse_result(cursor, parsed.results)) break;
    cursor.skip_cfws();
  }
  return parsed;
}

Authentication trusted_authentication(const Header& header, const std::vector<std::string>& trusted_ids) {
  Authentication authentication;
  for (const HeaderField& field : header.fields()) {
    if (equals_ignoring_case(field.name, "Received")) {
      if (!is_trusted_host(received_by(field.body), trusted_ids)) break;
      continue;
    }
    if (!equals_ignoring_case(field.name, "Authentication-Results")) continue;
    const AuthenticationResults parsed = parse_authentication_results(field.body);
    const auto is_ours = [&](const std::string& id) { return !id.empty() && id == parsed.authserv_id; };
    if (std::none_of(trusted_ids.begin(), trusted_ids.end(), is_ours)) continue;
    authentication.checked = true;
    add_results(parsed, authentication);
  }
  return authentication;
}

void add_authentication(Authentication& all, const Authentication& more) {
  all.checked = all.checked || more.checked;
  if (all.dkim.empty() || more.dkim == "pass") all.dkim = more.dkim;
  for (const std::string& domain : more.dkim_domains) {
    auto& domains = all.dkim_domains;
    if (std::find(domains.begin(), domains.end(), domain) == domains.end()) domains.push_back(domain);
  }
  all.dkim_passed.insert(all.dkim_passed.end(), more.dkim_passed.begin(), more.dkim_passed.end());
  if (all.dmarc.empty()) {
    all.dmarc = more.dmarc;
    all.dmarc_from = more.dmarc_from;
  }
  if (all.spf.empty()) {
    all.spf = more.spf;
    all.spf_domain = more.spf_domain;
  }
}

bool DkimSignature::covers(std::string_view field_name) const {
  return std::any_of(signed_fields.begin(), signed_fields.end(),
                     [&](const std::string& name) { return equals_ignoring_case(name, field_name); });
}

bool DkimSignature::may_be(const DkimPass& pass) const {
  return is_domain_or_below(pass.domain, domain) &&
         (pass.selector.empty() || equals_ignoring_case(selector, pass.selector)) &&
         std::string_view(signature).substr(0, pass.signature.size()) == pass.signature;
}

DkimSignature parse_dkim_signature(std::string_view body) {
  DkimSignature signature;
  bool has_domain = false;
  bool has_selector = false;
  bool has_fields = false;
  bool has_signature = false;
  for (const std::string_view tag : split(body, ';')) {
    const std::size_t equals = tag.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trim(tag.substr(0, equals));
    const std::string_view value = tag.substr(equals + 1);
    // RFC 6376 §3.2: a tag given twice makes the whole list invalid.
    const auto repeated = [](bool& seen) { return std::exchange(seen, true); };
    if (name == "d") {
      if (repeated(has_domain)) return {};
      signature.domain = to_ascii_lower(without_white_space(value));
    } else if (name == "s") {
      if (repeated(has_selector)) return {};
      signature.selector = without_white_space(value);
    } else if (name == "h") {
      if (repeated(has_fields)) return {};
      signature.signed_fields = parse_field_names(value);
    } else if (name == "b") {
      if (repeated(has_signature)) return {};
      signature.signature = without_white_space(value);
    }
  }
  return signature;
}

}  // namespace coldpitch
