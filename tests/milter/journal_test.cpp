// SPDX-License-Identifier: MIT
#include "milter/journal.h"

#include <sys/stat.h>

#include <cstdio>

#include "milter/log.h"
#include "tests/support/catch.h"

using namespace coldpitch;

TEST_CASE("the entry of a line has its keys as fields") {
  const std::vector<std::string> entry =
      journal_entry("info", 6, "qid=4ABC verdict=pitch rules=offer,ask fault=history fault=verify ms=1.50");
  REQUIRE(entry.size() == 9);
  CHECK(entry[0] ==
        "MESSAGE=level=info qid=4ABC verdict=pitch rules=offer,ask fault=history fault=verify ms=1.50");
  CHECK(entry[1] == "PRIORITY=6");
  CHECK(entry[2].starts_with("SYSLOG_IDENTIFIER="));
  CHECK(std::vector(entry.begin() + 3, entry.end()) ==
        std::vector<std::string>{"COLDPITCH_QID=4ABC", "COLDPITCH_VERDICT=pitch", "COLDPITCH_RULES=offer,ask",
                                 "COLDPITCH_FAULT=history", "COLDPITCH_FAULT=verify", "COLDPITCH_MS=1.50"});
}

TEST_CASE("a value with spaces, quotes or line ends makes no field of its own") {
  const std::string hostile = "a\" PRIORITY=0 qid=\"forged\nMESSAGE=other";
  const std::vector<std::string> entry =
      journal_entry("warning", 4, "detail=" + log_value(hostile) + " kind=x");
  REQUIRE(entry.size() == 5);
  CHECK(entry[3] == "COLDPITCH_DETAIL=a\" PRIORITY=0 qid=\"forged\\nMESSAGE=other");
  CHECK(entry[4] == "COLDPITCH_KIND=x");
}

TEST_CASE("a backslash before the closing quote does not open the value again") {
  const std::vector<std::string> entry = journal_entry("info", 6, "from=" + log_value("a b\\") + " kind=x");
  REQUIRE(entry.size() == 5);
  CHECK(entry[3] == "COLDPITCH_FROM=a b\\\\");
  CHECK(entry[4] == "COLDPITCH_KIND=x");
}

TEST_CASE("what is no pair makes no field") {
  CHECK(journal_entry("info", 6, "").size() == 3);
  CHECK(journal_entry("info", 6, "words alone").size() == 3);
  CHECK(journal_entry("info", 6, "=value UPPER=1 open=\"no end").back() == "COLDPITCH_OPEN=no end");
  CHECK(journal_entry("info", 6, "=value UPPER=1 open=\"no end").size() == 4);
}

TEST_CASE("the journal is told by the device and inode of the stream") {
  std::FILE* file = std::tmpfile();
  REQUIRE(file != nullptr);
  struct stat status {};
  REQUIRE(fstat(fileno(file), &status) == 0);
  const std::string device = std::to_string(status.st_dev) + ':';
  CHECK(is_journal_stream(fileno(file), (device + std::to_string(status.st_ino)).c_str()));
  CHECK_FALSE(is_journal_stream(fileno(file), (device + std::to_string(status.st_ino + 1)).c_str()));
  CHECK_FALSE(is_journal_stream(fileno(file), nullptr));
  CHECK_FALSE(is_journal_stream(-1, device.c_str()));
  std::fclose(file);
}
