// SPDX-License-Identifier: MIT
#include "policies/messages.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "policies/policy_words.h"
#include "policies/yaml_document.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxText = 300;
constexpr std::string_view kEnglishRefusal =
    "Unsolicited sales message, refused under clause '{clause}' of policy '{policy}'";

/// `text` with every "{name}" replaced.
void fill_in(std::string& text, std::string_view name, std::string_view value) {
  const std::string mark = "{" + std::string(name) + "}";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
}

void read_reasons(const YamlNode& node, YamlMap& map, Catalogue& catalogue) {
  if (node.kind != YamlNode::Kind::map) return map.error(node, "'reasons' must be a map");
  for (const YamlEntry& entry : node.entries) {
    const bool is_line = entry.value.kind == YamlNode::Kind::scalar && !entry.value.scalar.empty() &&
                         entry.value.scalar.size() <= kMaxText &&
                         entry.value.scalar.find('\n') == std::string::npos;
    if (!is_line) map.error(entry.value, "a reason is one line of at most 300 octets");
    catalogue.reasons[entry.key.scalar] = entry.value.scalar;
  }
}

}  // namespace

std::optional<Catalogue> load_catalogue(const std::string& path, std::vector<Diagnostic>& diagnostics) {
  const std::optional<YamlDocument> document = YamlDocument::read(path, diagnostics);
  if (!document) return std::nullopt;
  std::vector<Diagnostic> found;
  Catalogue catalogue;
  YamlMap map(*document, document->root(), "catalogue", found);
  for (const char* key : {"language", "refusal", "reasons"}) map.require(key);
  if (map.string("language", catalogue.language)) {
    const std::string fault = language_fault(catalogue.language);
    if (!fault.empty()) map.error(*map.node("language"), fault);
  }
  if (map.string("refusal", catalogue.refusal)) {
    const bool whole = catalogue.refusal.find("{clause}") != std::string::npos &&
                       catalogue.refusal.find("{policy}") != std::string::npos;
    if (!whole || catalogue.refusal.size() > kMaxText) {
      map.error(*map.node("refusal"),
                "'refusal' must hold {clause} and {policy}, and have at most 300 octets");
    }
  }
  if (const YamlNode* reasons = map.node("reasons")) read_reasons(*reasons, map, catalogue);
  map.finish();
  const bool refused = has_errors(found);
  std::move(found.begin(), found.end(), std::back_inserter(diagnostics));
  if (refused) return std::nullopt;
  return catalogue;
}

Messages::Messages(std::vector<Catalogue> catalogues) : catalogues_(std::move(catalogues)) {}

const Catalogue* Messages::find(std::string_view language) const {
  const auto found = std::find_if(catalogues_.begin(), catalogues_.end(),
                                  [&](const Catalogue& catalogue) { return catalogue.language == language; });
  return found == catalogues_.end() ? nullptr : &*found;
}

std::string Messages::reason_line(const std::vector<Reason>& reasons, std::string_view language) const {
  const Catalogue* catalogue = find(language);
  std::string line;
  for (const Reason& reason : reasons) {
    if (!line.empty()) line += "; ";
    if (const auto own = reason.in.find(language); own != reason.in.end()) {
      line += with_detail(own->second, reason);
      continue;
    }
    const bool known = catalogue != nullptr && catalogue->reasons.contains(reason.text);
    line += with_detail(known ? catalogue->reasons.find(reason.text)->second : reason.text, reason);
  }
  return line;
}

std::string Messages::refusal(const Verdict& verdict, std::string_view language) const {
  const Catalogue* catalogue = find(language);
  std::string text(catalogue == nullptr ? kEnglishRefusal : std::string_view(catalogue->refusal));
  const ClauseScore clause = verdict.clauses.empty() ? ClauseScore{"-", "-", 0} : verdict.clauses.front();
  fill_in(text, "clause", clause.id);
  fill_in(text, "policy", clause.policy);
  if (!verdict.reason.empty()) text += ": " + verdict.reason;
  return text;
}

}  // namespace coldpitch
