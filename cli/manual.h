// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "policies/schema.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace coldpitch {

/// A file of documentation: its name ("coldpitch-check.1") and what stands in it.
struct ManualFile {
  std::string name, text;
};

/// The man pages of `coldpitch`: coldpitch.1 and one for each of its commands, written from the command line itself, so that neither knows
/// an option the other does not.
[[nodiscard]] std::vector<ManualFile> command_pages(const CLI::App& app);

/// coldpitch-milter.8.
[[nodiscard]] ManualFile daemon_page(const CLI::App& app);

/// coldpitch.yaml.5 and coldpitch-policy.5, written from the tables the loaders check by.
[[nodiscard]] std::vector<ManualFile> format_pages();

/// "10 MiB, 1 B to 2 GiB", "one of `accept`, `tempfail`": what a value may be, in words.
[[nodiscard]] std::string value_in_words(const ValueSchema& value);

/// The parts of a command line that documentation and completion show, in order; hidden ones (group "") are left out.
[[nodiscard]] std::vector<const CLI::App*> shown_commands(const CLI::App& app);
[[nodiscard]] std::vector<const CLI::Option*> shown_options(const CLI::App& app);

/// The words an option takes, when they are known: those of CLI::IsMember.
[[nodiscard]] std::vector<std::string> values_of(const CLI::Option& option);
/// True for options that take a value.
[[nodiscard]] bool takes_value(const CLI::Option& option);

}  // namespace coldpitch
