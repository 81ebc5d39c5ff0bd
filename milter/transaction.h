// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/edits_plan.h"
#include "milter/pipeline.h"
#include "milter/service.h"
#include "parsers/envelope.h"

namespace coldpitch {

/// One message on its way through the milter protocol, free of libmilter. Used by one thread at a time.
class Transaction {
 public:
  /// Begins with MAIL FROM. `envelope` holds what is known of the connection and the sender so far.
  Transaction(Service& service, Envelope envelope, MtaOffer offer = MtaOffer::everything());
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// The message is said to have about so many octets. A wrong one costs address space, 1 MiB at most.
  void expect(std::size_t octets);
  /// An accepted RCPT TO, as written. Past limits.recipients they are counted, not kept.
  void add_recipient(std::string_view path);
  /// A header field; `body` as the MTA holds it (folds are LF and a blank), with the blank behind the colon when
  /// `leading_space_kept` (SMFIP_HDR_LEADSPC), else without.
  void add_field(std::string_view name, std::string_view body, bool leading_space_kept);
  void end_header();
  /// Returns false when no more octets are wanted (the limit is reached).
  bool add_body(std::string_view octets);

  /// Judges, remembers and says what to do, as far as the MTA offered it. Call once, last. When nobody `looks_after` the judgement it is
  /// given up at once, on the thread that made it.
  [[nodiscard]] EditsPlan finish(std::string queue_id, bool looks_after = true);

  /// The judgement finish() came to; nullptr before, and when it was given up.
  [[nodiscard]] const Judgement* judgement() const { return judgement_ ? &*judgement_ : nullptr; }
  [[nodiscard]] const Envelope& envelope() const { return envelope_; }
  [[nodiscard]] const Config& config() const { return snapshot_->config; }

 private:
  void append(std::string_view octets);
  void judge(std::optional<JudgingTurns::Turn>& turn);
  [[nodiscard]] EditsPlan conclude(std::chrono::steady_clock::time_point start);
  void settle_actions();
  [[nodiscard]] bool waits_for_history() const;

  Service& service_;
  Service::InForce in_force_;
  const Snapshot* snapshot_ = in_force_.snapshot.get();
  Envelope envelope_;
  MtaOffer offer_;
  std::string octets_;
  ReceivedMessage received_;
  std::optional<Judgement> judgement_;
  bool recipients_cut_ = false;
};

/// What an MTA connection knows between messages, and the message under way. Free of libmilter.
class Connection {
 public:
  explicit Connection(Service& service) : service_(service) {}

  void set_client(std::string_view name, std::string_view address);
  void set_helo(std::string_view helo) { helo_ = helo; }

  /// MAIL FROM: the path, then its parameters, as libmilter hands them over. Drops a message that was under way. False when the
  /// message is to pass unjudged: the daemon is stopping.
  bool begin(const std::vector<std::string_view>& arguments, std::string_view authenticated_user);
  /// The message under way, nullptr when there is none.
  [[nodiscard]] Transaction* transaction() { return transaction_.get(); }
  void end() { transaction_.reset(); }

  MtaOffer offer;

 private:
  Service& service_;
  std::string client_name_, client_address_, helo_;
  std::unique_ptr<Transaction> transaction_;
};

}  // namespace coldpitch
