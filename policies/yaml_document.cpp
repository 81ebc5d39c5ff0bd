// SPDX-License-Identifier: MIT
#include "policies/yaml_document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <new>
#include <sstream>
#include <system_error>

#include "parsers/text.h"
#include "policies/yaml_syntax.h"

namespace coldpitch {
namespace {

/// A longer line is not shown with a diagnostic: thousands of errors in one line would copy it as often.
constexpr std::size_t kMaxShownLine = 1000;
/// So many duplicate keys are reported, then reading stops.
constexpr std::size_t kMaxDuplicates = 50;

/// Why reading stops. Thrown through yaml-cpp's parser, which has no other way to be stopped.
struct Refusal : std::exception {
  Refusal(std::size_t refused_line, std::size_t refused_column, std::string why)
      : line(refused_line), column(refused_column), message(std::move(why)) {}
  std::size_t line, column;
  std::string message;
};

/// What yaml-cpp made of a text.
struct Built {
  YamlNode root;
  std::vector<Refusal> refusals;
  bool is_whole = true;  ///< reading went on to the end: the refusals are duplicate keys
};

/// Something found at an octet of the text, before there are lines and columns.
struct Flaw {
  std::size_t offset = 0;
  std::string message;
};

std::string hex_of(unsigned value) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  return {kDigits[(value >> 4U) & 0xFU], kDigits[value & 0xFU]};
}

bool starts_as_utf16(std::string_view text) {
  if (text.starts_with("\xFE\xFF") || text.starts_with("\xFF\xFE")) return true;
  return text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0');
}

/// The first character at or after which `text` may not go on: controls (tab and line end apart), a stray byte order mark.
std::optional<Flaw> find_bad_character(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto octet = static_cast<unsigned char>(text[at]);
    if (octet == '\r') return Flaw{at, "a carriage return without a line feed"};
    if ((octet < 0x20 && octet != '\t' && octet != '\n') || octet == 0x7F) {
      return Flaw{at, "control character U+00" + hex_of(octet)};
    }
    if (octet == 0xC2 && at + 1 < text.size()) {
      const auto next = static_cast<unsigned char>(text[at + 1]);
      if (next >= 0x80 && next < 0xA0) return Flaw{at, "control character U+00" + hex_of(next)};
    }
    if (octet == 0xEF && text.substr(at, 3) == "\xEF\xBB\xBF")
      return Flaw{at, "a byte order mark inside the text"};
  }
  return std::nullopt;
}

std::optional<Flaw> find_bracket_beyond_limit(std::string_view text) {
  std::size_t brackets = 0;
  for (std::size_t at = text.find_first_of("[{,"); at != std::string_view::npos;
       at = text.find_first_of("[{,", at + 1)) {
    if (++brackets <= YamlDocument::kMaxBrackets) continue;
    return Flaw{at, "more than " + std::to_string(YamlDocument::kMaxBrackets) + " brackets and commas"};
  }
  return std::nullopt;
}

/// What keeps `text` from being given to yaml-cpp.
std::optional<Flaw> find_flaw(std::string_view text) {
  if (starts_as_utf16(text)) return Flaw{0, "the file is UTF-16; save it as UTF-8"};
  std::optional<Flaw> flaw = find_bad_character(text);
  if (is_valid_utf8(text)) return flaw ? flaw : find_bracket_beyond_limit(text);
  const std::string valid = to_valid_utf8(text);
  const auto place = std::mismatch(text.begin(), text.end(), valid.begin(), valid.end()).first;
  const auto offset = static_cast<std::size_t>(place - text.begin());
  if (flaw && flaw->offset < offset) return flaw;
  return Flaw{offset, "not valid UTF-8 (octet 0x" +
                          hex_of(offset < text.size() ? static_cast<unsigned char>(text[offset]) : 0U) + ")"};
}

/// Without byte order mark, with LF line ends and one at the end: the form in which marks and offsets agree, and in
/// which yaml-cpp tells of an open quote as a scalar rather than by an error at the end of the file.
std::string normalised(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') continue;
    text[kept++] = text[at];
  }
  text.resize(kept);
  if (!text.empty() && text.back() != '\n') text += '\n';
  return text;
}

/// Builds YamlNodes from yaml-cpp's events and refuses what is not wanted.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(std::string_view text) : text_(text) {}

  YamlNode root;
  std::vector<Refusal> refusals;  ///< duplicate keys
  std::size_t open_quote = 0;     ///< line of the last quote, if it goes on in the next line

  /// What is begun and not ended, for messages.
  [[nodiscard]] YamlStop stopped_at(const YAML::Mark& mark) const {
    YamlStop stop;
    stop.line = static_cast<std::size_t>(std::max(mark.line, 0)) + 1;
    stop.column = static_cast<std::size_t>(std::max(mark.column, 0)) + 1;
    stop.open_quote = open_quote;
    for (const Open& one : open_) {
      stop.begun.push_back(
          {one.node.kind == YamlNode::Kind::map, one.in_brackets, one.node.line, one.node.column});
    }
    return stop;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (!started_) {
      started_ = true;
      return;
    }
    if (at(mark).starts_with("---")) refuse(mark, "a second document; a file holds one");
    refuse(mark, "unexpected " + quote(at(mark).substr(0, 1)) +
                     (root.kind == YamlNode::Kind::null
                          ? ""
                          : ": the value of line " + std::to_string(root.line) + " ended above"));
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node = make_node(mark, "?", anchor);
    // The mark of an absent value is that of whatever comes next, lines below perhaps.
    if (!open_.empty() && open_.back().key) {
      node.line = open_.back().key->line;
      node.column = open_.back().key->column;
    }
    place(mark, std::move(node));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    refuse(mark, "aliases ('*name') are not allowed");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make_node(mark, tag, anchor);
    node.kind = YamlNode::Kind::scalar;
    node.scalar = value;
    node.quoted = tag == "!";
    node.multi_line = spans_lines(mark, value);
    open_quote = node.quoted && node.multi_line ? node.line : 0;
    place(mark, std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    open(mark, YamlNode::Kind::sequence, make_node(mark, tag, anchor), style);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    open(mark, YamlNode::Kind::map, make_node(mark, tag, anchor), style);
  }
  void OnMapEnd() override {
    check_duplicates(open_.back().node);
    close();
  }

 private:
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;  ///< of a map: the one whose value comes next
    bool in_brackets = false;
  };

  [[noreturn]] static void refuse(const YAML::Mark& mark, std::string message) {
    throw Refusal(static_cast<std::size_t>(mark.line) + 1, static_cast<std::size_t>(mark.column) + 1,
                  std::move(message));
  }

  /// The text from `mark` on.
  [[nodiscard]] std::string_view at(const YAML::Mark& mark) const {
    const auto offset = static_cast<std::size_t>(std::max(mark.pos, 0));
    return text_.substr(std::min(offset, text_.size()));
  }

  YamlNode make_node(const YAML::Mark& mark, std::string_view tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(mark, "anchors ('&name') are not allowed");
    // "?" and "!" are what yaml-cpp calls plain and quoted scalars, but they can be written, too.
    const bool written = at(mark).starts_with('!');
    if (written || (!tag.empty() && tag != "?" && tag != "!")) refuse(mark, "tags ('!name') are not allowed");
    if (++nodes_ > YamlDocument::kMaxNodes) {
      refuse(mark, "more than " + std::to_string(YamlDocument::kMaxNodes) + " values");
    }
    YamlNode node;
    node.line = static_cast<std::size_t>(mark.line) + 1;
    node.column = static_cast<std::size_t>(mark.column) + 1;
    return node;
  }

  /// True when a quoted or plain scalar goes on in another line. Blocks are said to be of several lines: false.
  [[nodiscard]] bool spans_lines(const YAML::Mark& mark, std::string_view value) const {
    const std::string_view source = at(mark);
    if (source.starts_with('|') || source.starts_with('>')) return false;
    if (source.starts_with('\'') || source.starts_with('"')) {
      const std::size_t end = closing_quote(source);
      if (end == std::string_view::npos) refuse(mark, "this quote is never closed");
      return source.substr(0, end).find('\n') != std::string_view::npos;
    }
    return !source.starts_with(value);
  }

  /// Offset of the quote that ends the scalar `source` starts with.
  static std::size_t closing_quote(std::string_view source) {
    const char mark = source.front();
    for (std::size_t at = 1; at < source.size(); ++at) {
      if (mark == '"' && source[at] == '\\') {
        ++at;
      } else if (source[at] == mark) {
        if (mark == '"' || at + 1 >= source.size() || source[at + 1] != mark) return at;
        ++at;
      }
    }
    return std::string_view::npos;
  }

  void open(const YAML::Mark& mark, YamlNode::Kind kind, YamlNode node, YAML::EmitterStyle::value style) {
    if (open_.size() >= YamlDocument::kMaxDepth) {
      refuse(mark, "nested deeper than " + std::to_string(YamlDocument::kMaxDepth) + " levels");
    }
    if (expects_key()) refuse(mark, "a key must be text (is a bracket left open?)");
    node.kind = kind;
    open_.push_back({std::move(node), std::nullopt, style == YAML::EmitterStyle::Flow});
  }

  void close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(node));
  }

  [[nodiscard]] bool expects_key() const {
    return !open_.empty() && open_.back().node.kind == YamlNode::Kind::map && !open_.back().key;
  }

  /// Puts a scalar or null where it belongs.
  void place(const YAML::Mark& mark, YamlNode node) {
    if (!expects_key()) return put(std::move(node));
    if (node.kind != YamlNode::Kind::scalar || node.scalar.empty()) refuse(mark, "a key must be text");
    if (node.scalar == "<<" && !node.quoted) refuse(mark, "merge keys ('<<') are not allowed");
    if (node.multi_line) refuse(mark, "a key must stand on one line");
    open_.back().key = std::move(node);
  }

  void put(YamlNode node) {
    if (open_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
      return;
    }
    parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
    parent.key.reset();
  }

  void check_duplicates(const YamlNode& map) {
    std::vector<const YamlNode*> keys;
    keys.reserve(map.entries.size());
    for (const YamlEntry& entry : map.entries) keys.push_back(&entry.key);
    std::stable_sort(keys.begin(), keys.end(), [](const YamlNode* left, const YamlNode* right) {
      return left->scalar < right->scalar;
    });
    for (std::size_t at = 1; at < keys.size() && refusals.size() < kMaxDuplicates; ++at) {
      const YamlNode& key = *keys[at];
      if (key.scalar != keys[at - 1]->scalar) continue;
      refusals.emplace_back(key.line, key.column,
                            "duplicate key " + quote(key.scalar) + " (first in line " +
                                std::to_string(first_line(keys, at)) + ")");
    }
  }

  /// Line of the first of the equal keys that end at `at`.
  static std::size_t first_line(const std::vector<const YamlNode*>& sorted, std::size_t at) {
    const auto first =
        std::lower_bound(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(at), sorted[at]->scalar,
                         [](const YamlNode* key, const std::string& scalar) { return key->scalar < scalar; });
    return (*first)->line;
  }

  std::string_view text_;
  bool started_ = false;
  std::size_t nodes_ = 0;
  std::vector<Open> open_;
};

/// Runs yaml-cpp over `text`. The second call finds what follows the document; there is no third, because yaml-cpp 0.7
/// and 0.8 give documents without end for a lone comma.
Built build(const std::string& text) {
  Builder builder(text);
  bool is_whole = false;
  try {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) parser.HandleNextDocument(builder);
    is_whole = true;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const Refusal& refusal) {
    builder.refusals.push_back(refusal);
  } catch (const YAML::Exception& exception) {
    const YamlStop stop = builder.stopped_at(exception.mark);
    builder.refusals.emplace_back(stop.line, stop.column, explain_syntax_error(exception.msg, text, stop));
  } catch (const std::exception& exception) {
    builder.refusals.emplace_back(1, 1, std::string("not valid YAML: ") + exception.what());
  }
  return {std::move(builder.root), std::move(builder.refusals), is_whole};
}

std::vector<std::size_t> find_line_starts(std::string_view text) {
  std::vector<std::size_t> starts{0};
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    starts.push_back(at + 1);
  }
  return starts;
}

Diagnostic file_error(const std::string& file, std::string message) {
  return {Diagnostic::Severity::error, {file, 0, 0}, std::move(message), ""};
}

/// The nesting is bounded by YamlDocument::kMaxDepth.
void move_sources(YamlNode& node, std::size_t by) {
  node.source += by;
  for (YamlNode& item : node.items) move_sources(item, by);
  for (YamlEntry& entry : node.entries) {
    entry.key.source += by;
    move_sources(entry.value, by);
  }
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, value] : entries) {
    if (name.scalar == key) return &value;
  }
  return nullptr;
}

std::string_view YamlDocument::line(std::size_t number, std::size_t source) const {
  const Source& from = sources_[source];
  if (number == 0 || number > from.line_starts.size()) return "";
  const std::string_view rest = std::string_view(from.text).substr(from.line_starts[number - 1]);
  return rest.substr(0, rest.find('\n'));
}

Diagnostic YamlDocument::diagnostic(Diagnostic::Severity severity, const YamlNode& node,
                                    std::string message) const {
  const std::string_view source = line(node.line, node.source);
  return {severity, location(node), std::move(message),
          std::string(source.size() > kMaxShownLine ? "" : source)};
}

Diagnostic YamlDocument::diagnostic_at(Diagnostic::Severity severity, SourceLocation place,
                                       std::string message) const {
  const auto source = std::find_if(sources_.begin(), sources_.end(),
                                   [&](const Source& known) { return known.file == place.file; });
  YamlNode node;
  node.line = place.line;
  node.column = place.column;
  node.source = source == sources_.end() ? 0 : static_cast<std::size_t>(source - sources_.begin());
  return diagnostic(severity, node, std::move(message));
}

void add_lines(std::vector<Diagnostic>& diagnostics) {
  std::map<std::string, std::optional<YamlDocument>> documents;
  for (Diagnostic& diagnostic : diagnostics) {
    const SourceLocation& place = diagnostic.location;
    if (!diagnostic.line.empty() || place.line == 0) continue;
    const auto [document, is_new] = documents.try_emplace(place.file);
    std::vector<Diagnostic> ignored;
    if (is_new) document->second = YamlDocument::read(place.file, ignored);
    if (document->second) diagnostic.line = document->second->diagnostic_at({}, place, "").line;
  }
}

YamlNode YamlDocument::adopt(YamlDocument other) {
  move_sources(other.root_, sources_.size());
  std::move(other.sources_.begin(), other.sources_.end(), std::back_inserter(sources_));
  return std::move(other.root_);
}

std::optional<YamlDocument> YamlDocument::parse(std::string text, std::string file,
                                                std::vector<Diagnostic>& diagnostics,
                                                bool despite_duplicates) {
  if (text.size() > kMaxOctets) {
    diagnostics.push_back(file_error(file, "larger than " + std::to_string(kMaxOctets) + " octets"));
    return std::nullopt;
  }
  YamlDocument document;
  Source& source = document.sources_.emplace_back();
  source.file = std::move(file);
  source.text = normalised(std::move(text));
  source.line_starts = find_line_starts(source.text);
  Built built;
  if (const std::optional<Flaw> flaw = find_flaw(source.text)) {
    const auto& starts = source.line_starts;
    const auto next = std::upper_bound(starts.begin(), starts.end(), flaw->offset);
    built.refusals.emplace_back(static_cast<std::size_t>(next - starts.begin()),
                                flaw->offset - *(next - 1) + 1, flaw->message);
    built.is_whole = false;
  } else {
    built = build(source.text);
  }
  document.root_ = std::move(built.root);
  for (Refusal& refusal : built.refusals) {
    YamlNode place;
    place.line = refusal.line;
    place.column = refusal.column;
    diagnostics.push_back(
        document.diagnostic(Diagnostic::Severity::error, place, std::move(refusal.message)));
  }
  if (!built.is_whole || (!built.refusals.empty() && !despite_duplicates)) return std::nullopt;
  YamlNode& root = document.root_;
  if (root.kind == YamlNode::Kind::null) {
    root.kind = YamlNode::Kind::map;
    root.line = root.column = 1;
  }
  return document;
}

std::optional<YamlDocument> YamlDocument::read(const std::string& path, std::vector<Diagnostic>& diagnostics,
                                               bool despite_duplicates) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    diagnostics.push_back(file_error(path, "cannot be read: it is a directory"));
    return std::nullopt;
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  std::string text;
  std::array<char, 16384> block{};
  while (stream && text.size() <= kMaxOctets) {
    stream.read(block.data(), block.size());
    text.append(block.data(), static_cast<std::size_t>(stream.gcount()));
  }
  if (!stream.is_open() || stream.bad()) {
    const std::string reason = errno == 0 ? "input error" : std::generic_category().message(errno);
    diagnostics.push_back(file_error(path, "cannot be read: " + reason));
    return std::nullopt;
  }
  return parse(std::move(text), path, diagnostics, despite_duplicates);
}

}  // namespace coldpitch
