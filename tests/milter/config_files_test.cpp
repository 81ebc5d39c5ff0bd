// SPDX-License-Identifier: MIT
#include "milter/config_files.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "milter/config.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

/// A folder like /etc/coldpitch, removed at the end.
class ConfigFolder {
 public:
  ConfigFolder()
      : path_(std::filesystem::temp_directory_path() / ("coldpitch-config-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_ / "conf.d");
  }
  ConfigFolder(const ConfigFolder&) = delete;
  ConfigFolder& operator=(const ConfigFolder&) = delete;
  ~ConfigFolder() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

  [[nodiscard]] Config load() const {
    std::vector<Diagnostic> diagnostics;
    const auto config = load_config(file("coldpitch.yaml"), diagnostics);
    INFO(format(diagnostics));
    REQUIRE(config);
    return *config;
  }
  [[nodiscard]] std::string told(bool refused) const {
    std::vector<Diagnostic> diagnostics;
    CHECK(load_config(file("coldpitch.yaml"), diagnostics).has_value() != refused);
    return format(diagnostics);
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("config files: a later file wins key by key, lists as a whole") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml",
               "local_domains: [a.example, b.example]\nlimits: { urls: 5, recipients: 6 }\n"
               "drain: 1 s\nlog:\n");
  folder.write("conf.d/20-b.yaml", "drain: 3 s\nlimits:\nlocal_domains: [d.example]\n");
  folder.write("conf.d/10-a.yaml", "drain: 2 s\nlimits: { urls: 7 }\nlog: { level: debug }\n");
  const Config config = folder.load();
  CHECK(config.local_domains == std::vector<std::string>{"d.example"});
  CHECK(config.limits.urls == 7);
  CHECK(config.limits.recipients == 6);
  CHECK(config.drain == std::chrono::seconds(3));
  CHECK(config.log_level == "debug");
  CHECK(config.file == folder.file("coldpitch.yaml"));
  CHECK(config.files == std::vector<std::string>{folder.file("coldpitch.yaml"),
                                                 folder.file("conf.d/10-a.yaml"),
                                                 folder.file("conf.d/20-b.yaml")});
}

TEST_CASE("config files: what was overridden is known with both places") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml", "limits:\n  urls: 5\nlocal_domains: [a]\n");
  folder.write("conf.d/a.yaml", "limits: { urls: 7 }\nlocal_domains: [b]\n");
  std::vector<Diagnostic> diagnostics;
  const auto files = read_config_files(folder.file("coldpitch.yaml"), diagnostics);
  REQUIRE(files);
  REQUIRE(files->overridden.size() == 2);
  CHECK(files->overridden[0].key == "limits.urls");
  CHECK(files->overridden[0].before.file == folder.file("coldpitch.yaml"));
  CHECK(files->overridden[0].before.line == 2);
  CHECK(files->overridden[0].now.file == folder.file("conf.d/a.yaml"));
  CHECK(files->overridden[0].now.line == 1);
  CHECK(files->overridden[1].key == "local_domains");
}

TEST_CASE("config files: a relative path is relative to the first file") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml", "");
  folder.write("conf.d/a.yaml", "history: { path: state/h.db }\n");
  CHECK(folder.load().history.path == folder.file("state/h.db"));
}

TEST_CASE("config files: errors of all files are told, each with its own place") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml", "drian: 1 s\n");
  folder.write("conf.d/a.yaml", "\nlimits: { urls: none }\n");
  const std::string text = folder.told(/*refused=*/true);
  CHECK_THAT(text, ContainsSubstring(folder.file("coldpitch.yaml") + ":1:1: error: unknown key 'drian'"));
  CHECK_THAT(text, ContainsSubstring(folder.file("conf.d/a.yaml") + ":2:17: error: 'urls' must be"));
  CHECK_THAT(text, ContainsSubstring("    limits: { urls: none }\n"));
}

TEST_CASE("config files: syntax errors of two files are told at once") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml", "a: 'b\n");
  folder.write("conf.d/a.yaml", "- list\n");
  const std::string text = folder.told(/*refused=*/true);
  CHECK_THAT(text, ContainsSubstring("coldpitch.yaml:1:4: error: this quote is never closed"));
  CHECK_THAT(text, ContainsSubstring("conf.d/a.yaml:1:1: error: configuration must be a map"));
}

TEST_CASE("config files: files that are not read are said to be so, leftovers of editors are not") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml", "");
  for (const char* name : {"a.yaml~", ".a.yaml.swp", "a.yaml.dpkg-old", "README"}) {
    folder.write(std::string("conf.d/") + name, "junk: [");
  }
  CHECK(folder.told(/*refused=*/false).empty());
  folder.write("conf.d/mine.yml", "drain: 1 s\n");
  CHECK(folder.told(/*refused=*/false) ==
        folder.file("conf.d/mine.yml") + ": warning: is not read: its name does not end in .yaml\n");
}

TEST_CASE("config files: a first file that is named must be there") {
  const ConfigFolder folder;
  folder.write("conf.d/a.yaml", "drain: 1 s\n");
  CHECK_THAT(folder.told(/*refused=*/true), ContainsSubstring("coldpitch.yaml: error: cannot be read"));
}

TEST_CASE("config files: lists of addresses stand in files of their own") {
  const ConfigFolder folder;
  folder.write("vips.txt", "# the board\nboss@example.net\nexample.org\n");
  folder.write(
      "coldpitch.yaml",
      "profiles:\n  - { match: ['file:vips.txt', x.example], mode: 'off', allow: 'file:vips.txt' }\n");
  const Config config = folder.load();
  CHECK(config.profile_for("boss@example.net").mode == Mode::off);
  CHECK(config.profile_for("a@example.org").mode == Mode::off);
  CHECK(config.profile_for("a@x.example").mode == Mode::off);
  CHECK(config.profile_for("other@example.net").mode == Mode::annotate);
  CHECK(config.profiles[0].allow.find("a@example.org"));
  folder.write("vips.txt", "boss@example.net\n\n  not an address\n");
  CHECK(folder.told(/*refused=*/true) ==
        folder.file("vips.txt") +
            ":3:3: error: 'not an address' is no address (user@example.net), domain (example.net) or '*'\n"
            "      not an address\n"
            "      ^\n" +
            folder.file("vips.txt") +
            ":3:3: error: 'not an address' is no address (user@example.net), domain (example.net) or '*'\n"
            "      not an address\n"
            "      ^\n");
}

TEST_CASE("config files: how many there may be") {
  const ConfigFolder folder;
  folder.write("coldpitch.yaml", "");
  for (int file = 0; file < 100; ++file) folder.write("conf.d/" + std::to_string(file) + ".yaml", "");
  CHECK(folder.told(/*refused=*/false).empty());
  folder.write("conf.d/100.yaml", "");
  CHECK_THAT(folder.told(/*refused=*/true), ContainsSubstring("conf.d: error: holds more than 100 files"));
}
