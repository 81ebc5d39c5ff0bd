// SPDX-License-Identifier: MIT
#include "milter/transaction.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <thread>
#include <utility>

#include "milter/learning.h"
#include "milter/log.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Octets of the path at the start of an argument of MAIL or RCPT: up to its closing bracket, else all of it. Before
/// Sendmail 8.17.2 libmilter left the parameters in the same argument.
std::size_t path_octets(std::string_view argument) {
  if (!argument.starts_with('<')) return argument.size();
  bool quoted = false;
  for (std::size_t at = 1; at < argument.size(); ++at) {
    if (quoted && argument[at] == '\\') {
      ++at;
    } else if (argument[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && argument[at] == '>') {
      return at + 1;
    }
  }
  return argument.size();
}

std::string without_brackets(std::string_view path) {
  if (path.size() >= 2 && path.front() == '<' && path.back() == '>') path = path.substr(1, path.size() - 2);
  return std::string(path);
}

std::string_view path_in(std::string_view argument) {
  argument = trim(argument);
  return argument.substr(0, path_octets(argument));
}

bool names_smtputf8(std::string_view parameters) {
  const std::vector<std::string_view> words = split(parameters, ' ');
  return std::any_of(words.begin(), words.end(),
                     [](std::string_view word) { return equals_ignoring_case(word, "SMTPUTF8"); });
}

/// What SIZE says of the message (RFC 1870 §3); 0 where it says nothing.
std::size_t size_in(std::string_view parameters) {
  constexpr std::string_view kKey = "SIZE=";
  for (const std::string_view word : split(parameters, ' ')) {
    if (!starts_with_ignoring_case(word, kKey)) continue;
    std::size_t octets = 0;
    std::from_chars(word.data() + kKey.size(), word.data() + word.size(), octets);
    return octets;
  }
  return 0;
}

JudgingTurns::Terms judging_terms(const Config& config) {
  constexpr std::size_t kFewest = 2;
  static const std::size_t by_default = std::max<std::size_t>(std::thread::hardware_concurrency(), kFewest);
  return {config.judged_at_once > 0 ? config.judged_at_once : by_default, config.limits.evaluation};
}

/// Which addresses a blind copy had must not be told in any field, so the log is where the originals are kept.
void log_quarantine(const EditsPlan& plan, const Envelope& envelope) {
  if (plan.deleted_recipients.empty()) return;
  const auto listed = [](const std::vector<std::string>& paths) {
    std::string list;
    for (const std::string& path : paths) list += (list.empty() ? "" : ",") + without_brackets(path);
    return log_value(list);
  };
  log_info("event=quarantined qid=" + log_value(envelope.queue_id.empty() ? "-" : envelope.queue_id) +
           " to=" + listed(plan.added_recipients) + " instead_of=" + listed(plan.deleted_recipients));
}

}  // namespace

Transaction::Transaction(Service& service, Envelope envelope, MtaOffer offer)
    : service_(service), in_force_(service.in_force()), envelope_(std::move(envelope)), offer_(offer) {
  service_.transaction_opened();
}

Transaction::~Transaction() { service_.transaction_closed(); }

void Transaction::add_recipient(std::string_view path) {
  if (envelope_.recipients.size() >= snapshot_->config.limits.recipients) {
    recipients_cut_ = true;
    return;
  }
  received_.recipient_paths.emplace_back(path_in(path));
  envelope_.recipients.push_back(without_brackets(received_.recipient_paths.back()));
}

void Transaction::append(std::string_view octets) {
  // One octet over the limit is kept, so that the parser sees that the message was cut.
  const std::size_t room = snapshot_->config.limits.message_octets + 1 -
                           std::min(octets_.size(), snapshot_->config.limits.message_octets + 1);
  octets_.append(octets.substr(0, room));
}

void Transaction::add_field(std::string_view name, std::string_view body, bool leading_space_kept) {
  received_.field_names.emplace_back(name);
  if (!received_.raw_subject && equals_ignoring_case(name, "Subject")) received_.raw_subject = body;
  append(name);
  append(leading_space_kept ? ":" : ": ");
  for (std::size_t at = 0;;) {
    const std::size_t end = body.find('\n', at);
    std::string_view line = body.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    append(line);
    append("\r\n");
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
}

void Transaction::expect(std::size_t octets) {
  constexpr std::size_t kMostOctets = std::size_t{1} << 20U;  // a client may say anything
  constexpr std::size_t kTraceOctets = 4096;                  // what MTAs add on the way
  octets_.reserve(std::min({octets, kMostOctets, snapshot_->config.limits.message_octets}) + kTraceOctets);
}

void Transaction::end_header() { append("\r\n"); }

bool Transaction::add_body(std::string_view octets) {
  append(octets);
  return octets_.size() <= snapshot_->config.limits.message_octets;
}

/// What cannot be done is not promised in a field either.
void Transaction::settle_actions() {
  if (recipients_cut_) {
    // Those who were not kept may want the message as it is.
    judgement_->message.problems.add("recipients");
    for (RecipientVerdict& recipient : judgement_->recipients) {
      recipient.action = std::min(recipient.action, Mode::annotate);
    }
    choose_mildest(*judgement_);
  }
  for (const std::string_view missing : degrade(*judgement_, offer_)) {
    if (!service_.is_first("degraded " + std::string(missing))) continue;
    log_warning("event=degraded detail=\"the MTA does not offer " + std::string(missing) +
                "; actions that need it are left out\"");
  }
}

/// Mail of our own users never waits, nor does what is judged without a history.
bool Transaction::waits_for_history() const {
  const std::vector<std::string>& faults = judgement_->faults;
  return snapshot_->config.history.on_failure == OnFault::tempfail &&
         (judgement_->channel == Channel::direct || judgement_->channel == Channel::linkedin) &&
         std::find(faults.begin(), faults.end(), "history") != faults.end();
}

/// In `turn`, which is then over. The octets are of no use afterwards.
void Transaction::judge(std::optional<JudgingTurns::Turn>& turn) {
  judgement_ = judge_message(octets_, envelope_, *snapshot_, service_.memory(),
                             {.now = std::chrono::steady_clock::now, .turn = &*turn});
  if (turn->was_forced()) judgement_->faults.emplace_back("judging-turn");
  std::string().swap(octets_);
  turn.reset();
}

/// Remembers what was judged, tells it and says what to do.
EditsPlan Transaction::conclude(std::chrono::steady_clock::time_point start) {
  if (service_.misses_history()) judgement_->faults.emplace_back("history");
  settle_actions();
  const bool deferred = waits_for_history();
  StageClock clock(judgement_->stage_times);
  // What is tried again later is entered then.
  if (!deferred && !remember(*judgement_, envelope_, *snapshot_, service_.memory()))
    judgement_->faults.emplace_back("history-write");
  clock.end(Stage::remember);
  received_.smtputf8 = envelope_.smtputf8;
  EditsPlan plan;
  plan.disposition = Disposition::tempfail;
  if (!deferred) plan = plan_edits(*judgement_, snapshot_->config, received_, offer_);
  clock.end(Stage::edit);
  const auto took = std::chrono::steady_clock::now() - start;
  Metrics& metrics = service_.metrics();
  metrics.judging().observe(took, judgement_->stage_times);
  if (deferred) {
    metrics.count_fault("history-deferred");
  } else {
    metrics.judging().count_message(judgement_->channel, judgement_->verdict().level, judgement_->action());
    in_force_.rule_counts->count(judgement_->verdict());
  }
  for (const std::string& fault : judgement_->faults) metrics.count_fault(fault);
  if (!judgement_->linkedin.template_known)
    metrics.count_unknown_template(judgement_->linkedin.template_name);
  log_judgement(*judgement_, envelope_, took, snapshot_->config.log_addresses);
  log_quarantine(plan, envelope_);
  if (deferred)
    log_warning("event=deferred qid=" + log_value(envelope_.queue_id.empty() ? "-" : envelope_.queue_id) +
                " detail=\"the history does not answer (history.on_failure)\"");
  return plan;
}

EditsPlan Transaction::finish(std::string queue_id, bool looks_after) {
  const WorkWatch::Work work(service_.work_watch());
  envelope_.queue_id = std::move(queue_id);
  envelope_.time = service_.now();
  const auto start = std::chrono::steady_clock::now();
  StageTimes waited{};
  StageClock clock(waited);
  std::optional<JudgingTurns::Turn> turn(std::in_place, service_.judging_turns(),
                                         judging_terms(snapshot_->config));
  clock.end(Stage::turn);
  EditsPlan plan;
  service_.judging_threads().run([&] {
    judge(turn);
    constexpr auto kTurn = static_cast<std::size_t>(Stage::turn);
    judgement_->stage_times[kTurn] = waited[kTurn];
    plan = conclude(start);
    if (!looks_after) judgement_.reset();
  });
  return plan;
}

void Connection::set_client(std::string_view name, std::string_view address) {
  client_name_ = name;
  client_address_ = address;
}

bool Connection::begin(const std::vector<std::string_view>& arguments, std::string_view authenticated_user) {
  transaction_.reset();
  if (service_.draining()) return false;
  const std::string_view first = arguments.empty() ? std::string_view() : trim(arguments.front());
  const std::string_view path = path_in(first);
  Envelope envelope;
  envelope.client_name = client_name_;
  envelope.client_address = client_address_;
  envelope.helo = helo_;
  envelope.authenticated_user = authenticated_user;
  envelope.envelope_sender = without_brackets(path);
  envelope.smtputf8 = names_smtputf8(first.substr(path.size()));
  std::size_t octets = size_in(first.substr(path.size()));
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    envelope.smtputf8 = envelope.smtputf8 || names_smtputf8(arguments[i]);
    octets = std::max(octets, size_in(arguments[i]));
  }
  envelope.known = true;
  transaction_ = std::make_unique<Transaction>(service_, std::move(envelope), offer);
  if (octets > 0) transaction_->expect(octets);
  return true;
}

}  // namespace coldpitch
