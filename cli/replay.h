// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/mail_index.h"
#include "cli/mail_source.h"
#include "milter/pipeline.h"

namespace coldpitch {

struct ReplayOptions {
  std::vector<std::string> archives, sent;
  std::vector<std::string> recipients;  ///< of every message that came in; empty: those of its header
  std::vector<std::string>
      authserv_ids;  ///< servers whose results are trusted besides those of the configurations
  std::string config_file;
  std::string against;             ///< a second configuration: what would it change? "": none
  std::string html;                ///< file to write, "" none
  std::string state;               ///< file to go on from, "" none
  std::optional<TimePoint> since;  ///< tell of messages from then on; earlier ones only make history
  bool json = false;
  bool all = false;                ///< with `against`: tell of unchanged messages too
  bool fail_on_new_pitch = false;  ///< exit status 1 when `against` makes a pitch of what was none
  std::size_t jobs = 0;            ///< threads that read; 0: as many as there are cores
  std::size_t explanations = 500;  ///< most pages of explanation written beside `html`
  std::uint64_t max_unpacked = kMaxUnpackedOctets;
};

/// `coldpitch replay`: runs archives in the order of their dates, with history as of each message, and tells what came of it.
[[nodiscard]] int run_replay(const ReplayOptions& options);

/// One way of judging: a configuration and what it remembers. `store` begins empty.
struct ReplaySide {
  std::shared_ptr<const Snapshot> snapshot;
  std::unique_ptr<Store> store;
};

/// A message on its way through a replay.
struct ReplayedMessage {
  std::size_t number = 0;                               ///< in the index
  std::vector<std::unique_ptr<PreparedMessage>> sides;  ///< judged; empty when it could not be read
  std::string error;
};

/// Judges the messages of an index one after the other, as the milter would have at their dates; what each teaches is remembered before the next
/// is judged. Reading and the part of judging that needs no history run ahead on all cores; the results are those of a serial run. At most
/// a few messages for each thread are held at once.
class ReplayRun {
 public:
  /// The sides' `limits.evaluation` is not applied: a result must not depend on the machine's load.
  ReplayRun(const MailIndex& index, const ReplayOptions& options, std::vector<ReplaySide>& sides,
            const Keyring& keyring);

  /// Calls `judged` for each message from number `first` on, in order, in this thread.
  void run(std::size_t first, const std::function<void(ReplayedMessage&)>& judged);

 private:
  [[nodiscard]] Envelope envelope_of(std::size_t number, const std::string& octets,
                                     const Config& config) const;
  [[nodiscard]] ReplayedMessage prepare(std::size_t number) const;
  void judge(ReplayedMessage& message);

  const MailIndex& index_;
  const ReplayOptions& options_;
  std::vector<ReplaySide>& sides_;
  const Keyring& keyring_;
};

}  // namespace coldpitch
