// SPDX-License-Identifier: MIT
#include "cli/mail_source.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("coldpitch-source-" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, const std::string& octets) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << octets;
  }
  [[nodiscard]] std::string at(const std::string& name = "") const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::vector<std::string> split_all(std::string_view mbox) {
  std::vector<std::string> messages;
  split_mbox(mbox, [&](std::string_view message) { messages.emplace_back(message); });
  return messages;
}

struct Visit {
  std::vector<std::string> paths, octets, unreadable;
};

Visit visit(const std::vector<std::string>& paths, std::size_t max_octets = 1000) {
  Visit seen;
  visit_mail(paths, max_octets,
             {[&](const SourceMessage& message) {
                seen.paths.push_back(message.path);
                seen.octets.push_back(message.octets);
              },
              [&](const std::string& path, const std::string&) { seen.unreadable.push_back(path); }});
  return seen;
}

}  // namespace

TEST_CASE("an mbox is told from a message that begins with From") {
  CHECK(looks_like_mbox("From jane@example.org Thu Oct 15 09:00:00 2026\nSubject: x\n\n"));
  CHECK(looks_like_mbox("From - Thu Oct 15 09:00:00 2026\r\nX-Mozilla-Status: 0001\r\n\r\n"));
  CHECK_FALSE(looks_like_mbox("From: jane@example.org\nSubject: x\n\n"));
  CHECK_FALSE(looks_like_mbox("From here on all is text\n\n"));
  CHECK_FALSE(looks_like_mbox("From jane@example.org Thu Oct 15 09:00:00 2026\nno field\n"));
  CHECK_FALSE(looks_like_mbox(""));
}

TEST_CASE("an mbox is split at From lines behind an empty line") {
  const std::string mbox =
      "From a@example.org Thu Oct 15 09:00:00 2026\nSubject: 1\n\nOne\nFrom b 10:00:00 is text here\n>From "
      "c\n\n"
      "From b@example.org Thu Oct 15 10:00:00 2026\nSubject: 2\n\nTwo\n";
  const std::vector<std::string> expected = {"Subject: 1\n\nOne\nFrom b 10:00:00 is text here\n>From c\n",
                                             "Subject: 2\n\nTwo\n"};
  CHECK(split_all(mbox) == expected);
  CHECK(split_all("").empty());
}

TEST_CASE("mboxrd quoting is taken off by one") {
  CHECK(unquote_mbox(">From a\n>>From b\n> From c\nFrom d\n>Fro\n") ==
        "From a\n>From b\n> From c\nFrom d\n>Fro\n");
}

TEST_CASE("folders are walked in order, Maildirs too, and mailbox files are opened up") {
  const Folder folder;
  folder.write("b.eml", "Subject: b\n\n");
  folder.write("a/1.eml", "Subject: a1\n\n");
  folder.write("md/cur/1:2,S", "Subject: cur\n\n");
  folder.write("md/new/2", "Subject: new\n\n");
  folder.write("md/tmp/3", "Subject: half\n\n");
  folder.write("md/dovecot.index", "x");
  folder.write(".hidden", "x");
  folder.write(
      "c.mbox",
      "From a Thu Oct 15 09:00:00 2026\nSubject: m1\n\n\nFrom a Thu Oct 15 09:00:01 2026\nSubject: m2\n\n");
  const Visit seen = visit({folder.at()});
  const std::vector<std::string> expected = {folder.at("a/1.eml"),      folder.at("b.eml"),
                                             folder.at("c.mbox#1"),     folder.at("c.mbox#2"),
                                             folder.at("md/cur/1:2,S"), folder.at("md/new/2")};
  CHECK(seen.paths == expected);
  CHECK(count_files({folder.at(), folder.at("b.eml")}) == 6);
}

TEST_CASE("what cannot be read is told, and the rest goes on") {
  const Folder folder;
  folder.write("ok.eml", "Subject: ok\n\n");
  const Visit seen = visit({folder.at("absent.eml"), folder.at("ok.eml")});
  CHECK(seen.unreadable == std::vector<std::string>{folder.at("absent.eml")});
  CHECK(seen.octets == std::vector<std::string>{"Subject: ok\n\n"});
}

TEST_CASE("a message is read up to one octet past the limit") {
  const Folder folder;
  for (const std::size_t size : {99U, 100U, 101U, 5000U}) {
    folder.write("m.eml", std::string(size, 'a'));
    CHECK(visit({folder.at("m.eml")}, 100).octets.at(0).size() == std::min<std::size_t>(size, 101));
  }
}
