// SPDX-License-Identifier: MIT
// Every message of the corpus read by parsers/ and by GMime 3: the same tree, text, subject and authors, or a written reason. And
// read by parsers/ with LF and with CRLF: the same.
//
//   gmime_test [--show CLASS]      the folder is $COLDPITCH_CORPUS, else shared/corpus beside the checkout
//
// Exit status 77: there is no corpus. --show prints the messages of a class and how they differ.
#include <gmime/gmime.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "parsers/text.h"
#include "tests/parsers/gmime/differences.h"
#include "tests/support/line_ends.h"

using namespace coldpitch;
using namespace coldpitch::test;

namespace {

constexpr int kSkipped = 77;
constexpr std::string_view kUnexplained = "unexplained";

struct Tally {
  std::size_t agree = 0;
  std::size_t explained = 0;
  std::size_t unexplained = 0;
};
using FolderTally = std::array<Tally, kAspectNames.size()>;

std::filesystem::path corpus_folder() {
  const char* const named = std::getenv("COLDPITCH_CORPUS");
  if (named != nullptr) return named;
  return std::filesystem::path(COLDPITCH_SOURCE).parent_path() / "shared" / "corpus";
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

void print_first_difference(std::string_view side, const std::string& ours, const std::string& theirs) {
  const auto differ = std::mismatch(ours.begin(), ours.end(), theirs.begin(), theirs.end());
  const auto at = static_cast<std::size_t>(differ.first - ours.begin());
  const std::size_t from = at - std::min<std::size_t>(at, 30);
  std::printf("    %s at %zu: [%s] [%s]\n", std::string(side).c_str(), at,
              printable(std::string_view(ours).substr(from), 100).c_str(),
              printable(std::string_view(theirs).substr(from), 100).c_str());
}

void print_tree(const char* who, const Reading& reading) {
  std::printf("    %s:", who);
  for (const ReadPart& part : reading.parts) std::printf(" %zu:%s", part.depth, printable(part.type).c_str());
  std::printf("\n");
}

std::string joined(const std::vector<std::string>& mailboxes) {
  std::string all;
  for (const std::string& mailbox : mailboxes) all += mailbox + "; ";
  return all;
}

void print_comparison(const Comparison& comparison, Aspect aspect) {
  switch (aspect) {
    case Aspect::parts:
      print_tree("ours ", comparison.ours);
      print_tree("gmime", comparison.gmime);
      break;
    case Aspect::text:
      for (std::size_t i = 0; i < comparison.ours.parts.size() && i < comparison.gmime.parts.size(); ++i) {
        const ReadPart& ours = comparison.ours.parts[i];
        const ReadPart& theirs = comparison.gmime.parts[i];
        if (ours.octets != theirs.octets) print_first_difference("octets", ours.octets, theirs.octets);
        if (ours.text != theirs.text) print_first_difference("text", ours.text, theirs.text);
      }
      break;
    case Aspect::subject:
      print_first_difference("subject", comparison.ours.subject, comparison.gmime.subject);
      break;
    case Aspect::from:
      print_first_difference("from", joined(comparison.ours.from), joined(comparison.gmime.from));
      break;
  }
}

/// Line ends are no part of what a message says.
bool line_ends_matter(std::string_view octets) {
  Problems with_lf;
  Problems with_crlf;
  const Reading lf = read_with_coldpitch(test::with_line_ends(octets, "\n"), with_lf);
  const Reading crlf = read_with_coldpitch(test::with_line_ends(octets, "\r\n"), with_crlf);
  const bool same_parts =
      std::equal(lf.parts.begin(), lf.parts.end(), crlf.parts.begin(), crlf.parts.end(),
                 [](const ReadPart& left, const ReadPart& right) {
                   return left.depth == right.depth && left.type == right.type && left.text == right.text;
                 });
  return !same_parts || lf.subject != crlf.subject || lf.from != crlf.from ||
         lf.judged_text != crlf.judged_text || with_lf != with_crlf;
}

class Report {
 public:
  explicit Report(std::string_view shown) : shown_(shown) {}

  void add(const std::string& folder, const std::filesystem::path& file);
  void print() const;
  [[nodiscard]] bool holds() const;

 private:
  using Reason = std::pair<Aspect, std::string_view>;

  void add(const std::string& name, Tally& tally, const Comparison& comparison, Aspect aspect);
  [[nodiscard]] static std::size_t bound_of(const Reason& reason);

  std::string_view shown_;
  std::map<std::string, FolderTally> folders_;
  std::map<Reason, std::size_t> classes_;
  std::size_t line_ends_compared_ = 0;
  std::size_t line_ends_differ_ = 0;
};

void Report::add(const std::string& folder, const std::filesystem::path& file) {
  const std::string octets = read_file(file);
  Problems problems;
  const Reading ours = read_with_coldpitch(octets, problems);
  const Reading gmime = read_with_gmime(octets);
  const std::string name = folder + "/" + file.filename().string();
  if (test::has_plain_line_ends(octets)) {
    ++line_ends_compared_;
    if (line_ends_matter(octets)) {
      std::printf("LF and CRLF differ: %s\n", name.c_str());
      ++line_ends_differ_;
    }
  }
  FolderTally& tally = folders_[folder];
  for (std::size_t i = 0; i < tally.size(); ++i) {
    add(name, tally[i], {octets, ours, gmime, problems}, static_cast<Aspect>(i));
  }
}

void Report::add(const std::string& name, Tally& tally, const Comparison& comparison, Aspect aspect) {
  if (comparison.agrees(aspect)) {
    ++tally.agree;
    return;
  }
  const std::string_view explained = explain(comparison, aspect);
  const std::string_view reason = explained.empty() ? kUnexplained : explained;
  ++(explained.empty() ? tally.unexplained : tally.explained);
  ++classes_[{aspect, reason}];
  if (reason != shown_ && !explained.empty()) return;
  std::printf("%s: %s: %s; problems:", std::string(reason).c_str(), name.c_str(),
              std::string(kAspectNames[static_cast<std::size_t>(aspect)]).c_str());
  for (const std::string& problem : comparison.problems.names()) std::printf(" %s", problem.c_str());
  std::printf("\n");
  print_comparison(comparison, aspect);
}

void Report::print() const {
  std::printf("\n%-48s %18s %18s %18s %18s\n", "folder (agree/explained/not)", "parts", "text", "subject",
              "from");
  FolderTally sum;
  const auto line = [](const std::string& name, const FolderTally& tally) {
    std::printf("%-48s", name.c_str());
    for (const Tally& one : tally) std::printf(" %8zu/%4zu/%4zu", one.agree, one.explained, one.unexplained);
    std::printf("\n");
  };
  for (const auto& [folder, tally] : folders_) {
    line(folder, tally);
    for (std::size_t i = 0; i < tally.size(); ++i) {
      sum[i].agree += tally[i].agree;
      sum[i].explained += tally[i].explained;
      sum[i].unexplained += tally[i].unexplained;
    }
  }
  line("all", sum);
  std::printf("\nLF and CRLF: %zu messages compared, %zu differ\n", line_ends_compared_, line_ends_differ_);
  std::printf("\nclasses of difference: messages, and how many at most\n");
  for (const auto& [reason, count] : classes_) {
    std::printf("  %-8s %-20s %5zu %5zu\n",
                std::string(kAspectNames[static_cast<std::size_t>(reason.first)]).c_str(),
                std::string(reason.second).c_str(), count, bound_of(reason));
  }
}

std::size_t Report::bound_of(const Reason& reason) {
  const auto classes = difference_classes();
  const auto found = std::find_if(classes.begin(), classes.end(), [&](const DifferenceClass& written) {
    return written.aspect == reason.first && written.name == reason.second;
  });
  return found == classes.end() ? 0 : found->bound;
}

bool Report::holds() const {
  return !folders_.empty() && line_ends_differ_ == 0 &&
         std::all_of(classes_.begin(), classes_.end(),
                     [](const auto& counted) { return counted.second <= bound_of(counted.first); });
}

}  // namespace

int main(int argc, char** argv) {
  const std::filesystem::path corpus = corpus_folder();
  if (!std::filesystem::is_directory(corpus)) {
    std::printf("SKIPPED: there is no corpus at %s; set COLDPITCH_CORPUS to run this test\n", corpus.c_str());
    return kSkipped;
  }
  g_mime_init();
  Report report(argc == 3 ? argv[2] : "");
  for (const auto& folder : sorted_entries(corpus)) {
    if (!std::filesystem::is_directory(folder)) continue;
    for (const auto& file : sorted_entries(folder)) report.add(folder.filename().string(), file);
  }
  report.print();
  return report.holds() ? 0 : 1;
}
