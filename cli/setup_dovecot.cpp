// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <system_error>

#include "cli/run_program.h"
#include "cli/setup_plan.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOurFile = "99-coldpitch.conf";

tl::unexpected<Error> failure(std::string what) {
  return tl::unexpected(Error{Code::permanent, 0, std::move(what)});
}

fs::path shipped(const char* file) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  return (program.parent_path() / ".." / "share" / "coldpitch" / "dovecot" / file).lexically_normal();
}

/// A copy of the configuration without our own file, so that what is asked of it is what others set.
class Without {
 public:
  explicit Without(const fs::path& folder) {
    std::string name = (fs::temp_directory_path() / "coldpitch-dovecot-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) return;
    path_ = name;
    copy(folder, path_);
    copy(folder / "conf.d", path_ / "conf.d");
  }
  Without(const Without&) = delete;
  Without& operator=(const Without&) = delete;
  ~Without() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }

  [[nodiscard]] Result<std::string> ask(std::vector<std::string> words) const {
    std::vector<std::string> command{"doveconf", "-c", (path_ / "dovecot.conf").string()};
    command.insert(command.end(), words.begin(), words.end());
    const Result<ProgramOutput> run = run_program(command);
    if (!run) return tl::unexpected(run.error());
    if (run->status != 0) return failure("doveconf: " + std::string(trim(run->errors)));
    return std::string(trim(run->out));
  }

 private:
  static void copy(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to, error);
    for (const fs::directory_entry& entry : fs::directory_iterator(from, error)) {
      if (entry.is_regular_file(error) && entry.path().filename() != kOurFile) {
        fs::copy_file(entry.path(), to / entry.path().filename(), error);
      }
    }
  }
  fs::path path_;
};

/// "key = value" lines of the section `plugin`.
std::map<std::string, std::string> settings_in(const std::string& section) {
  std::map<std::string, std::string> settings;
  for (const std::string_view line : split(section, '\n')) {
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    settings.emplace(trim(line.substr(0, equals)), trim(line.substr(equals + 1)));
  }
  return settings;
}

/// `words` with those of `more` that are not there yet.
std::string with_words(const std::string& words, const std::string& more) {
  std::vector<std::string_view> list = split(words, ' ');
  std::erase_if(list, [](std::string_view word) { return word.empty(); });
  std::string text(trim(words));
  for (const std::string_view word : split(more, ' ')) {
    if (std::find(list.begin(), list.end(), word) == list.end())
      text += (text.empty() ? "" : " ") + std::string(word);
  }
  return text;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string free_name(const std::map<std::string, std::string>& used, const std::string& name) {
  if (!used.contains(name)) return name;
  std::size_t number = 2;
  while (used.contains(name + std::to_string(number))) ++number;
  return name + std::to_string(number);
}

std::size_t free_mailbox(const std::map<std::string, std::string>& used) {
  std::size_t number = 1;
  while (used.contains("imapsieve_mailbox" + std::to_string(number) + "_name")) ++number;
  return number;
}

/// The shipped text for 2.3 made to fit beside what is set already: there a later value takes the place of an earlier one.
Result<std::string> fitted(std::string text, const Without& others) {
  for (const auto& [protocol, plugin] :
       {std::pair("lmtp", "sieve"), {"lda", "sieve"}, {"imap", "imap_sieve"}}) {
    Result<std::string> loaded =
        others.ask({"-f", std::string("protocol=") + protocol, "-h", "mail_plugins"});
    if (!loaded) return loaded;
    replace_all(text, std::string("protocol ") + protocol + " {\n  mail_plugins = $mail_plugins " + plugin,
                std::string("protocol ") + protocol + " {\n  mail_plugins = " + with_words(*loaded, plugin));
  }
  Result<std::string> section = others.ask({"plugin"});
  if (!section) return section;
  const std::map<std::string, std::string> used = settings_in(*section);
  const auto value = [&](const char* key) { return used.contains(key) ? used.at(key) : std::string(); };
  const std::string plugins = "sieve_imapsieve sieve_extprograms";
  replace_all(text, "sieve_plugins = " + plugins,
              "sieve_plugins = " + with_words(value("sieve_plugins"), plugins));
  const std::string extensions = "+vnd.dovecot.pipe +vnd.dovecot.environment";
  replace_all(text, "sieve_global_extensions = " + extensions,
              "sieve_global_extensions = " + with_words(value("sieve_global_extensions"), extensions));
  replace_all(text, "sieve_before = ", free_name(used, "sieve_before") + " = ");
  const std::size_t number = free_mailbox(used);
  // The second first: it may take the number the first has now.
  replace_all(text, "imapsieve_mailbox2_", "imapsieve_mailbox" + std::to_string(number + 1) + "_");
  if (number != 1)
    replace_all(text, "imapsieve_mailbox1_", "imapsieve_mailbox" + std::to_string(number) + "_");
  const std::string sockets = value("sieve_pipe_socket_dir");
  if (!sockets.empty()) {
    replace_all(text, "sieve_pipe_socket_dir = .", "sieve_pipe_socket_dir = " + sockets);
    replace_all(text, "unix_listener ", "unix_listener " + sockets + "/");
  }
  return text;
}

}  // namespace

Result<SetupPlan> plan_dovecot(const SetupOptions& options) {
  SetupPlan plan;
  plan.program = "dovecot";
  const fs::path folder =
      options.config_dir.empty() ? below_root(options, "/etc/dovecot") : fs::absolute(options.config_dir);
  std::error_code error;
  if (!fs::is_regular_file(folder / "dovecot.conf", error)) {
    return failure("no dovecot.conf in " + folder.string() +
                   ": is Dovecot installed? --config-dir names its folder");
  }
  const Result<ProgramOutput> version = run_program({"dovecot", "--version"});
  if (!version) return failure(version.error().detail + " (is Dovecot installed?)");
  const bool is_old = version->out.starts_with("2.3.");
  if (!is_old && !version->out.starts_with("2.4.")) {
    return failure("Dovecot " + std::string(trim(version->out)) +
                   " is neither 2.3 nor 2.4; docs/folders.md says what is needed");
  }
  const fs::path sample = shipped(is_old ? "dovecot-2.3.conf" : "dovecot-2.4.conf");
  Result<std::string> text = read_whole(sample);
  if (!text) return tl::unexpected(text.error());
  if (text->empty()) return failure("there is no " + sample.string() + ": is coldpitch installed whole?");
  const Without others(folder);
  const Result<std::string> owner = others.ask({"-h", "mail_uid"});
  if (!owner) return tl::unexpected(owner.error());
  if (is_old) text = fitted(std::move(*text), others);
  if (!text) return tl::unexpected(text.error());
  replace_all(*text, "  user = coldpitch\n", "  user = " + options.user + "\n");
  if (owner->empty()) {
    replace_all(*text, "    mode = 0600\n    user = vmail\n", "    mode = 0666\n");
    plan.notes.emplace_back(
        "Mailboxes belong to many users here, so every local user may teach (mode 0666).");
  } else {
    replace_all(*text, "    user = vmail\n", "    user = " + *owner + "\n");
  }
  const Result<void> added = add_change(plan, folder / "conf.d" / kOurFile, *text);
  if (!added) return tl::unexpected(added.error());
  const Result<std::string> main = read_whole(folder / "dovecot.conf");
  if (main && main->find("conf.d/*.conf") == std::string::npos) {
    plan.notes.push_back("dovecot.conf does not include conf.d/*.conf: add '!include conf.d/" +
                         std::string(kOurFile) + "' at its end.");
  }
  for (const char* script : {"coldpitch-folder", "coldpitch-learn-pitch", "coldpitch-learn-wanted"}) {
    plan.next.push_back(std::string("sievec /usr/share/coldpitch/sieve/") + script + ".sieve");
  }
  plan.next.emplace_back("systemctl restart dovecot");
  return plan;
}

}  // namespace coldpitch
