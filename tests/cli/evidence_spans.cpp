// SPDX-License-Identifier: MIT
// Judges labelled mail with the shipped policies and checks, in the JSON of each judgement, that all evidence with an offset stands there: in
// the text that `where` names, octet for octet; and that no verdict stands without evidence that counted.
//
//   evidence_spans        the quality sets, and the corpus ($COLDPITCH_CORPUS, else shared/corpus beside the checkout) where there is one
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/judgement_json.h"
#include "cli/mail_source.h"
#include "cli/recipients.h"
#include "milter/pipeline.h"
#include "tests/support/mail.h"

using namespace coldpitch;

namespace {

const std::filesystem::path kSource(COLDPITCH_SOURCE);

std::vector<std::string> folders_of_mail() {
  std::vector<std::string> folders;
  for (const char* set : {"quality", "quality-later", "quality-third"})
    folders.push_back(kSource / "tests" / "data" / set);
  const char* const named = std::getenv("COLDPITCH_CORPUS");
  const std::filesystem::path corpus =
      named != nullptr ? std::filesystem::path(named) : kSource.parent_path() / "shared" / "corpus";
  if (!std::filesystem::is_directory(corpus)) {
    std::printf("no corpus at %s: only the quality sets are looked at\n", corpus.c_str());
    return folders;
  }
  for (const auto& entry : std::filesystem::directory_iterator(corpus)) {
    const bool torture = entry.path().filename().string().starts_with("torture-");
    if (entry.is_directory() && !torture) folders.push_back(entry.path());
  }
  return folders;
}

std::string text_named(const Judgement& judgement, const std::string& where) {
  if (where == "subject") return judgement.message.subject;
  if (where == "body") return judgement.message.text;
  if (where == "headline") return judgement.linkedin.sender_headline;
  if (where != "sender") return {};
  if (judgement.channel == Channel::linkedin) return judgement.linkedin.sender_name;
  return judgement.message.author().display_name;
}

class Checker {
 public:
  explicit Checker(const Snapshot& snapshot) : snapshot_(snapshot) {}

  void check(const SourceMessage& source) {
    Envelope envelope;
    envelope.recipients = recipients_in_header(source.octets, snapshot_.config.limits);
    const Judgement judgement = judge_message(source.octets, envelope, snapshot_, {});
    const nlohmann::json json = nlohmann::json::parse(to_json(judgement, source.path));
    bool counted = false;
    for (const nlohmann::json& evidence : json["evidence"]) {
      counted = counted || evidence["weight"].get<double>() > 0;
      check_place(judgement, evidence, source.path);
    }
    if (json["verdict"] != "none") {
      ++verdicts_;
      if (!counted) complain(source.path, "a verdict without evidence");
    }
    ++messages_;
  }

  void complain(const std::string& path, const std::string& what) {
    ++faults_;
    std::printf("%s: %s\n", path.c_str(), what.c_str());
  }

  /// Whether all was well, and there was something to look at.
  [[nodiscard]] bool report() const {
    std::printf("%zu messages, %zu verdicts, %zu places, %zu faults\n", messages_, verdicts_, places_,
                faults_);
    return faults_ == 0 && verdicts_ > 0 && places_ > 0;
  }

 private:
  void check_place(const Judgement& judgement, const nlohmann::json& evidence, const std::string& path) {
    const auto offset = evidence["offset"].get<std::size_t>();
    const auto length = evidence["length"].get<std::size_t>();
    const auto words = evidence["text"].get<std::string>();
    if (length == 0) return;
    ++places_;
    const std::string text = text_named(judgement, evidence["where"].get<std::string>());
    if (offset > text.size() || text.substr(offset, length) != words) {
      complain(path, evidence["rule"].get<std::string>() + " is not found at " + std::to_string(offset));
    }
  }

  const Snapshot& snapshot_;
  std::size_t messages_ = 0, verdicts_ = 0, places_ = 0, faults_ = 0;
};

}  // namespace

int main() {
  const std::shared_ptr<const Snapshot> snapshot = test::shipped_snapshot();
  Checker checker(*snapshot);
  visit_mail(folders_of_mail(), snapshot->config.limits.message_octets,
             {[&](const SourceMessage& message) { checker.check(message); },
              [&](const std::string& path, const std::string& reason) { checker.complain(path, reason); }});
  return checker.report() ? 0 : 1;
}
