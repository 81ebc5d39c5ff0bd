// SPDX-License-Identifier: MIT
#include "milter/transaction.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "milter/log.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

std::string without_brackets(std::string_view path) {
  path = trim(path);
  if (path.size() >= 2 && path.front() == '<' && path.back() == '>') path = path.substr(1, path.size() - 2);
  return std::string(path);
}

}  // namespace

Transaction::Transaction(Service& service, Envelope envelope)
    : service_(service), snapshot_(service.snapshot()), envelope_(std::move(envelope)) {
  service_.transaction_opened();
}

Transaction::~Transaction() { service_.transaction_closed(); }

void Transaction::add_recipient(std::string_view path) {
  if (envelope_.recipients.size() >= snapshot_->config.limits.recipients) {
    recipients_cut_ = true;
    return;
  }
  envelope_.recipients.push_back(without_brackets(path));
}

void Transaction::append(std::string_view octets) {
  // One octet over the limit is kept, so that the parser sees that the message was cut.
  const std::size_t room = snapshot_->config.limits.message_octets + 1 -
                           std::min(octets_.size(), snapshot_->config.limits.message_octets + 1);
  octets_.append(octets.substr(0, room));
}

void Transaction::add_field(std::string_view name, std::string_view body, bool leading_space_kept) {
  field_names_.emplace_back(name);
  if (!raw_subject_ && equals_ignoring_case(name, "Subject")) raw_subject_ = body;
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

void Transaction::end_header() { append("\r\n"); }

bool Transaction::add_body(std::string_view octets) {
  append(octets);
  return octets_.size() <= snapshot_->config.limits.message_octets;
}

EditsPlan Transaction::finish(std::string queue_id) {
  envelope_.queue_id = std::move(queue_id);
  envelope_.time = service_.now();
  const auto start = std::chrono::steady_clock::now();
  judgement_ = judge_message(octets_, envelope_, *snapshot_, service_.memory());
  if (recipients_cut_) judgement_->message.problems.add("recipients");
  if (!remember(*judgement_, envelope_, *snapshot_, service_.memory()))
    judgement_->faults.emplace_back("history-write");
  EditsPlan plan =
      plan_edits(*judgement_, snapshot_->config, field_names_, raw_subject_ ? &*raw_subject_ : nullptr);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  Metrics& metrics = service_.metrics();
  metrics.observe_judging(took);
  metrics.count_message(judgement_->channel, judgement_->verdict().level, to_string(judgement_->action()));
  for (const std::string& fault : judgement_->faults) metrics.count_fault(fault);
  log_judgement(*judgement_, envelope_, took, snapshot_->config.log_addresses);
  return plan;
}

void Connection::set_client(std::string_view name, std::string_view address) {
  client_name_ = name;
  client_address_ = address;
}

bool Connection::begin(std::string_view sender_path, std::string_view authenticated_user) {
  transaction_.reset();
  if (service_.draining()) return false;
  Envelope envelope;
  envelope.client_name = client_name_;
  envelope.client_address = client_address_;
  envelope.helo = helo_;
  envelope.authenticated_user = authenticated_user;
  envelope.envelope_sender = without_brackets(sender_path);
  envelope.known = true;
  transaction_ = std::make_unique<Transaction>(service_, std::move(envelope));
  return true;
}

std::vector<std::string_view> reduce_to_offer(EditsPlan& plan, const Connection::Offer& offer) {
  std::vector<std::string_view> left_out;
  if (!offer.add_fields && !plan.additions.empty()) {
    plan.additions.clear();
    left_out.emplace_back("add-fields");
  }
  if (!offer.change_fields && (!plan.removals.empty() || (!plan.subject.empty() && !plan.subject_absent))) {
    plan.removals.clear();
    plan.subject.clear();
    left_out.emplace_back("change-fields");
  }
  if (!offer.quarantine && !plan.quarantine.empty()) {
    plan.quarantine.clear();
    left_out.emplace_back("quarantine");
  }
  return left_out;
}

}  // namespace coldpitch
