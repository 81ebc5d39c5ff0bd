// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "cli/completion.h"
#include "cli/manual.h"
#include "milter/daemon_command_line.h"

// coldpitch-manual FOLDER: writes man pages and completion scripts below FOLDER, laid out as below /usr/share. Run by the build only.

namespace {

namespace fs = std::filesystem;

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

void write_all(const fs::path& share) {
  int status = 0;
  const std::unique_ptr<CLI::App> command = coldpitch::make_command_line(status);
  coldpitch::DaemonOptions options;
  const std::unique_ptr<CLI::App> daemon = coldpitch::make_daemon_command_line(options);
  std::vector<coldpitch::ManualFile> pages = coldpitch::command_pages(*command);
  pages.push_back(coldpitch::daemon_page(*daemon));
  for (coldpitch::ManualFile& page : coldpitch::format_pages()) pages.push_back(std::move(page));
  for (const coldpitch::ManualFile& page : pages) {
    write(share / "man" / (std::string("man") + page.name.back()) / page.name, page.text);
  }
  write(share / "bash-completion" / "completions" / "coldpitch", coldpitch::bash_completion(*command));
  write(share / "zsh" / "vendor-completions" / "_coldpitch", coldpitch::zsh_completion(*command));
  write(share / "fish" / "vendor_completions.d" / "coldpitch.fish", coldpitch::fish_completion(*command));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) {
      std::cerr << "usage: coldpitch-manual FOLDER\n";
      return 2;
    }
    write_all(argv[1]);
    return 0;
  } catch (const std::exception& fault) {
    std::cerr << "coldpitch-manual: " << fault.what() << '\n';
    return 1;
  }
}
