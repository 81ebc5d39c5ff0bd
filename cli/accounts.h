// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

namespace coldpitch {

/// A user of this machine.
struct Account {
  uid_t user = 0;
  gid_t group = 0;  ///< the user's first
};

/// By the name-service switch, as getpwnam_r(3) and kin: nullopt or "" where there is no such entry or none can be read. Thread-safe.
[[nodiscard]] std::optional<Account> find_account(const std::string& user);
[[nodiscard]] std::optional<gid_t> find_group(const std::string& group);
[[nodiscard]] std::string user_name(uid_t user);
[[nodiscard]] std::string group_name(gid_t group);

}  // namespace coldpitch
