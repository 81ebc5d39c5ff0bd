// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>

#include "history/locks.h"
#include "milter/service.h"
#include "parsers/date.h"

namespace coldpitch {

/// How a load of the configuration went.
struct LoadOutcome {
  bool worked = true;
  TimePoint time{};
  std::string problem;  ///< the first error, "file:line:column: what"; "" when it worked
};

/// Reads the configuration again and puts it into force. Thread-safe: one reload at a time.
class Reloader {
 public:
  /// `notify` hears what systemd is to be told (sd_notify(3)), from the thread that reloads. `service` must outlive this.
  Reloader(Service& service, std::string config_file, std::function<void(const std::string&)> notify);

  /// A bad configuration, or one there is no memory for, changes nothing: the one before stays in force. All its errors are logged.
  LoadOutcome reload();

  /// How the last load went: at first that of the start.
  [[nodiscard]] LoadOutcome last() const;

 private:
  LoadOutcome load();
  void tell(const LoadOutcome& outcome);

  Service& service_;
  std::string config_file_;
  std::function<void(const std::string&)> notify_;
  Mutex reloading_;
  mutable Mutex mutex_;
  LoadOutcome last_ GUARDED_BY(mutex_);
};

}  // namespace coldpitch
