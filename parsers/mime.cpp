// SPDX-License-Identifier: MIT
#include "parsers/mime.h"

#include <mimetic/mimetic.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/line.h"
#include "parsers/mime_budget.h"
#include "parsers/mime_entity.h"
#include "parsers/text.h"
#include "parsers/transfer_encoding.h"

// mimetic builds the tree of entities: its parser for input iterators decides what follows what, and keeps the bodies. Two
// things it must not see as they are. Its header reader ends at the first odd line, cuts at NUL and is quadratic, and its
// parameter parser splits inside quotes: so it is given a header of one clean Content-Type that says what read_entity_header()
// found. Its delimiter test takes prefixes and loses the parts behind an unclosed inner multipart: so copy_until_boundary(),
// the one virtual, finds the delimiters. The parser for random access iterators is never used; it throws on hostile mail.

namespace coldpitch {
namespace {

constexpr std::string_view kTextPlain = "text/plain";
constexpr std::string_view kMessageType = "message/rfc822";

/// Reads contiguous octets, but is no random access iterator, which would choose mimetic's other parser.
class OctetIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  OctetIterator() = default;
  explicit OctetIterator(const char* at) : at_(at) {}

  reference operator*() const { return *at_; }
  OctetIterator& operator++() {
    ++at_;
    return *this;
  }
  bool operator==(const OctetIterator&) const = default;

 private:
  const char* at_ = nullptr;
};

/// The header mimetic reads in place of the real one.
std::string_view plain_header(EntityRole role) {
  switch (role) {
    case EntityRole::multipart:
      return "Content-Type: multipart/mixed; boundary=found-by-EntityParser\r\n\r\n";
    case EntityRole::message:
      return "Content-Type: message/rfc822\r\n\r\n";
    case EntityRole::leaf:
    case EntityRole::text:
    case EntityRole::encoded_message:
      break;
  }
  return "Content-Type: text/plain\r\n\r\n";
}

/// mimetic's entity parser over some octets. Besides mimetic's tree it leaves what the headers say, in the order in which
/// mimetic made the entities (depth first).
class EntityParser : public mimetic::IteratorParser<OctetIterator, std::input_iterator_tag> {
 public:
  EntityParser(mimetic::MimeEntity& root, std::string_view octets, MimeBodies bodies, MimeBudget& budget)
      : IteratorParser(root), octets_(octets), bodies_(bodies), budget_(budget) {}

  /// Reads a message, header first, whose root has `depth`.
  void read_message(std::size_t depth, std::size_t max_header_octets);
  /// Reads a multipart's body; `delimiter` and `type` are from its header, read before.
  void read_multipart_body(std::size_t depth, std::string_view type, std::string delimiter);

  [[nodiscard]] std::vector<EntityHeader> take_headers() { return std::move(headers_); }

 protected:
  void copy_until_boundary(mimetic::ParsingElem element) override;

 private:
  struct OpenMultipart {
    std::string delimiter;
    std::size_t depth;
    bool is_digest;
    std::size_t shortest;  ///< octets of the shortest delimiter open, this one included
  };
  /// A delimiter line, or the end of the octets.
  struct Stop {
    std::size_t text_end = 0;  ///< behind the last octet of the text before
    std::size_t next = 0;      ///< behind the line
    std::size_t level = 0;     ///< index in open_
    LineKind kind = LineKind::text;
  };

  void start();
  void add_entities(std::size_t depth, std::size_t max_header_octets, std::string_view default_type);
  EntityHeader next_header(std::size_t depth, std::size_t max_header_octets, std::string_view default_type);
  void add_rest_as_text();
  [[nodiscard]] std::string_view header_extent() const;
  void open_multipart();
  [[nodiscard]] Stop classify(std::string_view line) const;
  [[nodiscard]] Stop find_stop() const;
  void copy(std::string_view text, mimetic::ParsingElem element);
  void go_on_after(Stop stop);

  std::string_view octets_;
  MimeBodies bodies_;
  MimeBudget& budget_;
  std::vector<EntityHeader> headers_;
  std::vector<OpenMultipart> open_;
  std::string plain_headers_;  ///< m_bit points into it
  std::size_t at_ = 0;         ///< first octet not read yet
  std::size_t depth_ = 0;      ///< of the last entity
  Stop handed_up_;             ///< the delimiter of an outer multipart that also ends the inner ones
  bool rest_is_text_ = false;
};

void EntityParser::read_message(std::size_t depth, std::size_t max_header_octets) {
  add_entities(depth, max_header_octets, kTextPlain);
  start();
}

void EntityParser::read_multipart_body(std::size_t depth, std::string_view type, std::string delimiter) {
  EntityHeader root;
  root.role = EntityRole::multipart;
  root.content_type.value = type;
  root.delimiter = std::move(delimiter);
  depth_ = depth;
  plain_headers_ = plain_header(root.role);
  headers_.push_back(std::move(root));
  start();
}

void EntityParser::start() {
  // The end is no place in the text: it is reached when copy_until_boundary() says so.
  run(OctetIterator(plain_headers_.data()), OctetIterator());
}

/// Reads the header of the next entity, and of the message in it if it is one: mimetic reads those headers in a row.
void EntityParser::add_entities(std::size_t depth, std::size_t max_header_octets,
                                std::string_view default_type) {
  plain_headers_.clear();
  for (;; ++depth) {
    if (!headers_.empty() && !budget_.has_room()) return add_rest_as_text();
    headers_.push_back(next_header(depth, max_header_octets, default_type));
    depth_ = depth;
    plain_headers_ += plain_header(headers_.back().role);
    if (headers_.back().role != EntityRole::message) return;
    max_header_octets = budget_.limits().part_header_octets;
    default_type = kTextPlain;
  }
}

EntityHeader EntityParser::next_header(std::size_t depth, std::size_t max_header_octets,
                                       std::string_view default_type) {
  EntityHeader entity = read_entity_header(header_extent(), max_header_octets, default_type,
                                           budget_.header_limits(), budget_.problems());
  budget_.count_entity(entity.header.fields().size());
  at_ += entity.octets;
  if (entity.role == EntityRole::leaf || entity.role == EntityRole::text) return entity;
  if (!budget_.allows_parts(depth)) entity.role = EntityRole::text;
  return entity;
}

void EntityParser::add_rest_as_text() {
  budget_.note("mime-parts");
  budget_.count_entity(0);
  rest_is_text_ = true;
  headers_.emplace_back().role = EntityRole::text;
  plain_headers_ += plain_header(EntityRole::text);
}

/// The octets a header block may take: a delimiter line ends it, too.
std::string_view EntityParser::header_extent() const {
  const std::string_view rest = octets_.substr(at_);
  if (open_.empty()) return rest;
  std::size_t octets = 0;
  while (octets < rest.size()) {
    const Line line = first_line(rest.substr(octets));
    if (classify(line.text).kind != LineKind::text) break;
    octets += line.octets;
    if (line.text.empty()) break;
  }
  return rest.substr(0, octets);
}

void EntityParser::open_multipart() {
  const EntityHeader& entity = headers_.back();
  const std::size_t octets = entity.delimiter.size();
  const std::size_t shortest = open_.empty() ? octets : std::min(octets, open_.back().shortest);
  open_.push_back({entity.delimiter, depth_, entity.content_type.subtype() == "digest", shortest});
}

/// Innermost multipart first.
EntityParser::Stop EntityParser::classify(std::string_view line) const {
  if (open_.empty() || line.size() < open_.back().shortest || !line.starts_with("--")) return {};
  for (std::size_t level = open_.size(); level-- > 0;) {
    const LineKind kind = classify_line(line, open_[level].delimiter);
    if (kind != LineKind::text) return {0, 0, level, kind};
  }
  return {};
}

/// at_ is the start of a line.
EntityParser::Stop EntityParser::find_stop() const {
  std::size_t line = at_;
  while (!open_.empty() && !rest_is_text_ && line < octets_.size()) {
    const std::size_t feed = std::min(octets_.find('\n', line), octets_.size());
    Stop stop = classify(octets_.substr(line, feed - line));
    if (stop.kind != LineKind::text) {
      stop.next = std::min(feed + 1, octets_.size());
      // The line end before a delimiter belongs to it (RFC 2046 §5.1.1).
      stop.text_end = line;
      if (stop.text_end > at_) --stop.text_end;
      if (stop.text_end > at_ && octets_[stop.text_end - 1] == '\r') --stop.text_end;
      return stop;
    }
    const std::size_t dashes = feed == octets_.size() ? std::string_view::npos : octets_.find("\n--", feed);
    if (dashes == std::string_view::npos) break;
    line = dashes + 1;
  }
  return {octets_.size(), octets_.size(), 0, LineKind::text};
}

void EntityParser::copy(std::string_view text, mimetic::ParsingElem element) {
  if (bodies_ == MimeBodies::texts && element == peBody && is_no_text(headers_.back())) {
    headers_.back().has_unread_tail = headers_.back().encoding == "base64" && has_base64_tail(text);
    return;
  }
  constexpr std::size_t kBlock = 1U << 30U;  // mimetic counts in int
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), kBlock))) {
    onBlock(text.data(), static_cast<int>(std::min(text.size(), kBlock)), element);
  }
}

/// mimetic calls this between the headers: for what stands before the first part of a multipart, for the body of a leaf and for
/// what stands behind the last part. It goes on with the header at m_bit, or ends at m_eit.
void EntityParser::copy_until_boundary(mimetic::ParsingElem element) {
  if (element == pePreamble) open_multipart();
  if (element == peEpilogue) open_.pop_back();
  if (handed_up_.kind != LineKind::text) return go_on_after(handed_up_);
  const Stop stop = find_stop();
  copy(octets_.substr(at_, stop.text_end - at_), element);
  at_ = stop.next;
  go_on_after(stop);
}

/// mimetic drops everything behind the delimiter of an outer multipart (its HigherLevelBoundary), so the inner multiparts are
/// said to be closed, one after the other, until the delimiter belongs to the innermost.
void EntityParser::go_on_after(Stop stop) {
  if (stop.kind == LineKind::text) {
    if (!open_.empty() && !rest_is_text_) budget_.note("boundary-unclosed");
    m_lastBoundary = NoBoundary;
    m_bit = m_eit;
    return;
  }
  const bool is_outer = stop.level + 1 < open_.size();
  handed_up_ = is_outer ? stop : Stop();
  if (is_outer) budget_.note("boundary-unclosed");
  if (is_outer || stop.kind == LineKind::close_delimiter) {
    m_lastBoundary = ClosingBoundary;
    return;
  }
  m_lastBoundary = Boundary;
  const std::string_view default_type = open_.back().is_digest ? kMessageType : kTextPlain;
  add_entities(open_.back().depth + 1, budget_.limits().part_header_octets, default_type);
  m_bit = OctetIterator(plain_headers_.data());
}

/// mimetic's tree with the headers of its entities, depth first.
struct EntityTree {
  std::unique_ptr<mimetic::MimeEntity> root = std::make_unique<mimetic::MimeEntity>();
  std::vector<EntityHeader> headers;
  std::size_t next = 0;  ///< header of the entity to be looked at
};

EntityTree read_message_tree(std::string_view octets, std::size_t depth, std::size_t max_header_octets,
                             MimeBodies bodies, MimeBudget& budget) {
  EntityTree tree;
  EntityParser parser(*tree.root, octets, bodies, budget);
  parser.read_message(depth, max_header_octets);
  tree.headers = parser.take_headers();
  return tree;
}

EntityTree read_multipart_tree(std::string_view octets, const MimePart& part, std::string delimiter,
                               MimeBodies bodies, MimeBudget& budget) {
  EntityTree tree;
  EntityParser parser(*tree.root, octets, bodies, budget);
  parser.read_multipart_body(part.depth, part.content_type.value, std::move(delimiter));
  tree.headers = parser.take_headers();
  return tree;
}

/// Moves all text out of an entity without parts.
std::string take_text(mimetic::MimeEntity& entity) {
  mimetic::Body& body = entity.body();
  std::string text = std::move(static_cast<std::string&>(body));
  if (text.empty()) text = std::move(body.preamble());
  if (!text.empty() && !body.epilogue().empty()) text += "\r\n";
  text += std::exchange(body.epilogue(), {});
  return text;
}

/// Appends whole lines, on a line of their own.
void append_lines(std::string& text, std::string_view lines) {
  if (!text.empty() && !lines.empty() && text.back() != '\n' && text.back() != '\r') text += "\r\n";
  text += lines;
}

/// Makes a MimeMessage of mimetic's trees, reading encoded containers again.
class MessageBuilder {
 public:
  MessageBuilder(MimeBodies bodies, MimeBudget& budget) : bodies_(bodies), budget_(budget) {}

  MimeMessage build(std::string_view octets);

 private:
  void add(mimetic::MimeEntity& entity, EntityTree& tree, std::size_t parent);
  void add_children(mimetic::MimeEntity& entity, EntityTree& tree, std::size_t index);
  void add_unsplit(std::string octets, EntityHeader& header, std::size_t index);
  bool add_encoded_message(std::string& body, const EntityHeader& header, std::size_t index);
  bool add_encoded_multipart(std::string& body, const EntityHeader& header, std::size_t index);
  void finish_leaf(std::string body, std::string_view own_junk, std::size_t index);
  void keep_junk(std::string_view junk);
  void add_junk_part();

  MimeBodies bodies_;
  MimeBudget& budget_;
  MimeMessage message_;
  // Junk of headers whose entities are no text, on its way to the next text a person reads. To both kinds: of two alternatives
  // one is shown.
  std::string junk_for_plain_;
  std::string junk_for_html_;
};

MimeMessage MessageBuilder::build(std::string_view octets) {
  EntityTree tree = read_message_tree(octets, 0, budget_.limits().header_octets, bodies_, budget_);
  add(*tree.root, tree, MimePart::kNoParent);
  if (!junk_for_plain_.empty() && !junk_for_html_.empty()) add_junk_part();
  return std::move(message_);
}

/// Calls itself for the entities inside: MimeBudget bounds the levels, encoded ones counted on.
void MessageBuilder::add(mimetic::MimeEntity& entity, EntityTree& tree, std::size_t parent) {
  EntityHeader header = std::move(tree.headers[tree.next++]);
  const std::size_t index = message_.parts.size();
  MimePart& part = message_.parts.emplace_back();
  part.parent = parent;
  if (parent != MimePart::kNoParent) {
    part.depth = message_.parts[parent].depth + 1;
    ++message_.parts[parent].children;
  }
  part.header = std::move(header.header);
  part.content_type = std::move(header.content_type);
  part.disposition = std::move(header.disposition);
  part.encoding = std::move(header.encoding);
  if (entity.body().parts().empty()) return add_unsplit(take_text(entity), header, index);
  keep_junk(header.junk);
  add_children(entity, tree, index);
}

void MessageBuilder::add_children(mimetic::MimeEntity& entity, EntityTree& tree, std::size_t index) {
  for (mimetic::MimeEntity* child : entity.body().parts()) add(*child, tree, index);
}

void MessageBuilder::add_unsplit(std::string octets, EntityHeader& header, std::size_t index) {
  MimePart& part = message_.parts[index];
  if (header.may_be_base64 && looks_like_base64(octets)) part.encoding = "base64";
  if (is_body_in_junk(header.junk, octets, part.encoding)) octets = std::exchange(header.junk, {});
  const bool is_leaf = header.role == EntityRole::leaf;
  const bool keeps_tail = !is_leaf || part.content_type.type() == "text";
  const bool is_encoded = is_leaf || part.encoding != "base64" || looks_like_base64(octets);
  std::string body =
      is_encoded ? decode_entity_body(std::move(octets), part.encoding, keeps_tail, budget_.problems())
                 : std::move(octets);
  if (header.has_unread_tail) budget_.note("base64-after-padding");
  const bool is_message = header.role == EntityRole::encoded_message;
  if (is_message && add_encoded_message(body, header, index)) return;
  const bool is_multipart = header.role == EntityRole::multipart;
  if (is_multipart && add_encoded_multipart(body, header, index)) return;
  if (!is_leaf) message_.parts[index].content_type = {std::string(kTextPlain), {}};
  finish_leaf(std::move(body), header.junk, index);
}

/// False where a limit keeps it text.
bool MessageBuilder::add_encoded_message(std::string& body, const EntityHeader& header, std::size_t index) {
  if (!budget_.allows_reading_again(body.size())) return false;
  keep_junk(header.junk);
  const std::size_t depth = message_.parts[index].depth + 1;
  EntityTree tree = read_message_tree(std::exchange(body, {}), depth, budget_.limits().part_header_octets,
                                      bodies_, budget_);
  add(*tree.root, tree, index);
  return true;
}

/// False where `body`, which has no delimiter before decoding, has none behind it either.
bool MessageBuilder::add_encoded_multipart(std::string& body, const EntityHeader& header, std::size_t index) {
  if (!is_transforming_encoding(message_.parts[index].encoding)) {
    budget_.note("boundary-missing");
    return false;
  }
  if (!budget_.allows_reading_again(body.size())) return false;
  EntityTree tree =
      read_multipart_tree(std::exchange(body, {}), message_.parts[index], header.delimiter, bodies_, budget_);
  if (tree.root->body().parts().empty()) {
    budget_.note("boundary-missing");
    body = take_text(*tree.root);
    return false;
  }
  keep_junk(header.junk);
  tree.next = 1;  // the root is the entity at `index`
  add_children(*tree.root, tree, index);
  return true;
}

void MessageBuilder::finish_leaf(std::string body, std::string_view own_junk, std::size_t index) {
  MimePart& part = message_.parts[index];
  const bool is_html = is_html_type(part.content_type.value);
  const bool is_read = (is_html || part.content_type.value == kTextPlain) && !part.is_attachment();
  if (is_read || index == 0) {
    std::string junk = std::exchange(is_html ? junk_for_html_ : junk_for_plain_, {});
    append_lines(junk, own_junk);
    body = with_junk(std::move(body), junk, part.content_type);
  } else {
    keep_junk(own_junk);
  }
  part.body = std::move(body);
}

void MessageBuilder::keep_junk(std::string_view junk) {
  append_lines(junk_for_plain_, junk);
  append_lines(junk_for_html_, junk);
}

/// For junk with no text behind it: what neither kind has taken is the end of both.
void MessageBuilder::add_junk_part() {
  MimePart& part = message_.parts.emplace_back();
  part.parent = 0;
  part.depth = 1;
  part.content_type.value = kTextPlain;
  part.body = std::move(junk_for_plain_.size() < junk_for_html_.size() ? junk_for_plain_ : junk_for_html_);
  ++message_.parts.front().children;
}

}  // namespace

bool MimePart::is_container() const {
  return children > 0 && (content_type.type() == "multipart" || content_type.type() == "message");
}

bool MimePart::is_attachment() const {
  if (disposition.value == "attachment") return true;
  const bool is_named = !disposition.parameter("filename").empty() || !content_type.parameter("name").empty();
  return is_named && content_type.type() != "text";
}

MimeMessage parse_mime(std::string_view octets, const Limits& limits, Problems& problems, MimeBodies bodies) {
  if (octets.size() > limits.message_octets) problems.add("message-octets");
  octets = octets.substr(0, limits.message_octets);
  MimeBudget budget(limits, problems, octets.size());
  return MessageBuilder(bodies, budget).build(octets);
}

}  // namespace coldpitch
