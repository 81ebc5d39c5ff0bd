// SPDX-License-Identifier: MIT
#include "cli/manual.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "cli/roff.h"
#include "milter/version.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::string head(const std::string& name, int section, std::string_view what) {
  return ".\\\" Written by coldpitch-manual from the program itself: do not edit.\n.TH " + upper(name) + ' ' +
         std::to_string(section) + " \"\" \"coldpitch " + kVersion + "\" \"coldpitch\"\n.SH NAME\n" +
         roff_text(name) + " \\- " + roff_text(what) + '\n';
}

std::string section(std::string_view title) { return ".SH " + std::string(title) + '\n'; }

/// Lines of help are for a terminal; a page fills its own. An empty line parts paragraphs.
std::string paragraphs(const std::string& text) {
  std::string roff;
  for (const std::string_view line : split(text, '\n')) {
    roff += line.empty() ? std::string(".PP\n") : roff_text(trim(line)) + '\n';
  }
  return roff;
}

/// Help texts are phrases; what follows them on a page needs them ended.
std::string sentence(std::string phrase) {
  if (!phrase.empty() && phrase.back() != '.' && phrase.back() != '?') phrase += '.';
  return phrase;
}

std::string value_name(const CLI::Option& option) {
  const std::vector<std::string> values = values_of(option);
  if (!values.empty()) {
    std::string list;
    for (const std::string& value : values) list += (list.empty() ? "" : "|") + value;
    return list;
  }
  return option.get_type_name().substr(0, option.get_type_name().find(':'));
}

std::string option_entry(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames())
    names += (names.empty() ? "" : ", ") + roff_bold("-" + name);
  for (const std::string& name : option.get_lnames())
    names += (names.empty() ? "" : ", ") + roff_bold("--" + name);
  if (names.empty())
    names = roff_italic(option.get_name());
  else if (takes_value(option))
    names += ' ' + roff_italic(value_name(option));
  std::string entry = ".TP\n" + names + '\n' + paragraphs(sentence(option.get_description()));
  if (!option.get_default_str().empty()) entry += "Default: " + roff_text(option.get_default_str()) + ".\n";
  if (option.get_required() && !option.get_positional()) entry += "Required.\n";
  return entry;
}

std::string options_of(const CLI::App& app) {
  std::string list;
  for (const CLI::Option* option : shown_options(app)) list += option_entry(*option);
  return list;
}

std::string synopsis(const std::string& command, const CLI::App& app) {
  std::string line = roff_bold(command);
  const std::vector<const CLI::Option*> options = shown_options(app);
  if (std::any_of(options.begin(), options.end(),
                  [](const CLI::Option* one) { return !one->get_positional(); })) {
    line += " [" + roff_italic("OPTIONS") + ']';
  }
  for (const CLI::Option* option : options) {
    if (!option->get_positional()) continue;
    const std::string name =
        roff_italic(option->get_name()) + (option->get_items_expected_max() > 1 ? " ..." : "");
    line += option->get_required() ? ' ' + name : " [" + name + ']';
  }
  if (!shown_commands(app).empty()) line += ' ' + roff_italic("COMMAND") + " ...";
  return line + '\n';
}

constexpr const char* kExitStatus =
    ".SH EXIT STATUS\n.TP\n.B 0\nDone.\n.TP\n.B 1\nSomething that was asked for was found, or a check did "
    "not pass.\n"
    ".TP\n.B 2\nBad usage or configuration.\n.TP\n.B 3\nA message could not be read; the others were.\n";

constexpr const char* kFiles =
    ".SH FILES\n.TP\n.I /etc/coldpitch/coldpitch.yaml\nThe configuration, see\n.BR coldpitch.yaml (5).\n"
    ".TP\n.I /var/lib/coldpitch/history.db\nThe contact history.\n";

constexpr const char* kEnvironment =
    ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhen set and not empty, nothing is coloured.\n.TP\n.B TMPDIR\n"
    "Where packed mailboxes are unpacked, instead of /tmp.\n";

std::string see_also(const std::vector<std::string>& pages) {
  std::string roff = section("SEE ALSO");
  for (std::size_t i = 0; i < pages.size(); ++i) {
    roff += ".BR " + roff_text(pages[i].substr(0, pages[i].size() - 2)) + " (" + pages[i].back() + ')' +
            (i + 1 < pages.size() ? ",\n" : "\n");
  }
  return roff;
}

/// Commands below a command: a synopsis, a description and options each.
std::string nested_commands(const std::string& command, const CLI::App& app) {
  std::string roff;
  for (const CLI::App* nested : shown_commands(app)) {
    const std::string name = command + ' ' + nested->get_name();
    roff += ".SS " + roff_text(name) + '\n' + synopsis(name, *nested) + ".PP\n" +
            paragraphs(sentence(nested->get_description())) + options_of(*nested);
    if (!nested->get_footer().empty()) roff += ".PP\n" + paragraphs(nested->get_footer());
    roff += nested_commands(name, *nested);
  }
  return roff;
}

ManualFile command_page(const CLI::App& command) {
  const std::string name = "coldpitch-" + command.get_name();
  const std::string line = "coldpitch " + command.get_name();
  std::string roff = head(name, 1, command.get_description()) + section("SYNOPSIS") +
                     synopsis(line, command) + section("DESCRIPTION") +
                     paragraphs(sentence(command.get_description()));
  if (!command.get_footer().empty()) roff += ".PP\n" + paragraphs(command.get_footer());
  roff += section("OPTIONS") + options_of(command);
  if (!shown_commands(command).empty()) roff += section("COMMANDS") + nested_commands(line, command);
  roff +=
      std::string(kExitStatus) + kFiles + see_also({"coldpitch.1", "coldpitch-milter.8", "coldpitch.yaml.5"});
  return {name + ".1", std::move(roff)};
}

/// "coldpitch: finds ..." without the name.
std::string what_it_is(const CLI::App& app) {
  const std::string description = app.get_description();
  const std::size_t colon = description.find(": ");
  std::string what = description.substr(colon == std::string::npos ? 0 : colon + 2);
  what = what.substr(0, what.find('\n'));
  return what.ends_with('.') ? what.substr(0, what.size() - 1) : what;
}

}  // namespace

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  std::vector<const CLI::App*> commands = app.get_subcommands([](const CLI::App*) { return true; });
  std::erase_if(commands, [](const CLI::App* command) { return command->get_group().empty(); });
  return commands;
}

std::vector<const CLI::Option*> shown_options(const CLI::App& app) {
  std::vector<const CLI::Option*> options = app.get_options([](const CLI::Option*) { return true; });
  std::erase_if(options, [](const CLI::Option* option) { return option->get_group().empty(); });
  std::stable_partition(options.begin(), options.end(),
                        [](const CLI::Option* option) { return option->get_positional(); });
  return options;
}

std::vector<std::string> values_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const std::size_t begin = type.find('{');
  const std::size_t end = type.find('}');
  std::vector<std::string> values;
  if (begin == std::string::npos || end == std::string::npos || end < begin) return values;
  for (const std::string_view value : split(std::string_view(type).substr(begin + 1, end - begin - 1), ',')) {
    values.emplace_back(value);
  }
  return values;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::vector<ManualFile> command_pages(const CLI::App& app) {
  std::string roff = head("coldpitch", 1, what_it_is(app)) + section("SYNOPSIS") +
                     ".B coldpitch\n.I COMMAND\n[\\fIOPTIONS\\fR] ...\n" + section("DESCRIPTION") +
                     "Judges mail as\n.BR coldpitch\\-milter (8)\ndoes, through the same code, and changes "
                     "nothing. Mail is given as "
                     "files, folders, Maildirs, mbox files,\n.B \\-\nfor standard input, or any of them "
                     "packed (gzip, xz, zstd, bzip2, tar, "
                     "zip);\n.I inbox.mbox#3\nis the third message of an mbox.\n" +
                     section("COMMANDS");
  std::vector<ManualFile> pages;
  std::vector<std::string> others;
  for (const CLI::App* command : shown_commands(app)) {
    pages.push_back(command_page(*command));
    others.push_back(pages.back().name);
    roff += ".TP\n.BR coldpitch\\-" + roff_text(command->get_name()) + " (1)\n" +
            paragraphs(sentence(command->get_description()));
  }
  others.insert(others.end(), {"coldpitch-milter.8", "coldpitch.yaml.5", "coldpitch-policy.5"});
  roff += section("OPTIONS") + options_of(app) + kExitStatus + kEnvironment + kFiles + see_also(others);
  pages.insert(pages.begin(), {"coldpitch.1", std::move(roff)});
  return pages;
}

ManualFile daemon_page(const CLI::App& app) {
  const std::string description = app.get_description();
  std::string roff = head("coldpitch-milter", 8, what_it_is(app)) + section("SYNOPSIS") +
                     synopsis("coldpitch-milter", app) + section("DESCRIPTION") +
                     paragraphs(description.substr(description.find(": ") + 2)) + section("OPTIONS") +
                     options_of(app) + section("SIGNALS") +
                     ".TP\n.BR SIGHUP \", \" SIGUSR1\nRead configuration and policies again. With an error "
                     "in them the old ones stay in force, and "
                     "the log says where.\n.TP\n.B SIGTERM\nTake no new connections, finish the mail in "
                     "flight (at most\n.B drain\nlong), "
                     "and stop.\n" +
                     section("EXIT STATUS") +
                     ".TP\n.B 0\nStopped as asked.\n.TP\n.B 1\nCould not start; the reason is on standard "
                     "error.\n" +
                     kFiles + see_also({"coldpitch.1", "coldpitch.yaml.5", "coldpitch-policy.5"});
  return {"coldpitch-milter.8", std::move(roff)};
}

}  // namespace coldpitch
