// SPDX-License-Identifier: MIT
#include "cli/mail_source.h"

#include <archive.h>
#include <archive_entry.h>

#include <filesystem>
#include <fstream>

#include "cli/mail_file.h"
#include "tests/cli/test_folder.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using coldpitch::test::TestFolder;

namespace {

namespace fs = std::filesystem;

/// Packs `files` (name, octets) with libarchive: one file and `format` raw is mere compression.
void pack(const std::string& path, const char* format, const char* filter,
          const std::vector<std::pair<std::string, std::string>>& files) {
  archive* handle = archive_write_new();
  REQUIRE(archive_write_set_format_by_name(handle, format) == ARCHIVE_OK);
  if (filter != nullptr) REQUIRE(archive_write_add_filter_by_name(handle, filter) == ARCHIVE_OK);
  REQUIRE(archive_write_open_filename(handle, path.c_str()) == ARCHIVE_OK);
  for (const auto& [name, octets] : files) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_entry_set_size(entry, static_cast<la_int64_t>(octets.size()));
    REQUIRE(archive_write_header(handle, entry) == ARCHIVE_OK);
    REQUIRE(archive_write_data(handle, octets.data(), octets.size()) ==
            static_cast<la_ssize_t>(octets.size()));
    archive_entry_free(entry);
  }
  REQUIRE(archive_write_close(handle) == ARCHIVE_OK);
  archive_write_free(handle);
}

const std::string kMbox =
    "From a Thu Oct 15 09:00:00 2026\nSubject: m1\n\nOne\n\nFrom a Thu Oct 15 09:00:01 2026\nSubject: "
    "m2\n\n>From x\n";

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
  const TestFolder folder;
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
  const TestFolder folder;
  folder.write("ok.eml", "Subject: ok\n\n");
  const Visit seen = visit({folder.at("absent.eml"), folder.at("ok.eml")});
  CHECK(seen.unreadable == std::vector<std::string>{folder.at("absent.eml")});
  CHECK(seen.octets == std::vector<std::string>{"Subject: ok\n\n"});
}

TEST_CASE("a message is read up to one octet past the limit") {
  const TestFolder folder;
  for (const std::size_t size : {99U, 100U, 101U, 5000U}) {
    folder.write("m.eml", std::string(size, 'a'));
    CHECK(visit({folder.at("m.eml")}, 100).octets.at(0).size() == std::min<std::size_t>(size, 101));
  }
}

TEST_CASE("an mbox is found the same however it is fed") {
  std::vector<Span> whole;
  MboxScanner all([&](Span span) { whole.push_back(span); });
  all.feed(kMbox);
  all.finish();
  REQUIRE(whole.size() == 2);
  CHECK(kMbox.substr(whole[0].begin, whole[0].size()) == "Subject: m1\n\nOne\n");
  for (const std::size_t piece : {1U, 2U, 7U, 33U}) {
    std::vector<Span> found;
    MboxScanner scanner([&](Span span) { found.push_back(span); });
    for (std::size_t at = 0; at < kMbox.size(); at += piece)
      scanner.feed(std::string_view(kMbox).substr(at, piece));
    scanner.finish();
    CHECK(found == whole);
  }
}

TEST_CASE("one message of an mbox can be named") {
  const TestFolder folder;
  folder.write("m.mbox", kMbox);
  folder.write("odd#1", "Subject: a file of that name\n\n");
  CHECK(visit({folder.at("m.mbox#2")}).octets == std::vector<std::string>{"Subject: m2\n\nFrom x\n"});
  CHECK(visit({folder.at("m.mbox#2")}).paths == std::vector<std::string>{folder.at("m.mbox#2")});
  CHECK(visit({folder.at("odd#1")}).octets.size() == 1);
  CHECK(visit({folder.at("m.mbox#3")}).unreadable == std::vector<std::string>{folder.at("m.mbox")});
}

TEST_CASE("packed mail is read as if it lay there") {
  const TestFolder folder;
  const std::vector<std::string> both = {"Subject: m1\n\nOne\n", "Subject: m2\n\nFrom x\n"};
  for (const char* filter : {"gzip", "xz", "zstd", "bzip2"}) {
    CAPTURE(filter);
    pack(folder.at("packed"), "raw", filter, {{"x", kMbox}});
    const Visit seen = visit({folder.at("packed")});
    CHECK(seen.octets == both);
    CHECK(seen.paths == std::vector<std::string>{folder.at("packed#1"), folder.at("packed#2")});
    pack(folder.at("packed"), "raw", filter, {{"x", "Subject: one\n\n" + std::string(3000, 'a')}});
    CHECK(visit({folder.at("packed")}).paths == std::vector<std::string>{folder.at("packed")});
    CHECK(visit({folder.at("packed")}, 1000).octets.at(0).size() == 1001);
  }
  for (const char* format : {"ustar", "zip"}) {
    CAPTURE(format);
    pack(folder.at("packed"), format, nullptr,
         {{"../in/a.eml", "Subject: a\n\n"}, {"/all.mbox", kMbox}, {"empty", ""}});
    const Visit seen = visit({folder.at("packed")});
    CHECK(seen.paths == std::vector<std::string>{folder.at("packed") + "/../in/a.eml",
                                                 folder.at("packed") + "//all.mbox#1",
                                                 folder.at("packed") + "//all.mbox#2"});
    CHECK(seen.octets.at(2) == both[1]);
    CHECK_FALSE(fs::exists(folder.at("../in/a.eml")));
  }
}

TEST_CASE("damaged and overlong packed files are told") {
  const TestFolder folder;
  pack(folder.at("whole.gz"), "raw", "gzip", {{"x", kMbox + std::string(100000, 'x')}});
  CHECK(MailFile::open(folder.at("whole.gz"), 200000));
  const Result<MailFile> overlong = MailFile::open(folder.at("whole.gz"), 50000);
  REQUIRE_FALSE(overlong);
  CHECK(overlong.error().code == Code::limit);
  folder.write("bad.gz",
               std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03garbage that is no deflate stream at all", 50));
  CHECK(visit({folder.at("bad.gz")}).unreadable == std::vector<std::string>{folder.at("bad.gz")});
}
