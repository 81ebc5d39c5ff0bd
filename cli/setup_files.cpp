// SPDX-License-Identifier: MIT
#include "cli/setup_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>

#include "cli/accounts.h"
#include "cli/run_program.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

tl::unexpected<Error> failure(std::string what) {
  return tl::unexpected(Error{Code::permanent, 0, std::move(what)});
}

std::string reason() { return std::generic_category().message(errno); }

/// A folder that is gone at the end of the block.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "coldpitch-setup-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) path_ = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  [[nodiscard]] fs::path file(const char* name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path_ / name;
  }

 private:
  fs::path path_;
};

Result<std::string> diff_of(const FileChange& change) {
  const Scratch scratch;
  const std::string path = change.path.string();
  const Result<ProgramOutput> diff = run_program(
      {"diff", "-u", "--label", change.exists ? path : "/dev/null", "--label", path,
       scratch.file("before", change.before).string(), scratch.file("after", change.after).string()});
  if (!diff) return tl::unexpected(diff.error());
  if (diff->status > 1) return failure("diff: " + diff->errors);
  return diff->out;
}

/// Replaces a file whole. A file that exists keeps its owner and mode; a new one is 0644.
Result<void> write_whole(const fs::path& file, const std::string& text) {
  std::error_code error;
  const fs::path path = fs::exists(file, error) ? fs::canonical(file, error) : file;
  fs::create_directories(path.parent_path(), error);
  const fs::path fresh = path.string() + ".coldpitch-new";
  {
    std::ofstream out(fresh, std::ios::binary | std::ios::trunc);
    out << text;
    out.flush();
    if (!out) return failure("cannot write " + fresh.string() + ": " + reason());
  }
  struct stat status {};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  bool done = ::chmod(fresh.c_str(), exists ? status.st_mode & 07777U : 0644) == 0;
  if (exists && ::geteuid() == 0) done = done && ::chown(fresh.c_str(), status.st_uid, status.st_gid) == 0;
  if (!done || ::rename(fresh.c_str(), path.c_str()) != 0) {
    const std::string why = reason();
    ::unlink(fresh.c_str());
    return failure("cannot replace " + path.string() + ": " + why);
  }
  return {};
}

/// Makes the folder, or mends its owner and mode. The mode comes last: changing the owner takes the set-group-ID bit away.
Result<void> make_folder(const FolderChange& folder) {
  const std::optional<Account> owner = find_account(folder.owner);
  if (!owner) {
    return failure("there is no user '" + folder.owner +
                   "': run systemd-sysusers, or name another with --user");
  }
  const std::optional<gid_t> group = find_group(folder.group);
  if (!group) return failure("there is no group '" + folder.group + "'");
  std::error_code error;
  fs::create_directories(folder.path, error);
  if (error) return failure("cannot make " + folder.path.string() + ": " + error.message());
  if (::chown(folder.path.c_str(), owner->user, *group) != 0 ||
      ::chmod(folder.path.c_str(), folder.mode) != 0) {
    return failure("cannot set owner and mode of " + folder.path.string() + ": " + reason());
  }
  return {};
}

/// Where what was there before is kept. Root's own, since undo() writes it back.
fs::path kept_folder(const std::string& program, const SetupOptions& options) {
  return config_file(options).parent_path() / "setup" / program;
}

Result<Json> read_manifest(const fs::path& folder) {
  const Result<std::string> text = read_whole(folder / "manifest.json");
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return Json{{"steps", Json::array()}};
  Json manifest = Json::parse(*text, nullptr, false);
  if (manifest.is_discarded() || !manifest.contains("steps")) {
    return failure((folder / "manifest.json").string() + " is not readable as what this command wrote");
  }
  return manifest;
}

std::string kept_name(std::size_t step, std::size_t file, const char* which) {
  return std::to_string(step) + "-" + std::to_string(file) + "." + which;
}

/// `text` in lines, each with its end.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::string joined(const std::vector<std::string_view>& lines, std::size_t from, std::size_t to) {
  std::string text;
  for (std::size_t i = from; i < to; ++i) text += lines[i];
  return text;
}

/// `current` with the lines that made `after` of `before` taken out again: the same text as `before` when nobody changed it since.
Result<std::string> taken_out(const fs::path& path, const std::string& current, const std::string& after,
                              const std::string& before) {
  if (current == after || current == before) return before;
  const std::vector<std::string_view> old_lines = lines_of(before);
  const std::vector<std::string_view> new_lines = lines_of(after);
  std::size_t head = 0;
  std::size_t tail = 0;
  const std::size_t shorter = std::min(old_lines.size(), new_lines.size());
  while (head < shorter && old_lines[head] == new_lines[head]) ++head;
  while (tail < shorter - head &&
         old_lines[old_lines.size() - 1 - tail] == new_lines[new_lines.size() - 1 - tail])
    ++tail;
  const std::string ours = joined(new_lines, head, new_lines.size() - tail);
  // Whole lines that stand there just once are ours beyond doubt.
  const std::string bounded = "\n" + current;
  const std::size_t place = ours.empty() ? std::string::npos : bounded.find("\n" + ours);
  if (place != std::string::npos && bounded.find("\n" + ours, place + 1) == std::string::npos) {
    return current.substr(0, place) + joined(old_lines, head, old_lines.size() - tail) +
           current.substr(place + ours.size());
  }
  return failure(
      path.string() +
      " was changed in the same place since; take coldpitch out of it by hand, then remove the folder "
      "'setup' beside coldpitch.yaml");
}

struct Restored {
  fs::path path;
  bool existed;
  std::string text;
};

/// What every file is to hold again, worked out before any is touched.
Result<std::vector<Restored>> restored_files(const Json& manifest, const fs::path& folder) {
  std::vector<Restored> files;
  const Json& steps = manifest["steps"];
  for (std::size_t step = steps.size(); step-- > 0;) {
    const Json& list = steps[step]["files"];
    for (std::size_t i = 0; i < list.size(); ++i) {
      const fs::path path = list[i].value("path", "");
      Restored* known = nullptr;
      for (Restored& file : files) {
        if (file.path == path) known = &file;
      }
      const Result<std::string> now = known == nullptr ? read_whole(path) : Result<std::string>(known->text);
      const Result<std::string> before = read_whole(folder / kept_name(step, i, "before"));
      const Result<std::string> after = read_whole(folder / kept_name(step, i, "after"));
      if (!now || !before || !after) return failure("cannot read what was kept of " + path.string());
      const Result<std::string> text = taken_out(path, *now, *after, *before);
      if (!text) return tl::unexpected(text.error());
      if (known == nullptr) known = &files.emplace_back(Restored{path, true, {}});
      known->text = *text;
      known->existed = list[i].value("existed", true);
    }
  }
  return files;
}

}  // namespace

Result<std::string> shown(const SetupPlan& plan) {
  std::string text;
  for (const FolderChange& folder : plan.folders) {
    text +=
        "folder " + folder.path.string() + ", owner " + folder.owner + ", group " + folder.group + ", mode ";
    for (unsigned shift = 12; shift > 0; shift -= 3)
      text += static_cast<char>('0' + ((folder.mode >> (shift - 3)) & 7U));
    text += '\n';
  }
  for (const FileChange& change : plan.files) {
    Result<std::string> diff = diff_of(change);
    if (!diff) return diff;
    text += *diff;
  }
  return text;
}

Result<void> apply(const SetupPlan& plan, const SetupOptions& options) {
  for (const FolderChange& folder : plan.folders) {
    if (auto made = make_folder(folder); !made) return made;
  }
  const fs::path kept = kept_folder(plan.program, options);
  Result<Json> manifest = read_manifest(kept);
  if (!manifest) return tl::unexpected(manifest.error());
  std::error_code error;
  fs::create_directories(kept, error);
  if (error) return failure("cannot make " + kept.string() + ": " + error.message());
  fs::permissions(kept.parent_path(), fs::perms::owner_all, error);
  const std::size_t step = (*manifest)["steps"].size();
  Json files = Json::array();
  Json folders = Json::array();
  for (std::size_t i = 0; i < plan.files.size(); ++i) {
    const FileChange& change = plan.files[i];
    if (auto done = write_whole(kept / kept_name(step, i, "before"), change.before); !done) return done;
    if (auto done = write_whole(kept / kept_name(step, i, "after"), change.after); !done) return done;
    files.push_back({{"path", change.path.string()}, {"existed", change.exists}});
  }
  for (const FolderChange& folder : plan.folders) folders.push_back(folder.path.string());
  (*manifest)["steps"].push_back({{"files", files}, {"folders", folders}});
  // Written first: a change that is interrupted can be taken back.
  if (auto done = write_whole(kept / "manifest.json", manifest->dump(2) + "\n"); !done) return done;
  for (const FileChange& change : plan.files) {
    if (auto done = write_whole(change.path, change.after); !done) return done;
  }
  return {};
}

Result<std::string> undo(const std::string& program, const SetupOptions& options) {
  const fs::path kept = kept_folder(program, options);
  const Result<Json> manifest = read_manifest(kept);
  if (!manifest) return tl::unexpected(manifest.error());
  if ((*manifest)["steps"].empty())
    return std::string("Nothing to take back: this command changed nothing here.\n");
  const Result<std::vector<Restored>> files = restored_files(*manifest, kept);
  if (!files) return tl::unexpected(files.error());
  std::string told;
  std::error_code error;
  for (const Restored& file : *files) {
    if (file.existed || !file.text.empty()) {
      if (auto done = write_whole(file.path, file.text); !done) return tl::unexpected(done.error());
      told += "restored " + file.path.string() + "\n";
    } else {
      fs::remove(file.path, error);
      told += "removed " + file.path.string() + "\n";
    }
  }
  for (const Json& step : (*manifest)["steps"]) {
    for (const Json& folder : step["folders"]) {
      const fs::path path = folder.get<std::string>();
      if (!fs::exists(path, error)) continue;
      told += (fs::remove(path, error) ? "removed " : "left, since it is not empty: ") + path.string() + "\n";
    }
  }
  fs::remove_all(kept, error);
  fs::remove(kept.parent_path(), error);
  return told;
}

}  // namespace coldpitch
