// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/linkedin.h"

namespace coldpitch {

/// Text in the form phrases of LinkedIn's are compared in: ASCII letters lower case, "'" for its typographic forms, a blank for runs of
/// white space (no-break spaces too), no invisible characters, none of these at the ends. Never fails; the result owns its text. Pure,
/// thread-safe, linear.
[[nodiscard]] std::string comparable_phrase(std::string_view utf8);

/// Phrases that LinkedIn begins lines with, in any language. Made once, when loaded; safe to share for reading.
class LinePhrases {
 public:
  /// No more of a line is looked at.
  static constexpr std::size_t kLineOctets = 400;

  LinePhrases() = default;
  explicit LinePhrases(const std::vector<std::string>& phrases);

  /// Index of a phrase `line` begins with, as comparable_phrase() reads both; nullopt when there is none. Cost: length of the phrases that
  /// begin with the same octet; at most kLineOctets of `line` are read. Thread-safe for reading, as the next two are.
  [[nodiscard]] std::optional<std::size_t> at_start_of(std::string_view line) const;
  /// The same for a line that is the phrase, or the phrase and one octet of punctuation.
  [[nodiscard]] bool is_whole(std::string_view line) const;
  /// Where in `text` the last of the phrases begins, as they are written; npos when there is none.
  [[nodiscard]] std::size_t last_in(std::string_view text) const;
  /// Number of phrases.
  [[nodiscard]] std::size_t size() const { return phrases_.size(); }

 private:
  [[nodiscard]] std::optional<std::size_t> find_start(std::string_view comparable) const;

  std::vector<std::string> phrases_;  ///< comparable, sorted
  std::vector<std::string> written_;
  std::array<std::size_t, 257> first_{};  ///< of the phrases that begin with an octet, the index of the first
};

/// What is known of LinkedIn's mail and changes from year to year: names, phrases and places of its layouts. Loaded from a file with
/// dates and sources (policies/linkedin_knowledge_file.h; docs/linkedin.md). An empty one knows nothing, and structure alone decides. A
/// value; not changed after loading, so safe to share.
struct LinkedInKnowledge {
  /// A string and the kind of mail it tells. In lists the first that fits decides.
  struct KindMark {
    std::string text;
    LinkedInKind kind = LinkedInKind::other;
  };

  /// Whose a part of the layout is, by the module in a link's tracking parameter.
  enum class Role : std::uint8_t {
    sender,      ///< the card of who wrote or invites
    recipient,   ///< the header on top, with the reader's own profile
    button,      ///< what LinkedIn wants pressed
    suggestion,  ///< other people
    footer,
    unknown,
  };
  struct Module {
    std::string name;  ///< lower case
    Role role = Role::unknown;
  };

  std::vector<KindMark> templates;   ///< parts of X-LinkedIn-Template, lower case
  std::vector<KindMark> classes;     ///< X-LinkedIn-Class, any case
  std::vector<KindMark> addresses;   ///< local parts at linkedin.com, any case
  std::vector<KindMark> domains;     ///< of From, lower case
  std::vector<KindMark> categories;  ///< parts of the footer's line on why the mail came, comparable
  std::vector<KindMark> paths;       ///< parts of the paths of LinkedIn's own links
  std::vector<KindMark> subjects;    ///< parts of subjects, comparable
  std::vector<Module> modules;

  std::vector<std::string> suffixes;     ///< of display names, behind a member's ("via LinkedIn")
  std::vector<std::string> invitations;  ///< default sentences, folded (fold_text())
  std::vector<std::string>
      sentences;                  ///< what stands behind a member's name in LinkedIn's sentences, comparable
  std::vector<std::string> paid;  ///< LinkedIn's notice of a paid message, parts, comparable
  std::vector<std::string> recruiters;  ///< LinkedIn's notice on a recruiter's message, parts, comparable
  std::vector<std::string> card_notes;  ///< parts of lines in a card that are nobody's words, comparable
  LinePhrases greetings;                ///< LinkedIn's words before the reader's first name
  LinePhrases openings;                 ///< LinkedIn's lines above a member's words
  LinePhrases closings;                 ///< LinkedIn's lines between a member's words and the footer
  LinePhrases footers;                  ///< lines that only a footer has
  LinePhrases card_ends;                ///< the line behind a member's card
  LinePhrases suggestions;              ///< the heading of other people
  std::vector<std::string> rules;       ///< lines drawn above a footer, exactly

  // Places in HTML. Members cannot write HTML, so what stands there is told by LinkedIn.
  std::vector<std::vector<std::string>>
      words_places;  ///< classes of the element around the member's words: all of one list
  std::vector<std::vector<std::string>> headline_places;  ///< likewise the headline
  std::vector<std::vector<std::string>> location_places;  ///< likewise the location
  std::vector<std::string> footer_places;                 ///< parts of an element's id or data attributes

  /// The role of the first entry of `modules` whose name is `module` (any case); unknown for others. Pure, linear in the modules.
  [[nodiscard]] Role role_of(std::string_view module) const;
};

/// The kind of the first mark in `marks` for which `matches(text)` is true; nullopt when there is none. Linear in the marks.
template <class Matches>
[[nodiscard]] std::optional<LinkedInKind> first_kind(const std::vector<LinkedInKnowledge::KindMark>& marks,
                                                     Matches matches) {
  for (const LinkedInKnowledge::KindMark& mark : marks) {
    if (matches(std::string_view(mark.text))) return mark.kind;
  }
  return std::nullopt;
}

}  // namespace coldpitch
