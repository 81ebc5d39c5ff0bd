// SPDX-License-Identifier: MIT
#include "cli/completion.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <vector>

#include "cli/manual.h"

namespace coldpitch {
namespace {

constexpr const char* kNotice = "# Written by coldpitch-manual from the program itself: do not edit.\n";

/// In single quotes, for a shell.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char octet : text) out += octet == '\'' ? std::string("'\\''") : std::string(1, octet);
  return out + '\'';
}

std::string joined(const std::vector<std::string>& words, const char* between = " ") {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : between) + word;
  return line;
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  return names;
}

/// The first line of a help text, as completion menus show it.
std::string short_help(const std::string& help) { return help.substr(0, help.find('\n')); }

/// Calls `visit` with each command and its path ("coldpitch config check"), the program first.
void for_each_command(const CLI::App& app, const std::string& path,
                      const std::function<void(const CLI::App&, const std::string&)>& visit) {
  visit(app, path);
  for (const CLI::App* command : shown_commands(app)) {
    for_each_command(*command, path + ' ' + command->get_name(), visit);
  }
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : shown_commands(app)) names.push_back(command->get_name());
  return names;
}

/// One `case` of the bash function: what may follow at `path`.
std::string bash_case(const CLI::App& app, const std::string& path) {
  std::vector<std::string> options;
  std::string values;
  std::vector<std::string> with_files;
  for (const CLI::Option* option : shown_options(app)) {
    const std::vector<std::string> names = names_of(*option);
    options.insert(options.end(), names.begin(), names.end());
    if (names.empty() || !takes_value(*option)) continue;
    const std::vector<std::string> words = values_of(*option);
    values += "        " + joined(names, "|") + ") " +
              (words.empty() ? std::string("files=1") : "words=" + quoted(joined(words))) + " ;;\n";
  }
  return "    " + quoted(path) + ")\n      options=" + quoted(joined(options)) +
         "\n      commands=" + quoted(joined(command_names(app))) + "\n      case $prev in\n" + values +
         "      esac ;;\n";
}

std::string zsh_function(const std::string& path) {
  std::string name = "_" + path;
  for (char& octet : name) {
    if (octet == ' ' || octet == '-') octet = '_';
  }
  return name;
}

/// For _arguments: brackets and colons have a meaning there.
std::string zsh_help(const std::string& help) {
  std::string out;
  for (const char octet : short_help(help)) {
    if (octet == '[' || octet == ']' || octet == ':' || octet == '\\') out += '\\';
    out += octet;
  }
  return out;
}

std::string zsh_option(const CLI::Option& option) {
  const std::vector<std::string> names = names_of(option);
  const std::vector<std::string> words = values_of(option);
  std::string rest = '[' + zsh_help(option.get_description()) + ']';
  if (takes_value(option)) rest += words.empty() ? ":value:_files" : ":value:(" + joined(words) + ')';
  std::string lines;
  for (const std::string& name : names) {
    const std::string spec = '*' + name + rest;
    lines.append("    ").append(quoted(spec)).append(" \\\n");
  }
  return lines;
}

std::string zsh_command(const CLI::App& app, const std::string& path) {
  std::string body = zsh_function(path) + "() {\n";
  const std::vector<const CLI::App*> commands = shown_commands(app);
  if (!commands.empty()) body += "  local curcontext=$curcontext state line\n  typeset -A opt_args\n";
  body += "  _arguments -s -S" + std::string(commands.empty() ? "" : " -C") + " \\\n";
  for (const CLI::Option* option : shown_options(app)) body += zsh_option(*option);
  if (commands.empty()) return body + "    '*:file:_files'\n}\n\n";
  body +=
      "    '1:command:->command' '*::argument:->argument'\n  case $state in\n    command)\n      local -a "
      "commands=(\n";
  for (const CLI::App* command : commands) {
    body += "        " + quoted(command->get_name() + ':' + short_help(command->get_description())) + '\n';
  }
  body += "      )\n      _describe command commands ;;\n    argument)\n      case $line[1] in\n";
  for (const CLI::App* command : commands) {
    body +=
        "        " + command->get_name() + ") " + zsh_function(path + ' ' + command->get_name()) + " ;;\n";
  }
  return body + "      esac ;;\n  esac\n}\n\n";
}

std::string fish_lines(const CLI::App& app, const std::string& path) {
  const std::string here = "complete -c coldpitch -n " + quoted("__coldpitch_at " + quoted(path));
  std::string lines;
  for (const CLI::App* command : shown_commands(app)) {
    lines += here + " -f -a " + command->get_name() + " -d " +
             quoted(short_help(command->get_description())) + '\n';
  }
  for (const CLI::Option* option : shown_options(app)) {
    const std::vector<std::string> words = values_of(*option);
    if (names_of(*option).empty()) continue;
    std::string line = here;
    for (const std::string& name : option->get_lnames()) line += " -l " + name;
    for (const std::string& name : option->get_snames()) line += " -s " + name;
    if (takes_value(*option)) line += words.empty() ? " -r" : " -x -a " + quoted(joined(words));
    lines += line + " -d " + quoted(short_help(option->get_description())) + '\n';
  }
  return lines;
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  std::string cases;
  std::string paths;
  for_each_command(app, "coldpitch", [&](const CLI::App& command, const std::string& path) {
    cases += bash_case(command, path);
    if (path != "coldpitch") paths += (paths.empty() ? "" : "|") + quoted(path);
  });
  return std::string(kNotice) +
         "_coldpitch() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local path=coldpitch options='' commands='' words='' files='' i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$path ${COMP_WORDS[i]}\" in\n      " +
         paths + ") path=\"$path ${COMP_WORDS[i]}\" ;;\n    esac\n  done\n  case $path in\n" + cases +
         "  esac\n"
         "  if [[ -n $words ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
         "  elif [[ -z $files && $cur == -* ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
         "  elif [[ -z $files && -n $commands ]]; then\n"
         "    mapfile -t COMPREPLY < <(compgen -W \"$commands\" -- \"$cur\")\n"
         "  else\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
         "  fi\n"
         "}\n"
         "complete -F _coldpitch coldpitch\n";
}

std::string zsh_completion(const CLI::App& app) {
  std::string functions;
  for_each_command(app, "coldpitch", [&](const CLI::App& command, const std::string& path) {
    functions += zsh_command(command, path);
  });
  return "#compdef coldpitch\n" + std::string(kNotice) + '\n' + functions + "_coldpitch \"$@\"\n";
}

std::string fish_completion(const CLI::App& app) {
  std::string lines;
  std::vector<std::string> paths;
  for_each_command(app, "coldpitch", [&](const CLI::App& command, const std::string& path) {
    lines += fish_lines(command, path);
    paths.push_back(quoted(path));
  });
  return std::string(kNotice) +
         "\n# True when the words before the cursor have led to the command in the argument.\n"
         "function __coldpitch_at\n"
         "  set -l paths " +
         joined(paths) +
         "\n  set -l path coldpitch\n"
         "  set -l words (commandline -opc)\n"
         "  for word in $words[2..-1]\n"
         "    contains -- \"$path $word\" $paths; and set path \"$path $word\"\n"
         "  end\n"
         "  test \"$path\" = $argv[1]\n"
         "end\n\n" +
         lines;
}

}  // namespace coldpitch
