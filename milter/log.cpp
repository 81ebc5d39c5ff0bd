// SPDX-License-Identifier: MIT
#include "milter/log.h"

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <syslog.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "milter/journal.h"
#include "milter/network.h"
#include "milter/result_fields.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

int priority_of(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return LOG_DEBUG;
    case spdlog::level::warn:
      return LOG_WARNING;
    case spdlog::level::err:
      return LOG_ERR;
    default:
      return LOG_INFO;
  }
}

/// Each line is one datagram: threads do not wait for each other.
class JournalSink : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const spdlog::string_view_t level = spdlog::level::to_string_view(message.level);
    const std::vector<std::string> entry =
        journal_entry({level.data(), level.size()}, priority_of(message.level),
                      {message.payload.data(), message.payload.size()});
    if (send_to_journal(entry)) return;
    constexpr std::string_view kMessage = "MESSAGE=";
    const std::string line = entry.front().substr(kMessage.size()) + '\n';
    std::fwrite(line.data(), 1, line.size(), stderr);
  }
  void flush_() override {}
};

std::shared_ptr<spdlog::logger> make_logger() {
  // A variable that others set, and no thread changes.
  if (is_journal_stream(STDERR_FILENO, std::getenv("JOURNAL_STREAM"))) {
    return std::make_shared<spdlog::logger>("coldpitch", std::make_shared<JournalSink>());
  }
  auto made =
      std::make_shared<spdlog::logger>("coldpitch", std::make_shared<spdlog::sinks::stderr_sink_mt>());
  made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z level=%l %v");
  made->flush_on(spdlog::level::debug);
  return made;
}

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = make_logger();
  return *instance;
}

void append_pair(std::string& line, std::string_view key, std::string_view value) {
  if (!line.empty()) line += ' ';
  line += key;
  line += '=';
  line += log_value(value);
}

/// Of ids, which need no quotes. None may be cut off: `coldpitch report` counts them.
void append_ids(std::string& line, std::string_view key, std::string_view ids) {
  if (!ids.empty()) line.append(" ").append(key).append("=").append(ids);
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
  append_ids(line, "clauses", clauses);
  append_ids(line, "rules", rules);
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
