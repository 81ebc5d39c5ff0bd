// SPDX-License-Identifier: MIT
#include "parsers/address.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>

#include "parsers/address_lexer.h"
#include "parsers/encoded_word.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Kind = AddressToken::Kind;
using Tokens = std::vector<AddressToken>;

constexpr std::string_view kMalformed = "address-malformed";
constexpr std::size_t kMaxDomainOctets = 255;
constexpr std::size_t kMaxIdsEachEnd = 100;

std::string unescape(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    plain += text[i];
  }
  return plain;
}

bool is_word(const AddressToken& token) {
  return token.kind == Kind::atom || token.kind == Kind::quoted_string;
}

void append_token(const AddressToken& token, std::string& out) {
  if (token.kind == Kind::quoted_string) {
    out += unescape(token.text);
  } else {
    out += token.text;
  }
}

/// The octets of tokens [from, to), with one blank for each gap.
std::string join(const Tokens& tokens, std::size_t from, std::size_t to) {
  std::string joined;
  for (std::size_t i = from; i < to; ++i) {
    if (i > from && tokens[i].blank_before) joined += ' ';
    append_token(tokens[i], joined);
  }
  return joined;
}

std::string decode_name(std::string_view raw, Problems& problems) {
  const std::string decoded = decode_encoded_words(raw, problems);
  std::string_view name = trim(decoded);
  // Some writers encode the quotes with the name.
  if (name.size() >= 2 && name.front() == '"' && name.back() == '"')
    name = trim(name.substr(1, name.size() - 2));
  return std::string(name);
}

bool is_host_octet(char octet) {
  return is_ascii_alnum(octet) || octet == '-' || octet == '_' || octet == '.' || (octet & '\x80') != 0;
}

/// Lower case, without trailing dot; "" for what cannot be a domain.
std::string normal_domain(std::string_view domain) {
  if (domain.size() > 1 && domain.back() == '.') domain.remove_suffix(1);
  if (domain.empty() || domain.size() > kMaxDomainOctets) return {};
  if (domain.front() == '[') {
    const std::string_view inside = domain.substr(1, domain.size() - 2);
    const bool is_literal =
        domain.back() == ']' && !inside.empty() && std::all_of(inside.begin(), inside.end(), [](char octet) {
          return is_ascii_alnum(octet) || std::string_view(".:-").find(octet) != std::string_view::npos;
        });
    return is_literal ? to_ascii_lower(domain) : std::string();
  }
  const bool is_host = std::all_of(domain.begin(), domain.end(), is_host_octet) && domain.front() != '.' &&
                       domain.find("..") == std::string_view::npos && is_valid_utf8(domain);
  return is_host ? to_ascii_lower(domain) : std::string();
}

/// An addr-spec (RFC 5322 §3.4.1) among tokens: where it stands and what it says.
struct AddrSpec {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string local_part;
  std::string domain;
  bool is_regular = true;
};

/// Joins word *("." word) and says whether it was that; other words are parted by a blank.
std::string join_local_part(const Tokens& tokens, std::size_t from, std::size_t to, bool& is_regular) {
  std::string local;
  bool word_due = true;
  for (std::size_t i = from; i < to; ++i) {
    const AddressToken& token = tokens[i];
    if (word_due ? !is_word(token) : !token.is('.')) is_regular = false;
    if (!word_due && is_word(token) && token.blank_before) local += ' ';
    append_token(token, local);
    word_due = !is_word(token);
  }
  if (word_due) is_regular = false;
  return local;
}

/// Index behind the domain that starts at `from`: a literal, or atom *("." atom) ["."].
std::size_t domain_end(const Tokens& tokens, std::size_t from) {
  if (from < tokens.size() && tokens[from].kind == Kind::domain_literal) return from + 1;
  std::size_t end = from;
  bool atom_due = true;
  for (; end < tokens.size(); ++end) {
    const bool is_dot = tokens[end].is('.');
    if (!is_dot && (tokens[end].kind != Kind::atom || !atom_due)) break;
    atom_due = is_dot;
  }
  return end;
}

/// First token of the local part whose "@" is at `at_sign`: back to the first gap that no dot bridges.
std::size_t local_part_begin(const Tokens& tokens, std::size_t at_sign) {
  if (at_sign == 0) return 0;
  std::size_t begin = at_sign - 1;
  while (begin > 0 && (!tokens[begin].blank_before || tokens[begin].is('.') || tokens[begin - 1].is('.')))
    --begin;
  return begin;
}

/// Reads the addr-spec of the last "@". There must be one.
AddrSpec read_addr_spec(const Tokens& tokens, bool is_bare) {
  std::size_t at_sign = tokens.size() - 1;
  while (!tokens[at_sign].is('@')) --at_sign;
  AddrSpec spec;
  spec.begin = is_bare ? local_part_begin(tokens, at_sign) : 0;
  spec.end = domain_end(tokens, at_sign + 1);
  spec.local_part = join_local_part(tokens, spec.begin, at_sign, spec.is_regular);
  std::string domain;
  for (std::size_t i = at_sign + 1; i < spec.end; ++i) domain += tokens[i].text;
  spec.domain = normal_domain(domain);
  if (spec.domain.empty() || spec.begin > 0 || spec.end < tokens.size()) spec.is_regular = false;
  return spec;
}

bool has_at_sign(const Tokens& tokens) {
  return std::any_of(tokens.begin(), tokens.end(), [](const AddressToken& token) { return token.is('@'); });
}

/// Drops the route "@a,@b:" of an obsolete route-address (RFC 5322 §4.4), or a scheme like "mailto:".
void drop_route(Tokens& tokens) {
  const auto colon =
      std::find_if(tokens.begin(), tokens.end(), [](const AddressToken& token) { return token.is(':'); });
  if (colon != tokens.end()) tokens.erase(tokens.begin(), colon + 1);
}

class ListParser {
 public:
  ListParser(std::string_view body, const Limits& limits, Problems& problems)
      : lexer_(body), limits_(limits), problems_(problems) {}

  std::vector<Mailbox> parse() {
    while (!full_) {
      const auto token = lexer_.next();
      if (!token) break;
      take(*token);
    }
    finish_item();
    if (lexer_.malformed() || in_group_) problems_.add(kMalformed);
    return std::move(mailboxes_);
  }

 private:
  void take(AddressToken token) {
    if (token.kind == Kind::comment) {
      if (!trim(token.text).empty()) comment_ = token.text;
      behind_comment_ = true;
      return;
    }
    token.blank_before = token.blank_before || behind_comment_;
    behind_comment_ = false;
    if (in_angle_) {
      take_inside_angle(token);
    } else {
      take_outside_angle(token);
    }
  }

  void take_inside_angle(const AddressToken& token) {
    if (token.is('>')) {
      in_angle_ = false;
    } else if (token.is('<')) {
      problems_.add(kMalformed);
      angle_.clear();
      in_route_ = false;
    } else if ((token.is(',') && !in_route_) || token.is(';')) {
      problems_.add(kMalformed);
      finish_item();
    } else {
      if (angle_.empty()) in_route_ = token.is('@');
      if (token.is(':')) in_route_ = false;
      angle_.push_back(token);
    }
  }

  void take_outside_angle(const AddressToken& token) {
    if (token.is(',')) {
      if (is_name_only()) return hold_name();
      finish_item();
    } else if (token.is(';')) {
      if (!in_group_) problems_.add(kMalformed);
      finish_item();
      in_group_ = false;
    } else if (token.is(':') && !had_angle_ && !has_at_sign_) {
      if (in_group_ || words_.empty()) problems_.add(kMalformed);
      reset_item();
      in_group_ = true;
    } else if (token.is('<')) {
      if (had_angle_) part_mailboxes();
      in_angle_ = had_angle_ = true;
      words_before_ = words_.size();
    } else if (token.is('>')) {
      problems_.add(kMalformed);
    } else {
      if (had_angle_ || token.is(':')) problems_.add(kMalformed);
      has_at_sign_ = has_at_sign_ || token.is('@');
      words_.push_back(token);
    }
  }

  void finish_item() {
    if (had_angle_) {
      finish_angle();
    } else {
      release_names();
      if (has_at_sign_) {
        finish_bare();
      } else if (!words_.empty()) {
        finish_without_at_sign();
      }
    }
    reset_item();
  }

  [[nodiscard]] bool is_name_only() const { return !words_.empty() && !had_angle_ && !has_at_sign_; }

  /// "Smith, Jo <jo@example.com>": whether words before a comma are the front of a name, shows the next mailbox.
  void hold_name() {
    names_.push_back({std::move(words_), comment_});
    reset_item();
  }

  /// What was held was no front of a name.
  void release_names() {
    if (names_.empty()) return;
    HeldName last{std::exchange(words_, {}), comment_};
    for (HeldName& name : std::exchange(names_, {})) {
      words_ = std::move(name.words);
      comment_ = name.comment;
      finish_without_at_sign();
    }
    words_ = std::move(last.words);
    comment_ = last.comment;
  }

  /// The comma between two mailboxes is missing: what stands behind the first is the name of the second.
  void part_mailboxes() {
    problems_.add(kMalformed);
    const auto behind = words_.begin() + static_cast<std::ptrdiff_t>(words_before_);
    Tokens name(behind, words_.end());
    words_.erase(behind, words_.end());
    finish_item();
    words_ = std::move(name);
  }

  /// The words of the mailbox at hand, with the names held before it.
  std::string joined_name() {
    std::string joined;
    if (!names_.empty()) problems_.add(kMalformed);
    for (const HeldName& name : std::exchange(names_, {})) {
      joined += join(name.words, 0, name.words.size()) + ", ";
    }
    if (words_.empty() && !joined.empty()) joined.resize(joined.size() - 2);
    return joined + join(words_, 0, words_.size());
  }

  void finish_angle() {
    const bool starts_with_route = !angle_.empty() && angle_.front().is('@');
    const bool has_colon =
        std::any_of(angle_.begin(), angle_.end(), [](const AddressToken& token) { return token.is(':'); });
    if (has_at_sign_ || in_angle_ || has_colon != starts_with_route) problems_.add(kMalformed);
    drop_route(angle_);
    Mailbox mailbox;
    if (has_at_sign(angle_)) {
      AddrSpec spec = read_addr_spec(angle_, /*is_bare=*/false);
      if (!spec.is_regular) problems_.add(kMalformed);
      mailbox.local_part = std::move(spec.local_part);
      mailbox.domain = std::move(spec.domain);
    } else {
      problems_.add(kMalformed);
      mailbox.local_part = join(angle_, 0, angle_.size());
    }
    put(std::move(mailbox), joined_name());
  }

  void finish_bare() {
    AddrSpec spec = read_addr_spec(words_, /*is_bare=*/true);
    if (!spec.is_regular) problems_.add(kMalformed);
    std::string name = join(words_, 0, spec.begin);
    if (spec.end < words_.size()) name += ' ' + join(words_, spec.end, words_.size());
    put({"", std::move(spec.local_part), std::move(spec.domain)}, name);
  }

  /// One plain word is a local user; more, a quoted or an encoded one are a name.
  void finish_without_at_sign() {
    problems_.add(kMalformed);
    std::string joined = join(words_, 0, words_.size());
    const bool is_name = words_.front().kind == Kind::quoted_string ||
                         joined.find(' ') != std::string::npos || joined.find("=?") != std::string::npos;
    if (is_name) {
      put({}, joined);
    } else {
      put({"", std::move(joined), ""}, "");
    }
  }

  void put(Mailbox mailbox, std::string_view name) {
    if (mailboxes_.size() >= limits_.mailboxes) {
      problems_.add("mailboxes");
      full_ = true;
      return;
    }
    mailbox.display_name = decode_name(name, problems_);
    if (mailbox.display_name.empty()) mailbox.display_name = decode_name(unescape(comment_), problems_);
    if (mailbox != Mailbox{}) mailboxes_.push_back(std::move(mailbox));
  }

  void reset_item() {
    words_.clear();
    angle_.clear();
    comment_ = {};
    in_angle_ = had_angle_ = in_route_ = has_at_sign_ = behind_comment_ = false;
  }

  AddressLexer lexer_;
  const Limits& limits_;
  Problems& problems_;
  std::vector<Mailbox> mailboxes_;
  bool full_ = false;
  bool in_group_ = false;

  struct HeldName {
    Tokens words;
    std::string_view comment;
  };
  std::vector<HeldName> names_;  ///< before commas, on their way to a mailbox

  // The mailbox being read.
  Tokens words_;  ///< outside of angle brackets
  Tokens angle_;  ///< inside of them
  std::string_view comment_;
  std::size_t words_before_ = 0;  ///< of `words_`: before the angle brackets
  bool in_angle_ = false;
  bool had_angle_ = false;
  bool in_route_ = false;
  bool has_at_sign_ = false;  ///< among `words_`
  bool behind_comment_ = false;
};

std::string without_blanks(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [](char octet) { return !is_ascii_space(octet); });
  return kept;
}

}  // namespace

std::string Mailbox::address() const { return domain.empty() ? local_part : local_part + '@' + domain; }

std::vector<Mailbox> parse_address_list(std::string_view body, const Limits& limits, Problems& problems) {
  return ListParser(body, limits, problems).parse();
}

Mailbox parse_envelope_address(std::string_view path) {
  Tokens tokens;
  AddressLexer lexer(path);
  for (auto token = lexer.next(); token && !token->is('>'); token = lexer.next()) {
    if (!token->is('<') && token->kind != Kind::comment) tokens.push_back(*token);
  }
  drop_route(tokens);
  Mailbox mailbox;
  if (has_at_sign(tokens)) {
    AddrSpec spec = read_addr_spec(tokens, /*is_bare=*/false);
    mailbox.local_part = std::move(spec.local_part);
    mailbox.domain = std::move(spec.domain);
  } else {
    mailbox.local_part = join(tokens, 0, tokens.size());
  }
  return mailbox;
}

std::vector<std::string> parse_message_ids(std::string_view body) {
  std::vector<std::string_view> found;
  std::size_t open = std::string_view::npos;
  for (std::size_t at = body.find_first_of("<>"); at != std::string_view::npos;
       at = body.find_first_of("<>", at + 1)) {
    if (body[at] == '<') {
      open = at;
    } else if (open != std::string_view::npos) {
      const std::string_view inside = body.substr(open + 1, at - open - 1);
      if (!trim(inside).empty()) found.push_back(inside);
      open = std::string_view::npos;
    }
  }
  if (found.size() > 2 * kMaxIdsEachEnd) {
    found.erase(found.begin() + kMaxIdsEachEnd, found.end() - kMaxIdsEachEnd);
  }
  std::vector<std::string> ids;
  ids.reserve(found.size());
  for (const std::string_view id : found) ids.push_back(without_blanks(id));
  return ids;
}

}  // namespace coldpitch
