// SPDX-License-Identifier: MIT
// coldpitch train: a text model from labelled mail.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "cli/command_line.h"
#include "cli/mail_source.h"
#include "cli/progress.h"
#include "cli/recipients.h"
#include "cli/text_trainer.h"
#include "history/sketch.h"
#include "milter/pipeline.h"
#include "parsers/text.h"
#include "policies/subject_matter.h"

namespace coldpitch {
namespace {

struct TrainOptions {
  std::vector<std::string> pitch, ham, times;
  std::string out, config_file;
};

/// Any; the sketches are compared with each other only, and the same mail must give the same model.
constexpr std::uint64_t kSketchSeed = 0;

std::string_view folded_field(const SubjectMatter& matter, std::string_view name) {
  const auto field = matter.fields.find(name);
  return field == matter.fields.end() ? std::string_view{} : std::string_view(field->second.folded);
}

/// The sender's own words as written, for the sketch.
std::string_view human_words(const Judgement& judgement) {
  if (judgement.channel != Channel::linkedin) return judgement.message.quoted.human;
  if (!judgement.linkedin.human_text) return {};
  return std::string_view(judgement.message.text)
      .substr(judgement.linkedin.human_text->begin, judgement.linkedin.human_text->size());
}

TrainingText read_text(const SourceMessage& source, bool pitch, const Snapshot& snapshot) {
  Envelope envelope;
  envelope.recipients = recipients_in_header(source.octets, snapshot.config.limits);
  const Judgement judgement = judge_message(source.octets, envelope, snapshot, {});
  const SubjectMatter matter =
      make_subject_matter(judgement.message, judgement.linkedin, judgement.traits, judgement.channel);
  TrainingText text;
  text.features = text_features(folded_field(matter, "subject"), folded_field(matter, "human"));
  text.channel = judgement.channel;
  text.pitch = pitch;
  text.language = matter.language;
  if (const auto sketch = sketch_text(human_words(judgement), kSketchSeed)) text.sketch = sketch->bits;
  // Who wrote through LinkedIn is told by a name only, which many share.
  if (judgement.channel != Channel::linkedin) {
    text.sender =
        judgement.sender.organisation.empty() ? judgement.sender.person : judgement.sender.organisation;
  }
  return text;
}

/// How often the mail of a path counts.
using TimesOfPaths = std::map<std::string, std::size_t, std::less<>>;

/// Reads "PATH=N". Says what is wrong, and gives nothing, when one is ill-formed or names no path that is learned from.
std::optional<TimesOfPaths> read_times(const TrainOptions& options) {
  const auto is_learned_from = [&](const std::string& path) {
    return std::find(options.pitch.begin(), options.pitch.end(), path) != options.pitch.end() ||
           std::find(options.ham.begin(), options.ham.end(), path) != options.ham.end();
  };
  TimesOfPaths times;
  for (const std::string& named : options.times) {
    const std::size_t sign = std::min(named.rfind('='), named.size());
    const std::string path = named.substr(0, sign);
    const std::string_view number = std::string_view(named).substr(std::min(sign + 1, named.size()));
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), count);
    const bool is_number = error == std::errc() && end == number.data() + number.size();
    if (!is_number || count < 1 || count > kMostTimes || !is_learned_from(path)) {
      std::cerr << "coldpitch: --times " << printable(named, 4096)
                << ": write PATH=N, with a path of --pitch or --ham and a number from 1 to " << kMostTimes
                << '\n';
      return std::nullopt;
    }
    times.insert_or_assign(path, count);
  }
  return times;
}

/// Reads all mail of one class. False when something could not be read.
bool read_class(const std::vector<std::string>& paths, bool pitch, const TimesOfPaths& times,
                const Snapshot& snapshot, std::vector<TrainingText>& texts) {
  bool readable = true;
  Progress progress(pitch ? "read pitches" : "read other mail", paths);
  for (const std::string& path : paths) {
    const auto named = times.find(path);
    visit_mail({path}, snapshot.config.limits.message_octets,
               {[&](const SourceMessage& message) {
                  texts.push_back(read_text(message, pitch, snapshot));
                  if (named != times.end()) texts.back().times = named->second;
                  progress.advance();
                },
                [&](const std::string& file, const std::string& reason) {
                  readable = false;
                  progress.hide();
                  std::cerr << "coldpitch: " << printable(file, 4096) << ": " << reason << '\n';
                }});
  }
  return readable;
}

/// Writes beside the file and renames, so that a running milter never reads half a model.
bool write_whole(const std::string& path, const std::string& octets) {
  const std::string beside = path + "." + std::to_string(::getpid()) + ".new";
  errno = 0;
  std::ofstream file(beside, std::ios::binary | std::ios::trunc);
  file << octets;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(beside, path, error);
  if (file && !error) return true;
  if (!error) error = std::error_code(errno, std::generic_category());
  std::cerr << "coldpitch: " << printable(path, 4096) << ": " << error.message() << '\n';
  std::filesystem::remove(beside, error);
  return false;
}

void print_training(const Training& training, const std::string& out) {
  const ModelCard& card = training.model.card();
  std::printf("learned from %zu pitches and %zu other texts\n", card.pitches, card.ham);
  std::printf("left out: %zu copies, %zu of fewer than %zu words, %zu that stand on both sides\n",
              training.copies, training.short_texts, kFewestModelWords, training.contradictions);
  std::printf("          %zu in languages with fewer than %zu texts of a kind\n\n", training.one_sided,
              kFewestInLanguage);
  std::printf("%10s %10s %10s\n", "language", "pitches", "others");
  for (const auto& [language, texts] : card.languages) {
    std::printf("%10s %10zu %10zu\n", language.c_str(), texts.pitches, texts.ham);
  }
  std::printf("\n");
  std::printf(
      "How sure it was of texts it had not learned from, and how often rightly (both classes weighing the "
      "same):\n");
  std::printf("%10s %10s %10s %10s\n", "told", "were", "pitches", "others");
  for (const ReliabilityRow& row : card.reliability) {
    std::printf("%8.1f %% %8.1f %% %10zu %10zu\n", 100 * row.predicted, 100 * row.observed, row.pitches,
                row.ham);
  }
  std::printf("\n%s written. To use it: \"model: %s\" in coldpitch.yaml, then reload.\n", out.c_str(),
              out.c_str());
}

int run_train(const TrainOptions& options) {
  const std::optional<TimesOfPaths> times = read_times(options);
  if (!times) return kExitUsage;
  std::vector<Diagnostic> diagnostics;
  const std::shared_ptr<const Snapshot> snapshot = load_snapshot(options.config_file, diagnostics);
  std::cerr << format(diagnostics);
  if (snapshot == nullptr) return kExitUsage;
  std::vector<TrainingText> texts;
  const bool all_pitches = read_class(options.pitch, true, *times, *snapshot, texts);
  const bool all_ham = read_class(options.ham, false, *times, *snapshot, texts);
  const Result<Training> training = train_text_model(std::move(texts));
  if (!training) {
    std::cerr << "coldpitch: " << training.error().detail << '\n';
    return kExitUsage;
  }
  if (!write_whole(options.out, training->model.serialise())) return kExitUsage;
  print_training(*training, options.out);
  return all_pitches && all_ham ? kExitDone : kExitUnreadable;
}

}  // namespace

void add_train(CLI::App& app, int& status) {
  const auto options = std::make_shared<TrainOptions>();
  CLI::App* command = app.add_subcommand("train", "Make a text model from mail you have sorted");
  command->footer(
      "Paths are message files, folders, Maildirs or mbox files. The same mail gives the same file, in "
      "whatever order.\n"
      "The model holds weights of hashed words, no text. Some hundred messages of each kind are a start; ham "
      "should\n"
      "hold what looks like a pitch and is none: applicants, customers, newsletters people asked for.\n"
      "Exit status: 0 written, 2 bad usage, too little mail or not written, 3 written, but some mail could "
      "not be read.");
  command->add_option("--pitch", options->pitch, "mail that is a pitch")->required();
  command->add_option("--ham", options->ham, "mail that is none")->required();
  command->add_option(
      "--times", options->times,
      "PATH=N: mail of a path given to --pitch or --ham counts N times (1 to 20); repeatable");
  command->add_option("-o,--out", options->out, "model file to write")->required();
  command->add_option("-c,--config", options->config_file, kConfigHelp);
  command->callback([options, &status] { status = run_train(*options); });
}

}  // namespace coldpitch
