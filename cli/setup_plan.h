// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "parsers/result.h"

namespace coldpitch {

struct SetupOptions {
  std::filesystem::path root;        ///< all paths are taken below it; "" is this machine
  std::filesystem::path config_dir;  ///< of the program that is set up; "" for its usual place
  std::filesystem::path config;      ///< coldpitch.yaml; "" for its usual place
  std::string user = "coldpitch";    ///< whom the milter runs as
  bool apply = false, undo = false;
};

/// A file as it is and as it is to be.
struct FileChange {
  std::filesystem::path path;
  bool exists = false;
  std::string before, after;
};

/// A folder to be made, or to be given its owner and mode.
struct FolderChange {
  std::filesystem::path path;
  std::string owner, group;
  unsigned mode = 0755;
};

/// All that setting up one program takes.
struct SetupPlan {
  std::string program;  ///< "postfix", "sendmail", "dovecot"
  std::vector<FileChange> files;
  std::vector<FolderChange> folders;
  std::vector<std::string> notes;  ///< for the administrator
  std::vector<std::string> next;   ///< commands to run once the files are changed
};

/// Look at the installed configuration and say what is to be changed; nothing is touched. Files that are right already are left out.
/// Error: `permanent`, with what is missing or in the way.
[[nodiscard]] Result<SetupPlan> plan_postfix(const SetupOptions& options);
[[nodiscard]] Result<SetupPlan> plan_sendmail(const SetupOptions& options);
[[nodiscard]] Result<SetupPlan> plan_dovecot(const SetupOptions& options);

/// `path` below options.root, unless it is there already.
[[nodiscard]] std::filesystem::path below_root(const SetupOptions& options,
                                               const std::filesystem::path& path);
/// coldpitch.yaml, below the root.
[[nodiscard]] std::filesystem::path config_file(const SetupOptions& options);
/// A whole file; "" when there is none.
[[nodiscard]] Result<std::string> read_whole(const std::filesystem::path& path);
/// Adds the change of `path` to `text`, if it is one.
[[nodiscard]] Result<void> add_change(SetupPlan& plan, const std::filesystem::path& path,
                                      const std::string& text);

/// `text` of a coldpitch.yaml with the key `listen` set to `address`, all else left as it is.
[[nodiscard]] std::string with_listen(const std::string& text, const std::string& address);

/// The entries of a list of Postfix: parted by blanks and commas, "{ ... }" as one.
[[nodiscard]] std::vector<std::string> postfix_list(const std::string& text);
/// smtpd_milters with coldpitch at `endpoint` (`unix:...`) as its last entry; the others keep their order and words.
[[nodiscard]] std::string with_milter(const std::string& milters, const std::string& endpoint);

/// A sendmail.mc with coldpitch as its last input filter, at `socket` (libmilter's notation).
[[nodiscard]] std::string with_mail_filter(const std::string& text, const std::string& socket);

}  // namespace coldpitch
