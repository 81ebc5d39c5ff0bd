// SPDX-License-Identifier: MIT
#include "policies/list_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/policies/told.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

/// A list file, removed at the end.
class File {
 public:
  explicit File(std::string_view text)
      : path_((std::filesystem::temp_directory_path() / ("coldpitch-list-" + std::to_string(getpid())))
                  .string()) {
    std::ofstream(path_, std::ios::binary) << text;
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string told() const {
    std::vector<Diagnostic> diagnostics;
    const bool read = read_list_file(path_, diagnostics).has_value();
    CHECK(read != has_errors(diagnostics));
    for (Diagnostic& diagnostic : diagnostics) diagnostic.location.file = "f";
    return test::told(diagnostics);
  }
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<Diagnostic> diagnostics;
    const auto read = read_list_file(path_, diagnostics);
    REQUIRE(read);
    std::vector<std::string> texts;
    for (const ListEntry& entry : *read) texts.push_back(entry.text);
    return texts;
  }

 private:
  std::string path_;
};

TEST_CASE("list files: entries, blanks and comments") {
  const File file("\xEF\xBB\xBF# sellers\n\n  acme tools \t# the big one\r\nc#-shop\n#x\nlast");
  CHECK(file.told().empty());
  CHECK(file.entries() == std::vector<std::string>{"acme tools", "c#-shop", "last"});
}

TEST_CASE("list files: what is wrong is told with its place") {
  CHECK(File("a\n \xFF\n").told() == "f:2:2: error: not valid UTF-8");
  CHECK(File("a\n\x01z\n").told() == "f:2:1: error: an entry holds a control character");
  CHECK(File("a\nb\na\n").told() == "f:3:1: warning: 'a' is there twice (first in line 1)");
  CHECK(File("# nothing\n").told() == "f: warning: holds no entries");
  CHECK(File(std::string(254, 'a')).told().empty());
  CHECK(File(std::string(255, 'a')).told() == "f:1:1: error: an entry is longer than 254 octets");
  std::vector<Diagnostic> diagnostics;
  CHECK_FALSE(read_list_file("/nowhere/list", diagnostics));
  CHECK(test::told(diagnostics) == "/nowhere/list: error: cannot be read: No such file or directory");
  diagnostics.clear();
  CHECK_FALSE(read_list_file("/tmp", diagnostics));
  CHECK_THAT(test::told(diagnostics), ContainsSubstring("/tmp: error: cannot be read: "));
}

TEST_CASE("list files: limits of octets and entries") {
  CHECK(File(std::string(kMaxListOctets, '\n')).told() == "f: warning: holds no entries");
  CHECK(File(std::string(kMaxListOctets + 1, '\n')).told() == "f: error: larger than 8388608 octets");
  std::string lines;
  for (std::size_t entry = 0; entry < kMaxListEntries; ++entry) lines += std::to_string(entry) + "\n";
  CHECK(File(lines).told().empty());
  CHECK(File(lines + "one more\n").told() == "f:200001:1: error: more than 200000 entries");
}

TEST_CASE("list files: a file that is no list is told of a few times, not a million") {
  std::string junk;
  for (int line = 0; line < 1000; ++line) junk += "\x01\n";
  const std::string told = File(junk).told();
  CHECK(std::count(told.begin(), told.end(), '\n') == 19);
}

}  // namespace
}  // namespace coldpitch
