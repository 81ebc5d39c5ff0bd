// SPDX-License-Identifier: MIT
#include "policies/linkedin_knowledge_file.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <utility>

#include "parsers/fold.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Role = LinkedInKnowledge::Role;
using KindMark = LinkedInKnowledge::KindMark;

constexpr std::size_t kMaxTexts = 1000;
constexpr std::size_t kMaxTextOctets = 300;

/// What the texts of a section are, and so how they are made ready.
enum class Form : std::uint8_t {
  identifier,  ///< a name of LinkedIn's: lower case letters, digits and - _ . ~
  written,     ///< taken as it stands
  line,        ///< the start of a line, for LinePhrases
  phrase,      ///< comparable_phrase()
  sentence,    ///< fold_text()
};

/// What an entry says besides its texts.
enum class Tells : std::uint8_t { nothing, kind, role };

struct Section {
  std::string_view name;
  Form form;
  Tells tells;
  std::size_t least_octets;  ///< shorter texts would fit too much
};

constexpr std::array kSections = std::to_array<Section>({
    {"templates", Form::identifier, Tells::kind, 3},     {"classes", Form::written, Tells::kind, 2},
    {"addresses", Form::identifier, Tells::kind, 2},     {"domains", Form::identifier, Tells::kind, 12},
    {"categories", Form::phrase, Tells::kind, 10},       {"paths", Form::written, Tells::kind, 5},
    {"subjects", Form::phrase, Tells::kind, 8},          {"modules", Form::identifier, Tells::role, 3},
    {"places", Form::written, Tells::role, 4},           {"suffixes", Form::written, Tells::nothing, 4},
    {"invitations", Form::sentence, Tells::nothing, 10}, {"sentences", Form::phrase, Tells::nothing, 8},
    {"paid", Form::phrase, Tells::nothing, 16},          {"recruiters", Form::phrase, Tells::nothing, 16},
    {"card-notes", Form::phrase, Tells::nothing, 8},     {"greetings", Form::line, Tells::nothing, 2},
    {"openings", Form::line, Tells::nothing, 6},         {"closings", Form::line, Tells::nothing, 4},
    {"footers", Form::line, Tells::nothing, 4},          {"card-ends", Form::line, Tells::nothing, 3},
    {"suggestions", Form::line, Tells::nothing, 6},      {"rules", Form::written, Tells::nothing, 10},
});

constexpr std::array<std::pair<std::string_view, Role>, 5> kRoles{{{"sender", Role::sender},
                                                                   {"recipient", Role::recipient},
                                                                   {"button", Role::button},
                                                                   {"suggestion", Role::suggestion},
                                                                   {"footer", Role::footer}}};
constexpr std::array<std::string_view, 4> kPlaces{"words", "headline", "location", "footer"};

/// Year, month, or a span of years: "2016", "2016-05", "2016..2026", or "unseen".
bool is_period(std::string_view text) {
  const auto digits = [&](std::size_t at, std::size_t count) {
    const std::string_view part = text.substr(std::min(at, text.size()), count);
    return part.size() == count && std::all_of(part.begin(), part.end(), is_ascii_digit);
  };
  if (text == "unseen") return true;
  if (!digits(0, 4)) return false;
  if (text.size() == 4) return true;
  if (text.size() == 7 && text[4] == '-') return digits(5, 2);
  return text.size() == 10 && text.substr(4, 2) == ".." && digits(6, 4) &&
         text.substr(0, 4) <= text.substr(6);
}

bool is_language(std::string_view text) {
  return text.size() == 2 && text[0] >= 'a' && text[0] <= 'z' && text[1] >= 'a' && text[1] <= 'z';
}

bool is_identifier(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || is_ascii_digit(c) || c == '-' || c == '_' || c == '.' || c == '~';
  });
}

std::string made_ready(std::string_view text, Form form) {
  switch (form) {
    case Form::identifier:
    case Form::written:
      return std::string(text);
    case Form::line:
      return std::string(trim(text));
    case Form::phrase:
      return comparable_phrase(text);
    case Form::sentence:
      return fold_text(text).text;
  }
  return {};
}

/// The texts of one section, the latest file's first.
struct Collected {
  std::vector<KindMark> marks;
  std::vector<std::string> texts;
};

/// What the files say, before the phrases are made ready to be looked for.
struct Draft {
  std::array<Collected, kSections.size()> sections;
  std::vector<LinkedInKnowledge::Module> modules;
  std::array<std::vector<std::vector<std::string>>, kPlaces.size()> places;
};

/// Reads one file into a draft of its own.
class FileReader {
 public:
  FileReader(const YamlDocument& document, std::vector<Diagnostic>& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  Draft read() {
    YamlMap map(document_, document_.root(), "LinkedIn knowledge", diagnostics_);
    std::string name;
    map.require("linkedin");
    map.string("linkedin", name);
    map.string("title", name);
    for (std::size_t at = 0; at < kSections.size(); ++at) read_section(map, at);
    map.finish();
    warn_of_hidden_templates();
    return std::move(draft_);
  }

 private:
  void read_section(YamlMap& map, std::size_t index) {
    const Section& section = kSections[index];
    const YamlNode* node = map.node(section.name);
    if (node == nullptr) return;
    if (node->kind != YamlNode::Kind::sequence) {
      map.error(*node, "'" + std::string(section.name) + "' must be a list of entries");
      return;
    }
    seen_.clear();
    for (const YamlNode& entry : node->items) read_entry(entry, index);
  }

  void read_entry(const YamlNode& node, std::size_t index) {
    const Section& section = kSections[index];
    YamlMap map(document_, node, "entry of '" + std::string(section.name) + "'", diagnostics_);
    for (const char* key : {"text", "seen", "source"}) map.require(key);
    read_origin(map);
    std::vector<std::string> texts;
    if (map.strings("text", texts)) texts = checked_texts(map, section, texts);
    std::string word;
    if (section.tells == Tells::kind) {
      map.require("kind");
      if (map.string("kind", word)) add_kind(map, index, texts, word);
    } else if (section.tells == Tells::role) {
      map.require("role");
      if (map.string("role", word)) add_role(map, section, texts, word);
    } else {
      auto& all = draft_.sections[index].texts;
      all.insert(all.end(), texts.begin(), texts.end());
    }
    map.finish();
  }

  static void read_origin(YamlMap& map) {
    std::string text;
    if (map.string("seen", text) && !is_period(text)) {
      map.error(*map.node("seen"),
                "'seen' must be a year (2016), a month (2016-05), years (2016..2026) or unseen, not " +
                    quote(text));
    }
    if (map.string("source", text) && text.size() < 3)
      map.error(*map.node("source"), "'source' says too little");
    if (map.string("language", text) && !is_language(text)) {
      map.error(*map.node("language"), "'language' must be two letters (ISO 639-1), not " + quote(text));
    }
  }

  std::vector<std::string> checked_texts(YamlMap& map, const Section& section,
                                         const std::vector<std::string>& texts) {
    const YamlNode& node = *map.node("text");
    std::vector<std::string> ready;
    for (std::size_t at = 0; at < texts.size(); ++at) {
      const YamlNode& place = node.kind == YamlNode::Kind::sequence ? node.items[at] : node;
      std::string text = made_ready(texts[at], section.form);
      const std::string fault = text_fault(section, text, texts[at]);
      if (fault.empty()) {
        ready.push_back(std::move(text));
      } else {
        map.error(place, fault);
      }
    }
    if (texts.empty()) map.error(node, "'text' is empty");
    return ready;
  }

  std::string text_fault(const Section& section, const std::string& ready, const std::string& written) {
    const std::string compared = section.form == Form::line ? comparable_phrase(ready) : ready;
    if (compared.size() < section.least_octets) {
      return quote(written) + " is too short to tell anything: at least " +
             std::to_string(section.least_octets) + " octets";
    }
    if (ready.size() > kMaxTextOctets)
      return "a text has more than " + std::to_string(kMaxTextOctets) + " octets";
    if (section.form == Form::identifier && section.name != "modules" && !is_identifier(ready)) {
      return quote(written) + " must be lower case letters, digits and - _ . ~";
    }
    // Several places may share a class.
    if (section.name != "places" && !seen_.insert(compared).second) return quote(written) + " is given twice";
    if (++texts_ > kMaxTexts) return "more than " + std::to_string(kMaxTexts) + " texts";
    return "";
  }

  void add_kind(YamlMap& map, std::size_t index, const std::vector<std::string>& texts,
                const std::string& word) {
    const auto kind = linkedin_kind_from(word);
    if (!kind) {
      map.error(*map.node("kind"), "unknown kind " + quote(word) + suggestion(word, kind_names()));
      return;
    }
    for (const std::string& text : texts) draft_.sections[index].marks.push_back({text, *kind});
    if (kSections[index].name == "templates")
      template_places_.insert(template_places_.end(), texts.size(), map.node("text"));
  }

  void add_role(YamlMap& map, const Section& section, const std::vector<std::string>& texts,
                const std::string& word) {
    if (section.name == "places") return add_place(map, texts, word);
    const auto found =
        std::find_if(kRoles.begin(), kRoles.end(), [&](const auto& row) { return row.first == word; });
    if (found == kRoles.end()) {
      std::vector<std::string_view> names;
      names.reserve(kRoles.size());
      for (const auto& row : kRoles) names.push_back(row.first);
      map.error(*map.node("role"), "unknown role " + quote(word) + suggestion(word, names));
      return;
    }
    for (const std::string& text : texts) draft_.modules.push_back({to_ascii_lower(text), found->second});
  }

  void add_place(YamlMap& map, const std::vector<std::string>& texts, const std::string& word) {
    const auto* found = std::find(kPlaces.begin(), kPlaces.end(), word);
    if (found == kPlaces.end()) {
      map.error(*map.node("role"),
                "unknown role " + quote(word) + suggestion(word, {kPlaces.begin(), kPlaces.end()}));
      return;
    }
    if (!texts.empty()) draft_.places[static_cast<std::size_t>(found - kPlaces.begin())].push_back(texts);
  }

  static std::vector<std::string_view> kind_names() {
    std::vector<std::string_view> names;
    for (auto kind = LinkedInKind::inmail;; kind = static_cast<LinkedInKind>(static_cast<int>(kind) + 1)) {
      names.push_back(to_string(kind));
      if (kind == LinkedInKind::other) return names;
    }
  }

  /// Of two templates of which one holds the other the narrow one must stand first.
  void warn_of_hidden_templates() {
    const auto& marks = draft_.sections[0].marks;
    for (std::size_t at = 0; at < marks.size(); ++at) {
      const auto hides = [&](const KindMark& earlier) {
        return earlier.kind != marks[at].kind && marks[at].text.find(earlier.text) != std::string::npos;
      };
      const auto first = marks.begin();
      const auto found = std::find_if(first, first + static_cast<std::ptrdiff_t>(at), hides);
      if (found == first + static_cast<std::ptrdiff_t>(at)) continue;
      diagnostics_.push_back(document_.diagnostic(
          Diagnostic::Severity::warning, *template_places_[at],
          quote(marks[at].text) + " is never reached: " + quote(found->text) + " stands before it"));
    }
  }

  const YamlDocument& document_;
  std::vector<Diagnostic>& diagnostics_;
  Draft draft_;
  std::set<std::string> seen_;  ///< of the section being read
  std::vector<const YamlNode*> template_places_;
  std::size_t texts_ = 0;
};

/// Puts what `later` says in front.
void merge(Draft& all, Draft later) {
  const auto in_front = [](auto& into, auto& from) {
    from.insert(from.end(), std::make_move_iterator(into.begin()), std::make_move_iterator(into.end()));
    into = std::move(from);
  };
  for (std::size_t at = 0; at < kSections.size(); ++at) {
    in_front(all.sections[at].marks, later.sections[at].marks);
    in_front(all.sections[at].texts, later.sections[at].texts);
  }
  in_front(all.modules, later.modules);
  for (std::size_t at = 0; at < kPlaces.size(); ++at) in_front(all.places[at], later.places[at]);
}

std::size_t section_index(std::string_view name) {
  const auto* found =
      std::find_if(kSections.begin(), kSections.end(), [&](const Section& one) { return one.name == name; });
  return static_cast<std::size_t>(found - kSections.begin());
}

LinkedInKnowledge finished(Draft draft) {
  const auto marks = [&](std::string_view name) {
    return std::move(draft.sections[section_index(name)].marks);
  };
  const auto texts = [&](std::string_view name) {
    return std::move(draft.sections[section_index(name)].texts);
  };
  LinkedInKnowledge known;
  known.templates = marks("templates");
  known.classes = marks("classes");
  known.addresses = marks("addresses");
  known.domains = marks("domains");
  known.categories = marks("categories");
  known.paths = marks("paths");
  known.subjects = marks("subjects");
  known.modules = std::move(draft.modules);
  known.suffixes = texts("suffixes");
  known.invitations = texts("invitations");
  known.sentences = texts("sentences");
  known.paid = texts("paid");
  known.recruiters = texts("recruiters");
  known.card_notes = texts("card-notes");
  known.greetings = LinePhrases(texts("greetings"));
  known.openings = LinePhrases(texts("openings"));
  known.closings = LinePhrases(texts("closings"));
  known.footers = LinePhrases(texts("footers"));
  known.card_ends = LinePhrases(texts("card-ends"));
  known.suggestions = LinePhrases(texts("suggestions"));
  known.rules = texts("rules");
  known.words_places = std::move(draft.places[0]);
  known.headline_places = std::move(draft.places[1]);
  known.location_places = std::move(draft.places[2]);
  for (std::vector<std::string>& parts : draft.places[3]) {
    std::move(parts.begin(), parts.end(), std::back_inserter(known.footer_places));
  }
  for (std::string& suffix : known.suffixes) suffix.insert(0, 1, ' ');
  return known;
}

}  // namespace

std::shared_ptr<const LinkedInKnowledge> read_linkedin_knowledge(const std::vector<YamlDocument>& documents,
                                                                 std::vector<Diagnostic>& diagnostics) {
  std::vector<Diagnostic> found;
  Draft all;
  for (const YamlDocument& document : documents) merge(all, FileReader(document, found).read());
  const bool refused = has_errors(found);
  std::move(found.begin(), found.end(), std::back_inserter(diagnostics));
  if (refused) return nullptr;
  return std::make_shared<const LinkedInKnowledge>(finished(std::move(all)));
}

std::shared_ptr<const LinkedInKnowledge> load_linkedin_knowledge(const std::vector<std::string>& paths,
                                                                 std::vector<Diagnostic>& diagnostics) {
  std::vector<YamlDocument> documents;
  for (const std::string& path : paths) {
    std::optional<YamlDocument> document = YamlDocument::read(path, diagnostics);
    if (document) documents.push_back(std::move(*document));
  }
  std::shared_ptr<const LinkedInKnowledge> known = read_linkedin_knowledge(documents, diagnostics);
  return documents.size() == paths.size() ? known : nullptr;
}

}  // namespace coldpitch
