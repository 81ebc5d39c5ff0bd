// SPDX-License-Identifier: MIT
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <system_error>

#include "cli/accounts.h"
#include "cli/run_program.h"
#include "cli/setup_plan.h"
#include "milter/config.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

/// Group postfix may then reach the socket: files made in a folder with this bit get the folder's group.
constexpr unsigned kFolderMode = 02750;

tl::unexpected<Error> failure(std::string what) {
  return tl::unexpected(Error{Code::permanent, 0, std::move(what)});
}

Result<std::string> postconf(const fs::path& folder, std::vector<std::string> words) {
  std::vector<std::string> command{"postconf", "-c", folder.string()};
  command.insert(command.end(), words.begin(), words.end());
  const Result<ProgramOutput> run = run_program(command);
  if (!run) return failure(run.error().detail + " (is Postfix installed?)");
  if (run->status != 0) return failure("postconf: " + std::string(trim(run->errors)));
  return std::string(trim(run->out));
}

/// What a person is to know about the services of master.cf that run smtpd.
void look_at_services(const std::string& master, SetupPlan& plan) {
  for (const std::string_view line : split(master, '\n')) {
    std::vector<std::string> words = postfix_list(std::string(line));
    if (words.size() < 8 || words[7] != "smtpd") continue;
    const std::string service = words[0] + "/" + words[1];
    if (words[4] == "y")
      plan.notes.push_back(service + " runs inside the queue folder (chroot), so the socket lies there.");
    if (line.find("smtpd_milters=") != std::string_view::npos) {
      plan.notes.push_back(service +
                           " has smtpd_milters of its own in master.cf, which hide those of main.cf. Add the "
                           "same entry there, "
                           "or mail sent through it is not learned from.");
    }
  }
}

bool verifies_signatures(const std::string& milter) {
  constexpr std::array<std::string_view, 4> kVerifiers{"dkim", "dmarc", "rspamd", "auth"};
  return std::any_of(kVerifiers.begin(), kVerifiers.end(), [&](std::string_view name) {
    return find_ignoring_case(milter, name) != std::string::npos;
  });
}

void look_at_order(const std::string& milters, const std::string& host, SetupPlan& plan) {
  const std::vector<std::string> items = postfix_list(milters);
  if (std::any_of(items.begin(), items.end(), verifies_signatures)) {
    plan.notes.push_back(
        "coldpitch comes last, behind the milter that verifies DKIM, whose results it reads. They must "
        "name " +
        host + " or an id of authentication.trusted_authserv_ids.");
  } else {
    plan.notes.emplace_back(
        "No milter before coldpitch seems to verify DKIM (OpenDKIM, OpenDMARC, rspamd). Without its results "
        "no LinkedIn "
        "notification can be told from a forgery.");
  }
}

/// main.cf as postconf itself would edit it, on a copy.
Result<std::string> edited_main(const fs::path& folder, const std::string& milters) {
  std::string name = (fs::temp_directory_path() / "coldpitch-postfix-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return failure("cannot make a temporary folder");
  std::error_code error;
  for (const char* file : {"main.cf", "master.cf"}) {
    fs::copy_file(folder / file, fs::path(name) / file, error);
  }
  const Result<std::string> edited = postconf(name, {"-e", "smtpd_milters = " + milters});
  Result<std::string> text = edited ? read_whole(fs::path(name) / "main.cf") : edited;
  fs::remove_all(name, error);
  return text;
}

bool is_right(const FolderChange& folder) {
  struct stat status {};
  if (::stat(folder.path.c_str(), &status) != 0) return false;
  return user_name(status.st_uid) == folder.owner && group_name(status.st_gid) == folder.group &&
         (status.st_mode & 07777U) == folder.mode;
}

std::string group_of(const std::string& user) {
  const std::optional<Account> account = find_account(user);
  const std::string group = account ? group_name(account->group) : std::string();
  return group.empty() ? user : group;
}

Result<Config> current_config(const std::string& text, const fs::path& file) {
  std::vector<Diagnostic> diagnostics;
  std::optional<Config> config = parse_config(text, file.string(), diagnostics);
  if (!config)
    return failure("coldpitch's own configuration has errors; mend them first:\n" + format(diagnostics));
  return std::move(*config);
}

}  // namespace

Result<SetupPlan> plan_postfix(const SetupOptions& options) {
  SetupPlan plan;
  plan.program = "postfix";
  const fs::path folder =
      options.config_dir.empty() ? below_root(options, "/etc/postfix") : fs::absolute(options.config_dir);
  std::error_code error;
  if (!fs::is_regular_file(folder / "main.cf", error)) {
    return failure("no main.cf in " + folder.string() +
                   ": is Postfix installed? --config-dir names its folder");
  }
  const Result<std::string> queue = postconf(folder, {"-xh", "queue_directory"});
  const Result<std::string> owner = postconf(folder, {"-xh", "mail_owner"});
  const Result<std::string> host = postconf(folder, {"-xh", "myhostname"});
  const Result<std::string> milters = postconf(folder, {"-h", "smtpd_milters"});
  const Result<std::string> services = postconf(folder, {"-M"});
  for (const auto* asked : {&queue, &owner, &host, &milters, &services}) {
    if (!*asked) return tl::unexpected(asked->error());
  }
  const Result<std::string> own_text = read_whole(config_file(options));
  if (!own_text) return tl::unexpected(own_text.error());
  const Result<Config> config = current_config(*own_text, config_file(options));
  if (!config) return tl::unexpected(config.error());

  std::string endpoint;
  if (config->listen.kind == ListenAddress::Kind::unix_socket) {
    endpoint = "unix:coldpitch/milter.sock";
    const std::string socket = *queue + "/coldpitch/milter.sock";
    const FolderChange sockets{below_root(options, *queue) / "coldpitch", options.user, group_of(*owner),
                               kFolderMode};
    if (!is_right(sockets)) plan.folders.push_back(sockets);
    const Result<void> added =
        add_change(plan, config_file(options), with_listen(*own_text, "unix:" + socket));
    if (!added) return tl::unexpected(added.error());
  } else {
    endpoint = config->listen.for_postfix();
  }
  const std::string wanted = with_milter(*milters, endpoint);
  if (wanted != *milters) {
    const Result<std::string> edited = edited_main(folder, wanted);
    if (!edited) return tl::unexpected(edited.error());
    if (auto added = add_change(plan, folder / "main.cf", *edited); !added)
      return tl::unexpected(added.error());
  }
  look_at_services(*services, plan);
  look_at_order(*milters, *host, plan);
  plan.next = {"coldpitch config check", "systemctl restart coldpitch-milter", "systemctl reload postfix"};
  return plan;
}

}  // namespace coldpitch
