// SPDX-License-Identifier: MIT
#include "milter/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "milter/network.h"
#include "milter/result_fields.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    auto made =
        std::make_shared<spdlog::logger>("coldpitch", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    const bool journal = std::getenv("JOURNAL_STREAM") != nullptr;
    made->set_pattern(journal ? "level=%l %v" : "%Y-%m-%dT%H:%M:%S.%e%z level=%l %v");
    made->flush_on(spdlog::level::debug);
    return made;
  }();
  return *instance;
}

void append_pair(std::string& line, std::string_view key, std::string_view value) {
  if (!line.empty()) line += ' ';
  line += key;
  line += '=';
  line += log_value(value);
}

}  // namespace

void set_log_level(std::string_view level) {
  logger().set_level(spdlog::level::from_str(std::string(level)));
}

void log_debug(std::string_view text) { logger().debug("{}", text); }
void log_info(std::string_view text) { logger().info("{}", text); }
void log_warning(std::string_view text) { logger().warn("{}", text); }
void log_error(std::string_view text) { logger().error("{}", text); }

std::string log_value(std::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7F' && c != '"' && c != '=' && c != '\\';
  });
  if (plain && text.size() <= 200) return std::string(text);
  std::string quoted = "\"";
  for (const char octet : printable(text)) {
    if (octet == '"') quoted += '\\';
    quoted += octet;
  }
  return quoted + '"';
}

std::string judgement_line(const Judgement& judgement, const Envelope& envelope,
                           std::chrono::duration<double> took, bool addresses) {
  const Verdict& verdict = judgement.verdict();
  std::string clauses;
  for (const ClauseScore& clause : verdict.clauses) clauses += (clauses.empty() ? "" : ",") + clause.id;
  std::string rules;
  std::string_view last;
  for (const Evidence& evidence : verdict.evidence) {
    if (evidence.rule == last) continue;  // more words of the same
    last = evidence.rule;
    rules += (rules.empty() ? "" : ",") + evidence.rule + (evidence.shadow ? ":shadow" : "");
  }
  std::array<char, 32> milliseconds{};
  std::snprintf(milliseconds.data(), milliseconds.size(), "%.2f", took.count() * 1000);
  std::string line;
  append_pair(line, "qid", envelope.queue_id.empty() ? "-" : envelope.queue_id);
  append_pair(line, "verdict", to_string(verdict.level));
  append_pair(line, "score", format_score(verdict.score));
  append_pair(line, "channel", to_string(judgement.channel));
  append_pair(line, "action", to_string(judgement.action()));
  if (!verdict.exempt_because.empty()) append_pair(line, "exempt", verdict.exempt_because);
  if (!clauses.empty()) append_pair(line, "clauses", clauses);
  if (!rules.empty()) append_pair(line, "rules", rules);
  append_pair(line, "recipients", std::to_string(judgement.recipients.size()));
  if (const std::string network = network_of(envelope.client_address); !network.empty()) {
    append_pair(line, "net", network);
  }
  for (const std::string& fault : judgement.faults) append_pair(line, "fault", fault);
  append_pair(line, "ms", milliseconds.data());
  if (addresses) {
    append_pair(line, "from", envelope.envelope_sender);
    append_pair(line, "message_id", judgement.message.message_id);
  }
  return line;
}

void log_judgement(const Judgement& judgement, const Envelope& envelope, std::chrono::duration<double> took,
                   bool addresses) {
  log_info(judgement_line(judgement, envelope, took, addresses));
}

}  // namespace coldpitch
