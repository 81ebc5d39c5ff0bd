// SPDX-License-Identifier: MIT
#include "parsers/message_body.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/calendar_text.h"
#include "parsers/charset.h"
#include "parsers/enriched_text.h"
#include "parsers/flowed_text.h"
#include "parsers/text.h"
#include "parsers/words.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMetaSearchOctets = 4096;
constexpr std::size_t kMaxCharsetOctets = 64;
constexpr std::size_t kMaxRegions = 4000;
/// No charset takes more octets for a character than UTF-32.
constexpr std::size_t kMaxOctetsPerCharacter = 4;
constexpr std::string_view kBetweenParts = "\n\n";

bool is_message(const MimePart& part) { return part.content_type.type() == "message" && part.is_container(); }

bool is_html(const MimePart& part) {
  return part.content_type.value == "text/html" || part.content_type.value == "application/xhtml+xml";
}

/// A leaf that mail programs show as text: also what claims to be a container and could not be split.
bool is_readable(const MimePart& part) {
  static constexpr auto kUnread =
      std::to_array<std::string_view>({"calendar", "css", "directory", "javascript", "rfc822-headers", "rtf",
                                       "vcard", "watch-html", "x-amp-html", "x-vcard"});
  if (part.is_container()) return false;
  if (is_html(part)) return true;
  const std::string_view type = part.content_type.type();
  if (type == "multipart" || part.content_type.value == "message/rfc822") return true;
  if (part.content_type.subtype().empty()) return true;
  return type == "text" && !std::binary_search(kUnread.begin(), kUnread.end(), part.content_type.subtype());
}

bool is_calendar(const MimePart& part) {
  return part.content_type.value == "text/calendar" || part.content_type.value == "application/ics";
}

/// Mailing lists whose senders' domains would fail DMARC under the list's name send the message whole, inside one of their own (Mailman's
/// "Wrap Message"): to its readers it is the mail.
bool is_wrapped_by_list(const MimePart& part, const MimePart& root) {
  const bool is_list = root.header.has("List-Id") || root.header.has("List-Post");
  return is_list && part.parent == 0 && root.content_type.value == "multipart/mixed" && is_message(part) &&
         part.disposition.value == "inline";
}

/// Notes a body that mail programs may show and a filter cannot read (RFC 8551 §3, RFC 3156 §4).
void note_opaque(const MimePart& part, Problems& problems) {
  const std::string_view type = part.content_type.value;
  if (type == "multipart/encrypted") problems.add("body-encrypted");
  const bool is_file = type == "application/octet-stream" &&
                       (ends_with_ignoring_case(part.content_type.parameter("name"), ".p7m") ||
                        ends_with_ignoring_case(part.disposition.parameter("filename"), ".p7m"));
  if (type != "application/pkcs7-mime" && type != "application/x-pkcs7-mime" && !is_file) return;
  const std::string_view content = part.content_type.parameter("smime-type");
  if (equals_ignoring_case(content, "certs-only")) return;
  const bool is_encrypted =
      equals_ignoring_case(content, "enveloped-data") || equals_ignoring_case(content, "authEnveloped-data");
  problems.add(is_encrypted ? "body-encrypted" : "body-opaque");
}

/// The charset a <meta> element names (WHATWG §13.2.3.2, in short), or "".
std::string_view meta_charset(std::string_view html) {
  const std::string_view head = html.substr(0, kMetaSearchOctets);
  for (std::size_t at = find_ignoring_case(head, "<meta"); at != std::string_view::npos;
       at = find_ignoring_case(head, "<meta", at + 1)) {
    const std::string_view tag = head.substr(at, head.find('>', at) - at);
    const std::size_t name = find_ignoring_case(tag, "charset");
    if (name == std::string_view::npos) continue;
    std::string_view value = trim(tag.substr(name + std::string_view("charset").size()));
    if (!value.starts_with('=')) continue;
    value = trim(value.substr(1));
    if (value.starts_with('"') || value.starts_with('\'')) value.remove_prefix(1);
    value = value.substr(0, std::min(value.find_first_of("\"'; />\t\r\n"), kMaxCharsetOctets));
    // A label read octet by octet proves that the text is not UTF-16.
    return starts_with_ignoring_case(value, "utf-16") ? "utf-8" : value;
  }
  return {};
}

std::string html_as_utf8(const MimePart& part, std::size_t max_octets, Problems& problems) {
  const std::string_view octets =
      std::string_view(part.body).substr(0, max_octets * kMaxOctetsPerCharacter + 1);
  const std::string_view label = part.content_type.parameter("charset");
  if (!label.empty()) return to_utf8(octets, label, problems);
  if (octets.starts_with("\xEF\xBB\xBF")) return to_utf8(octets, "utf-8", problems);
  return to_utf8(octets, meta_charset(octets), problems);
}

constexpr auto kKeptInText = [] {
  std::array<bool, 256> kept{};
  for (std::size_t i = 0; i < kept.size(); ++i) kept[i] = i == '\n' || i == '\t' || (i >= ' ' && i != 0x7F);
  return kept;
}();

bool is_kept_in_text(char c) { return kKeptInText[static_cast<unsigned char>(c)]; }

/// Line ends as LF (one for any number of CR before it: "=0D" before a line end makes two), other control octets but TAB left out,
/// blank lines at both ends off.
std::string tidied(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i;
    while (i < text.size() && is_kept_in_text(text[i])) ++i;
    out += text.substr(begin, i - begin);
    if (i == text.size()) break;
    const char c = text[i++];
    if (c == '\r') {
      const std::size_t behind = std::min(text.find_first_not_of('\r', i), text.size());
      if (behind == text.size() || text[behind] != '\n') out.append(behind - i + 1, '\n');
      i = behind;
    } else if (is_ascii_space(c)) {
      out += ' ';
    }
  }
  while (!out.empty() && is_ascii_space(out.back())) out.pop_back();
  const std::size_t first = std::min(out.find_first_not_of(" \t\n"), out.size());
  const std::size_t line = first == 0 ? std::string::npos : out.rfind('\n', first - 1);
  if (line != std::string::npos) out.erase(0, line + 1);
  return out;
}

/// Text of a part that is no HTML, tidied.
std::string decoded_text(const MimePart& part, const Limits& limits, Problems& problems) {
  const std::string_view octets =
      std::string_view(part.body).substr(0, limits.text_octets * kMaxOctetsPerCharacter);
  const std::string text = to_utf8(octets, part.content_type.parameter("charset"), problems);
  const std::string_view kept = utf8_prefix(text, limits.text_octets);
  if (kept.size() < text.size() || octets.size() < part.body.size()) problems.add("text-octets");
  return tidied(kept);
}

std::string plain_text(const MimePart& part, const Limits& limits, Problems& problems) {
  std::string tidy = decoded_text(part, limits, problems);
  if (part.content_type.value == "text/enriched") return enriched_to_text(tidy, limits.text_octets);
  if (!equals_ignoring_case(part.content_type.parameter("format"), "flowed")) return tidy;
  return join_flowed_lines(tidy, equals_ignoring_case(part.content_type.parameter("delsp"), "yes"));
}

/// A text part, decoded.
struct Leaf {
  std::size_t part = 0;
  bool html = false;
  bool words = false;
  bool dropped = false;  ///< a better alternative was chosen
  std::string text;      ///< of a plain part
  HtmlText html_text;    ///< of an HTML part

  [[nodiscard]] const std::string& shown() const { return html ? html_text.text : text; }
  /// 2 for HTML with words, 1 for plain text with words, else 0.
  [[nodiscard]] int rank() const { return words ? 1 + static_cast<int>(html) : 0; }
};

class BodyReader {
 public:
  BodyReader(const MimeMessage& mime, const Limits& limits, Problems& problems)
      : mime_(mime), limits_(limits), problems_(problems), html_octets_(limits.html_octets) {}

  MessageBody run() && {
    read_leaves();
    for (std::size_t i = 0; i < mime_.parts.size(); ++i) {
      if (mime_.parts[i].content_type.value == "multipart/alternative") choose_alternative(i);
    }
    join();
    if (body_.text.empty()) read_calendars();
    return std::move(body_);
  }

 private:
  void read_leaves() {
    std::vector<bool> apart(mime_.parts.size(), false);  // inside an attachment or attached message
    for (std::size_t i = 0; i < mime_.parts.size(); ++i) {
      const MimePart& part = mime_.parts[i];
      const bool inside = part.parent != MimePart::kNoParent && apart[part.parent];
      // The message itself is shown, whatever its disposition.
      apart[i] = inside || (i > 0 && (part.is_attachment() || is_message(part)) &&
                            !is_wrapped_by_list(part, mime_.parts.front()));
      if (!inside) note_opaque(part, problems_);
      if (apart[i]) continue;
      if (is_calendar(part)) calendars_.push_back(&part);
      if (is_readable(part)) read_leaf(i);
    }
  }

  /// Mail programs show the event of a mail without words.
  void read_calendars() {
    for (const MimePart* const part : calendars_) {
      append(calendar_text(decoded_text(*part, limits_, problems_)));
    }
    if (!body_.text.empty()) body_.source = BodySource::plain;
  }

  void read_leaf(std::size_t index) {
    const MimePart& part = mime_.parts[index];
    Leaf leaf;
    leaf.part = index;
    leaf.html = is_html(part);
    if (leaf.html) {
      const std::string html = html_as_utf8(part, html_octets_, problems_);
      Limits rest = limits_;
      rest.html_octets = html_octets_;
      leaf.html_text = html_to_text(html, rest, problems_);
      html_octets_ -= std::min(html.size(), html_octets_);
    } else {
      leaf.text = plain_text(part, limits_, problems_);
    }
    leaf.words = has_words(leaf.shown());
    leaves_.push_back(std::move(leaf));
  }

  /// The child of `container` that holds `part`, or kNoParent when `part` stands elsewhere.
  [[nodiscard]] std::size_t child_holding(std::size_t container, std::size_t part) const {
    while (part != MimePart::kNoParent && mime_.parts[part].parent != container)
      part = mime_.parts[part].parent;
    return part;
  }

  /// Of alternatives with equal claims the last one is shown (RFC 2046 §5.1.4).
  void choose_alternative(std::size_t container) {
    const Leaf* best = nullptr;
    std::size_t chosen = MimePart::kNoParent;
    for (const Leaf& leaf : leaves_) {
      const std::size_t child = child_holding(container, leaf.part);
      if (leaf.dropped || child == MimePart::kNoParent) continue;
      if (best != nullptr && leaf.rank() < best->rank()) continue;
      best = &leaf;
      chosen = child;
    }
    if (best == nullptr) return;
    for (Leaf& leaf : leaves_) {
      const std::size_t child = child_holding(container, leaf.part);
      if (leaf.dropped || child == MimePart::kNoParent || child == chosen) continue;
      leaf.dropped = true;
      if (best->rank() == 2 && leaf.rank() == 1) compare_plain(leaf, *best);
    }
  }

  void compare_plain(Leaf& plain, const Leaf& html) {
    if (words_differ(plain.shown(), html.shown())) problems_.add("alternative-differs");
    if (body_.plain.empty()) body_.plain = std::move(plain.text);
  }

  void join() {
    for (Leaf& leaf : leaves_) {
      if (leaf.dropped || !leaf.words) continue;
      const Span place = append(leaf.shown());
      if (!leaf.html) continue;
      shift(leaf.html_text, place);
      keep(leaf.html_text);
      body_.source = BodySource::html;
    }
    if (body_.source == BodySource::none && !body_.text.empty()) body_.source = BodySource::plain;
    if (body_.source != BodySource::html) keep_unjudged_html();
  }

  /// Appends a part's text as far as there is room; returns where it stands.
  Span append(std::string_view text) {
    const std::string_view separator = body_.text.empty() ? std::string_view{} : kBetweenParts;
    const std::size_t room =
        limits_.text_octets - std::min(limits_.text_octets, body_.text.size() + separator.size());
    const std::string_view kept = utf8_prefix(text, room);
    if (kept.size() < text.size()) problems_.add("text-octets");
    if (kept.empty()) return {body_.text.size(), body_.text.size()};
    body_.text.append(separator).append(kept);
    return {body_.text.size() - kept.size(), body_.text.size()};
  }

  static void shift(HtmlText& html, Span place) {
    const auto move = [&](Span& span) {
      span = {std::min(place.begin + span.begin, place.end), std::min(place.begin + span.end, place.end)};
    };
    for (HtmlLink& link : html.links) move(link.text);
    for (HtmlRegion& region : html.regions) move(region.text);
  }

  /// The first judged HTML part is kept as it is, later ones add to it.
  void keep(HtmlText& html) {
    const auto add = [](auto& all, auto& more, std::size_t most) {
      const std::size_t count = std::min(more.size(), most - std::min(most, all.size()));
      const auto end = std::make_move_iterator(more.begin() + static_cast<std::ptrdiff_t>(count));
      all.insert(all.end(), std::make_move_iterator(more.begin()), end);
    };
    add(body_.html.links, html.links, limits_.urls);
    add(body_.html.images, html.images, limits_.urls);
    add(body_.html.regions, html.regions, kMaxRegions);
    const std::size_t used = body_.hidden_text.size() + kBetweenParts.size();
    if (html.hidden_text.empty() || used >= limits_.text_octets) return;
    if (!body_.hidden_text.empty()) body_.hidden_text += kBetweenParts;
    body_.hidden_text += utf8_prefix(html.hidden_text, limits_.text_octets - used);
  }

  void keep_unjudged_html() {
    const auto html =
        std::find_if(leaves_.begin(), leaves_.end(), [](const Leaf& leaf) { return leaf.html; });
    if (html == leaves_.end()) return;
    body_.hidden_text = std::exchange(html->html_text.hidden_text, {});
    body_.html = std::move(html->html_text);
  }

  const MimeMessage& mime_;
  const Limits& limits_;
  Problems& problems_;
  std::size_t html_octets_;  ///< what later HTML parts may still use
  std::vector<Leaf> leaves_;
  std::vector<const MimePart*> calendars_;
  MessageBody body_;
};

}  // namespace

MessageBody read_message_body(const MimeMessage& mime, const Limits& limits, Problems& problems) {
  return BodyReader(mime, limits, problems).run();
}

}  // namespace coldpitch
