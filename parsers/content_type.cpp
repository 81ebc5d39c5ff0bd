// SPDX-License-Identifier: MIT
#include "parsers/content_type.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "parsers/charset.h"
#include "parsers/encoded_word.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::string_view kMalformed = "parameter-malformed";

/// Far more than any mail program writes; a field of one-letter parameters would take many times its size.
constexpr std::size_t kMaxParameters = 200;

bool is_control(char octet) { return (octet >= '\0' && octet < ' ') || octet == '\x7F'; }
bool is_gap(char octet) { return octet == ' ' || is_control(octet); }

/// RFC 2045 §5.1 token octets.
bool is_token_octet(char octet) {
  constexpr std::string_view kSpecials = "()<>@,;:\\\"/[]?=";
  return octet > ' ' && octet < '\x7F' && kSpecials.find(octet) == std::string_view::npos;
}

/// Walks over a field body; every step is total, so the end needs no special care by the callers.
class Scanner {
 public:
  Scanner(std::string_view body, Problems& problems) : body_(body), problems_(problems) {}

  [[nodiscard]] bool at_end() const { return at_ >= body_.size(); }
  [[nodiscard]] char peek() const { return at_end() ? '\0' : body_[at_]; }
  void skip() { ++at_; }
  void restart() { at_ = 0; }

  /// Skips blanks, control octets and comments; true when there were any.
  bool skip_gap();
  /// Skips gaps and semicolons; true when there was a semicolon.
  bool skip_separators();
  std::string read_value();
  /// Everything up to "=", ";", a quote or a gap, in lower case.
  std::string read_name();
  std::string read_parameter_value();

 private:
  void skip_comment();
  [[nodiscard]] bool starts_parameter() const;
  std::string read_quoted();
  std::string read_unquoted();

  std::string_view body_;
  Problems& problems_;
  std::size_t at_ = 0;
  bool comments_end_ = true;
};

bool Scanner::skip_gap() {
  const std::size_t start = at_;
  while (!at_end() && (is_gap(peek()) || peek() == '(')) {
    if (peek() == '(') {
      skip_comment();
    } else {
      skip();
    }
  }
  return at_ > start;
}

/// RFC 5322 §3.2.2, nested ones too. A parenthesis that is never closed is passed over alone: mail programs that know no
/// comments would read on behind it.
void Scanner::skip_comment() {
  std::size_t depth = 0;
  for (std::size_t i = at_; comments_end_ && i < body_.size(); ++i) {
    if (body_[i] == '\\') {
      ++i;
    } else if (body_[i] == '(') {
      ++depth;
    } else if (body_[i] == ')' && --depth == 0) {
      at_ = i + 1;
      return;
    }
  }
  comments_end_ = false;
  problems_.add(kMalformed);
  skip();
}

bool Scanner::skip_separators() {
  bool has_semicolon = false;
  while (skip_gap() || peek() == ';') {
    if (peek() == ';') {
      has_semicolon = true;
      skip();
    }
  }
  return has_semicolon;
}

std::string Scanner::read_value() {
  std::string value;
  while (!at_end() && peek() != ';') {
    const bool is_apart = skip_gap() && !value.empty() && value.back() != '/';
    if (at_end() || peek() == ';') break;
    if (is_apart && peek() != '/') break;
    if (is_token_octet(peek()) || peek() == '/') {
      value += ascii_lower(peek());
    } else if (peek() == '=' && value.find('/') == std::string::npos) {
      // Parameters only: the value itself is missing.
      restart();
      return {};
    } else {
      problems_.add(kMalformed);
    }
    skip();
  }
  return value;
}

std::string Scanner::read_name() {
  const std::size_t start = at_;
  constexpr std::string_view kEnds = "=;\"(";
  while (!at_end() && !is_gap(peek()) && kEnds.find(peek()) == std::string_view::npos) skip();
  return to_ascii_lower(body_.substr(start, at_ - start));
}

std::string Scanner::read_parameter_value() { return peek() == '"' ? read_quoted() : read_unquoted(); }

std::string Scanner::read_quoted() {
  std::string value;
  for (skip(); !at_end(); skip()) {
    if (peek() == '"') {
      skip();
      return value;
    }
    if (peek() == '\\' && at_ + 1 < body_.size()) skip();
    value += peek();
  }
  problems_.add(kMalformed);
  return value;
}

/// True when the word at hand is "name=...": its semicolon was forgotten.
bool Scanner::starts_parameter() const {
  const std::size_t end = body_.find_first_of("=; \t", at_);
  return end != std::string_view::npos && body_[end] == '=';
}

/// Goes on over blanks inside, which stand in file names nobody quoted.
std::string Scanner::read_unquoted() {
  std::string value;
  while (!at_end() && peek() != ';') {
    const bool has_gap = is_gap(peek()) && skip_gap();
    if (at_end() || peek() == ';') break;
    if (has_gap) {
      if (starts_parameter()) break;
      problems_.add(kMalformed);
      value += ' ';
    }
    value += peek();
    skip();
  }
  return value;
}

/// RFC 2231 §3 and §4: "name", "name*", "name*1" or "name*1*".
struct ParameterName {
  std::string name;
  std::optional<std::uint32_t> section;  ///< of a continued parameter
  bool is_extended = false;              ///< value is percent-encoded
};

std::optional<ParameterName> parse_parameter_name(std::string_view text) {
  const std::size_t star = text.find('*');
  ParameterName parsed;
  parsed.name = std::string(text.substr(0, star));
  if (parsed.name.empty()) return std::nullopt;
  if (star == std::string_view::npos) return parsed;
  std::string_view rest = text.substr(star + 1);
  parsed.is_extended = rest.empty() || rest.back() == '*';
  if (rest.empty()) return parsed;
  if (parsed.is_extended) rest.remove_suffix(1);
  constexpr std::size_t kMaxDigits = 6;
  if (rest.empty() || rest.size() > kMaxDigits) return std::nullopt;
  std::uint32_t section = 0;
  for (const char digit : rest) {
    if (!is_ascii_digit(digit)) return std::nullopt;
    section = section * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  parsed.section = section;
  return parsed;
}

std::optional<char> hex_octet(std::string_view text, std::size_t at) {
  unsigned value = 0;
  for (std::size_t i = at; i < at + 2; ++i) {
    const char digit = i < text.size() ? ascii_lower(text[i]) : '\0';
    const bool is_letter = digit >= 'a' && digit <= 'f';
    if (!is_letter && !is_ascii_digit(digit)) return std::nullopt;
    value = value * 16 + static_cast<unsigned>(is_letter ? digit - 'a' + 10 : digit - '0');
  }
  return static_cast<char>(value);
}

std::string percent_decode(std::string_view text, Problems& problems) {
  std::string octets;
  octets.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::optional<char> octet = text[i] == '%' ? hex_octet(text, i + 1) : text[i];
    if (!octet) problems.add(kMalformed);
    octets += octet.value_or('%');
    if (octet && text[i] == '%') i += 2;
  }
  return octets;
}

/// Takes "charset'language'" off the first extended section (RFC 2231 §4); returns the charset.
std::string take_charset(std::string_view& value, Problems& problems) {
  const std::size_t first = value.find('\'');
  const std::size_t second = first == std::string_view::npos ? first : value.find('\'', first + 1);
  if (second == std::string_view::npos) {
    problems.add(kMalformed);
    return {};
  }
  std::string charset(value.substr(0, first));
  value.remove_prefix(second + 1);
  return charset;
}

/// One parameter with all its sections.
class Parameter {
 public:
  explicit Parameter(std::string name) : name_(std::move(name)) {}

  [[nodiscard]] const std::string& name() const { return name_; }
  void add(const ParameterName& name, std::string value, Problems& problems);
  std::string decoded(Problems& problems);

 private:
  struct Section {
    std::uint32_t number;
    bool is_extended;
    std::string value;
  };
  void put_in_order(Problems& problems);

  std::string name_;
  bool is_continued_ = false;
  std::vector<Section> sections_;
};

/// Of several spellings of one parameter the first wins, as with plain duplicates.
void Parameter::add(const ParameterName& name, std::string value, Problems& problems) {
  if (sections_.empty()) {
    is_continued_ = name.section.has_value();
  } else if (!is_continued_ || !name.section) {
    const bool is_other_spelling =
        is_continued_ != name.section.has_value() || sections_.front().is_extended != name.is_extended;
    if (!is_other_spelling) problems.add(kMalformed);
    return;
  }
  sections_.push_back({name.section.value_or(0), name.is_extended, std::move(value)});
}

void Parameter::put_in_order(Problems& problems) {
  std::stable_sort(sections_.begin(), sections_.end(),
                   [](const Section& left, const Section& right) { return left.number < right.number; });
  const auto repeated =
      std::unique(sections_.begin(), sections_.end(),
                  [](const Section& left, const Section& right) { return left.number == right.number; });
  if (repeated != sections_.end()) problems.add(kMalformed);
  sections_.erase(repeated, sections_.end());
  if (sections_.back().number + 1 != sections_.size()) problems.add(kMalformed);
}

std::string Parameter::decoded(Problems& problems) {
  put_in_order(problems);
  std::string joined;
  std::string charset;
  bool is_extended = false;
  for (const Section& section : sections_) {
    std::string_view value = section.value;
    if (!section.is_extended) {
      joined += value;
      continue;
    }
    if (!is_extended) charset = take_charset(value, problems);
    is_extended = true;
    joined += percent_decode(value, problems);
  }
  // The boundary is compared with lines of the body octet for octet.
  if (name_ == "boundary") return joined;
  return is_extended ? to_utf8(joined, charset, problems) : decode_encoded_words(joined, problems);
}

/// The parameters of one field, in the order of their first sections.
class ParameterList {
 public:
  void add(std::string_view written_name, std::string value, Problems& problems);
  std::vector<std::pair<std::string, std::string>> decoded(Problems& problems);

 private:
  std::vector<Parameter> parameters_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

void ParameterList::add(std::string_view written_name, std::string value, Problems& problems) {
  const std::optional<ParameterName> name = parse_parameter_name(written_name);
  const bool is_full = parameters_.size() >= kMaxParameters;
  if (!name || (is_full && !by_name_.contains(name->name))) return problems.add(kMalformed);
  const auto [known, is_new] = by_name_.try_emplace(name->name, parameters_.size());
  if (is_new) parameters_.emplace_back(name->name);
  parameters_[known->second].add(*name, std::move(value), problems);
}

std::vector<std::pair<std::string, std::string>> ParameterList::decoded(Problems& problems) {
  std::vector<std::pair<std::string, std::string>> result;
  result.reserve(parameters_.size());
  for (Parameter& parameter : parameters_) result.emplace_back(parameter.name(), parameter.decoded(problems));
  return result;
}

ParameterList read_parameters(Scanner& scanner, Problems& problems) {
  ParameterList parameters;
  bool is_separated = scanner.skip_separators();
  while (!scanner.at_end()) {
    const std::string name = scanner.read_name();
    scanner.skip_gap();
    const bool has_value = scanner.peek() == '=';
    if (!is_separated || name.empty() || !has_value) problems.add(kMalformed);
    if (has_value) {
      scanner.skip();
      scanner.skip_gap();
      std::string value = scanner.read_parameter_value();
      if (!name.empty()) parameters.add(name, std::move(value), problems);
    } else if (name.empty()) {
      scanner.skip();
    }
    is_separated = scanner.skip_separators();
  }
  return parameters;
}

}  // namespace

std::string_view ParameterisedValue::parameter(std::string_view name) const {
  const auto found = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& parameter) { return parameter.first == name; });
  return found == parameters.end() ? std::string_view() : std::string_view(found->second);
}

bool ParameterisedValue::has_parameter(std::string_view name) const {
  return std::any_of(parameters.begin(), parameters.end(),
                     [&](const auto& parameter) { return parameter.first == name; });
}

std::string_view ParameterisedValue::type() const {
  return std::string_view(value).substr(0, value.find('/'));
}

std::string_view ParameterisedValue::subtype() const {
  const std::size_t slash = value.find('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(value).substr(slash + 1);
}

ParameterisedValue parse_parameterised(std::string_view body, Problems& problems) {
  Scanner scanner(body, problems);
  ParameterisedValue result;
  result.value = scanner.read_value();
  result.parameters = read_parameters(scanner, problems).decoded(problems);
  return result;
}

std::string parse_encoding_token(std::string_view body) {
  Problems ignored;
  Scanner scanner(body, ignored);
  std::string token;
  while (!scanner.at_end() && scanner.peek() != ';') {
    const bool is_apart = scanner.skip_gap() && !token.empty();
    if (is_apart || scanner.at_end()) break;
    if (is_token_octet(scanner.peek())) token += ascii_lower(scanner.peek());
    scanner.skip();
  }
  return token;
}

}  // namespace coldpitch
