// SPDX-License-Identifier: MIT
#include <system_error>

#include "cli/setup_plan.h"
#include "milter/config.h"

namespace coldpitch {

namespace fs = std::filesystem;

Result<SetupPlan> plan_sendmail(const SetupOptions& options) {
  SetupPlan plan;
  plan.program = "sendmail";
  const fs::path folder =
      options.config_dir.empty() ? below_root(options, "/etc/mail") : fs::absolute(options.config_dir);
  const fs::path file = folder / "sendmail.mc";
  std::error_code error;
  if (!fs::is_regular_file(file, error)) {
    return tl::unexpected(Error{
        Code::permanent, 0,
        "no sendmail.mc in " + folder.string() + ": is Sendmail installed? --config-dir names its folder"});
  }
  const Result<std::string> text = read_whole(file);
  const Result<std::string> own_text = read_whole(config_file(options));
  if (!text) return tl::unexpected(text.error());
  if (!own_text) return tl::unexpected(own_text.error());
  std::vector<Diagnostic> diagnostics;
  const std::optional<Config> config = parse_config(*own_text, config_file(options).string(), diagnostics);
  if (!config) {
    return tl::unexpected(
        Error{Code::permanent, 0,
              "coldpitch's own configuration has errors; mend them first:\n" + format(diagnostics)});
  }
  if (auto added = add_change(plan, file, with_mail_filter(*text, config->listen.for_sendmail())); !added) {
    return tl::unexpected(added.error());
  }
  if (text->find("confINPUT_MAIL_FILTERS") != std::string::npos) {
    plan.notes.emplace_back(
        "sendmail.mc sets confINPUT_MAIL_FILTERS, which alone says what runs, and in which order: put "
        "coldpitch last in it.");
  }
  plan.notes.emplace_back(
      "Filters run in the order of their lines: coldpitch comes last, behind the one that verifies DKIM.");
  plan.next = {"coldpitch config check", "systemctl restart coldpitch-milter",
               "make -C " + folder.string() + " (Debian: sendmailconfig)", "systemctl restart sendmail"};
  return plan;
}

}  // namespace coldpitch
