// SPDX-License-Identifier: MIT
// Looks through the messages of the corpus with the shipped policies, and compares every expression's hits with what RE2 finds alone in
// the whole text; any difference is a failure. Prints the time of a message beside that of RE2::Set (and of the places of what hits).
//
//   match_corpus [N]      of N messages one (default 1); the folder is $COLDPITCH_CORPUS, else shared/corpus beside the checkout; exit
//                         status 77: there is none
#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "milter/pipeline.h"
#include "parsers/outreach.h"
#include "policies/condition.h"
#include "policies/scan.h"
#include "tests/support/mail.h"

using namespace coldpitch;

namespace {

constexpr int kSkipped = 77;
/// Expressions of one RE2::Set: more make its automaton outgrow its memory.
constexpr std::size_t kSetSize = 120;
constexpr std::int64_t kSetMemory = std::int64_t{32} << 20;

/// Processor time of this thread, so that other programs matter little.
double microseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

std::filesystem::path corpus_folder() {
  const char* const named = std::getenv("COLDPITCH_CORPUS");
  if (named != nullptr) return named;
  return std::filesystem::path(COLDPITCH_SOURCE).parent_path() / "shared" / "corpus";
}

/// A message, and what may be looked at in it.
struct Mail {
  Message message;
  LinkedInMail linkedin;
  SubjectMatter matter;
};

std::unique_ptr<Mail> read_mail(const std::filesystem::path& path, const Snapshot& snapshot) {
  std::ifstream file(path, std::ios::binary);
  const std::string octets(std::istreambuf_iterator<char>(file), {});
  auto mail = std::make_unique<Mail>();
  mail->message = parse_message(octets, snapshot.config.limits);
  mail->linkedin = read_linkedin(mail->message, {}, "", *snapshot.linkedin);
  mail->matter = make_subject_matter(mail->message, mail->linkedin, find_outreach_traits(mail->message, {}),
                                     Channel::direct);
  return mail;
}

ExpressionTable table_of(const std::vector<Policy>& policies) {
  ExpressionTable table;
  std::vector<Diagnostic> diagnostics;
  for (const Policy& policy : policies) {
    table.policy = &policy;
    for (const Rule& rule : policy.rules) {
      table.languages = rule.languages;
      const CompiledCondition condition = compile_condition(rule.condition, table, diagnostics);
      if (condition.fields.empty() && condition.children.empty() && condition.signal.empty()) std::abort();
    }
  }
  return table;
}

bool is_looked_for(const Expression& expression, std::string_view field, const std::string& language) {
  const std::vector<std::string>& languages = expression.languages;
  return !expression.text.empty() && expression.field == field &&
         (language.empty() || languages.empty() ||
          std::find(languages.begin(), languages.end(), language) != languages.end());
}

/// Each expression by itself, over whole texts.
class Alone {
 public:
  explicit Alone(const std::vector<Expression>& expressions) : expressions_(expressions) {
    for (const Expression& expression : expressions)
      alone_.push_back(std::make_unique<re2::RE2>(expression.text, re2::RE2::Quiet));
  }

  [[nodiscard]] std::vector<Span> spans(std::size_t index, std::string_view text, std::size_t most) const {
    std::vector<Span> spans;
    const re2::StringPiece piece(text.data(), text.size());
    re2::StringPiece hit;
    std::size_t from = 0;
    while (spans.size() < most && from <= text.size() &&
           alone_[index]->Match(piece, from, text.size(), re2::RE2::UNANCHORED, &hit, 1)) {
      const auto begin = static_cast<std::size_t>(hit.data() - text.data());
      spans.push_back({begin, begin + hit.size()});
      from = std::max(begin + hit.size(), from + 1);
    }
    return spans;
  }

  /// Hits that the matcher finds otherwise; counts those of both in `hits`.
  [[nodiscard]] std::size_t differences(const Matcher& matcher, std::string_view field, std::string_view text,
                                        const std::string& language, std::size_t& hits) const {
    Matcher::Candidates candidates;
    matcher.find_candidates(field, text, matcher.languages(language), candidates);
    std::size_t differ = 0;
    for (std::size_t index = 0; index < expressions_.size(); ++index) {
      if (!is_looked_for(expressions_[index], field, language)) {
        if (candidates.contains(index)) ++differ;
        continue;
      }
      std::vector<Span> found;
      if (candidates.contains(index) || matcher.is_always_candidate(index))
        found = matcher.spans(index, text, matcher.windows(index, text, candidates), kMaxHits);
      const std::vector<Span> expected = spans(index, text, kMaxHits);
      hits += expected.size();
      if (found == expected) continue;
      ++differ;
      std::printf("DIFFERS in %.*s: %s\n", static_cast<int>(field.size()), field.data(),
                  expressions_[index].text.c_str());
    }
    return differ;
  }

 private:
  const std::vector<Expression>& expressions_;
  std::vector<std::unique_ptr<re2::RE2>> alone_;
};

/// One RE2::Set for every so many expressions of a field and language.
class Sets {
 public:
  Sets(const std::vector<Expression>& expressions, const Alone& alone)
      : expressions_(expressions), alone_(alone) {}

  /// The number of hits, the first of each expression located.
  std::size_t scan(const SubjectMatter& matter) {
    std::size_t hits = 0;
    for (const auto& [field, text] : matter.fields) {
      for (Shard& shard : shards(field, matter.language)) {
        std::vector<int> matched;
        shard.set->Match(text.folded, &matched);
        for (const int index : matched)
          hits += alone_.spans(shard.indices[static_cast<std::size_t>(index)], text.folded, 1).size();
      }
    }
    return hits;
  }

  /// So that their making is not measured.
  void prepare(const SubjectMatter& matter) {
    for (const auto& [field, text] : matter.fields) shards(field, matter.language);
  }

 private:
  struct Shard {
    std::unique_ptr<re2::RE2::Set> set;
    std::vector<std::size_t> indices;
  };

  std::vector<Shard>& shards(const std::string& field, const std::string& language) {
    const auto [place, is_new] = shards_.try_emplace({field, language});
    std::vector<Shard>& made = place->second;
    if (!is_new) return made;
    re2::RE2::Options options;
    options.set_max_mem(kSetMemory);
    for (std::size_t index = 0; index < expressions_.size(); ++index) {
      if (!is_looked_for(expressions_[index], field, language)) continue;
      if (made.empty() || made.back().indices.size() == kSetSize) {
        made.push_back({std::make_unique<re2::RE2::Set>(options, re2::RE2::UNANCHORED), {}});
      }
      made.back().set->Add(expressions_[index].text, nullptr);
      made.back().indices.push_back(index);
    }
    for (Shard& shard : made) shard.set->Compile();
    return made;
  }

  const std::vector<Expression>& expressions_;
  const Alone& alone_;
  std::map<std::pair<std::string, std::string>, std::vector<Shard>> shards_;
};

void measure(const char* what, const std::vector<std::unique_ptr<Mail>>& mails, const Scanner& scanner,
             Sets& sets) {
  const double begin = microseconds();
  std::size_t hits = 0;
  for (const auto& mail : mails) {
    hits += scanner.scan(mail->matter).size();
  }
  const double between = microseconds();
  std::size_t set_hits = 0;
  for (const auto& mail : mails) set_hits += sets.scan(mail->matter);
  const double end = microseconds();
  const auto count = static_cast<double>(mails.size());
  std::printf(
      "%s: %.0f us a message (%.1f hits rules ask for), RE2::Set %.0f us (%.1f expressions hit): %.2f times "
      "as fast\n",
      what, (between - begin) / count, static_cast<double>(hits) / count, (end - between) / count,
      static_cast<double>(set_hits) / count, (end - between) / (between - begin));
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path corpus = corpus_folder();
  if (!std::filesystem::is_directory(corpus)) {
    std::printf("SKIPPED: there is no corpus at %s; set COLDPITCH_CORPUS to run this test\n", corpus.c_str());
    return kSkipped;
  }
  const std::size_t one_of = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1;
  const auto snapshot = test::shipped_snapshot();
  const ExpressionTable table = table_of(snapshot->engine->policies());
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (entry.is_regular_file() && entry.path().parent_path() != corpus) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::unique_ptr<Mail>> mails;
  std::size_t octets = 0;
  for (std::size_t path = 0; path < paths.size(); path += std::max<std::size_t>(one_of, 1)) {
    mails.push_back(read_mail(paths[path], *snapshot));
    for (const auto& [field, text] : mails.back()->matter.fields) octets += text.folded.size();
  }
  if (mails.empty()) return 1;

  std::vector<Matcher::Refusal> refusals;
  const Scanner scanner(table, Matcher::compile(table.expressions, refusals));
  const Alone alone(table.expressions);
  Sets sets(table.expressions, alone);
  for (const auto& mail : mails) sets.prepare(mail->matter);
  std::printf("%zu expressions, %zu messages with %zu octets to look through each\n",
              table.expressions.size(), mails.size(), octets / mails.size());
  measure("seen first", mails, scanner, sets);
  measure("once more", mails, scanner, sets);

  const auto matcher = Matcher::compile(table.expressions, refusals);
  std::size_t differ = 0, hits = 0;
  for (const auto& mail : mails) {
    for (const auto& [field, text] : mail->matter.fields)
      differ += alone.differences(*matcher, field, text.folded, mail->matter.language, hits);
  }
  std::printf("%zu hits, %zu differences from RE2 alone\n", hits, differ);
  return differ == 0 ? 0 : 1;
}
