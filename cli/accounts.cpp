// SPDX-License-Identifier: MIT
#include "cli/accounts.h"

#include <grp.h>
#include <pwd.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace coldpitch {
namespace {

constexpr std::size_t kFirstRoom = 4096;
/// A group of very many members.
constexpr std::size_t kMostRoom = std::size_t{16} << 20U;

/// Calls `look_up(&entry, buffer, size, &found)` with room enough, and `take(entry)` where one was found.
template <class Entry, class LookUp, class Take>
void visit_entry(LookUp look_up, Take take) {
  for (std::size_t room = kFirstRoom; room <= kMostRoom; room *= 4) {
    std::vector<char> buffer(room);
    Entry entry{};
    Entry* found = nullptr;
    const int error = look_up(&entry, buffer.data(), buffer.size(), &found);
    if (error == ERANGE) continue;
    if (error == 0 && found != nullptr) take(entry);
    return;
  }
}

}  // namespace

std::optional<Account> find_account(const std::string& user) {
  std::optional<Account> account;
  visit_entry<passwd>([&](auto... room) { return ::getpwnam_r(user.c_str(), room...); },
                      [&](const passwd& entry) {
                        account = {entry.pw_uid, entry.pw_gid};
                      });
  return account;
}

std::optional<gid_t> find_group(const std::string& group) {
  std::optional<gid_t> id;
  visit_entry<struct group>([&](auto... room) { return ::getgrnam_r(group.c_str(), room...); },
                            [&](const struct group& entry) { id = entry.gr_gid; });
  return id;
}

std::string user_name(uid_t user) {
  std::string name;
  visit_entry<passwd>([&](auto... room) { return ::getpwuid_r(user, room...); },
                      [&](const passwd& entry) { name = entry.pw_name; });
  return name;
}

std::string group_name(gid_t group) {
  std::string name;
  visit_entry<struct group>([&](auto... room) { return ::getgrgid_r(group, room...); },
                            [&](const struct group& entry) { name = entry.gr_name; });
  return name;
}

}  // namespace coldpitch
