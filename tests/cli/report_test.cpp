// SPDX-License-Identifier: MIT
#include "cli/report.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/log_line.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'760'340'000)};  // 2025-10-13T07:20:00Z
constexpr std::chrono::hours kDay{24};

Report empty_report() {
  Report report;
  report.since = kNow - 7 * kDay;
  report.until = kNow;
  return report;
}

Event event(EventKind kind, const std::string& person, TimePoint time, const std::string& verdict = "",
            EventSource source = EventSource::mail, const std::string& user = "u1") {
  Event made;
  made.kind = kind;
  made.time = time;
  made.user = user;
  made.person = person;
  made.verdict = verdict;
  made.source = source;
  return made;
}

}  // namespace

TEST_CASE("a line of the log is read as the milter, the journal and syslog write it") {
  const std::string said =
      "qid=4Q verdict=pitch score=6.2 channel=direct action=fold clauses=commercial,unwanted "
      "rules=a,b:shadow ms=1.50";
  for (const std::string& line : {"2025-10-12T22:24:41.361+00:00 level=info " + said,
                                  "2025-10-12T22:24:41+0000 mx coldpitch-milter[12]: level=info " + said,
                                  "2025-10-13T00:24:41+0200 mx coldpitch-milter[12]: level=info " + said,
                                  "Oct 12 22:24:41 mx coldpitch-milter[12]: level=info " + said}) {
    CAPTURE(line);
    const std::optional<LogLine> parsed = parse_log_line(line, kNow);
    REQUIRE(parsed);
    CHECK(parsed->time == parse_rfc3339("2025-10-12T22:24:41Z"));
    CHECK(parsed->get("clauses") == "commercial,unwanted");
    CHECK(parsed->get("ms") == "1.50");
    CHECK(parsed->get("absent").empty());
  }
  // A day to come is one of last year.
  CHECK(parse_log_line("Dec  1 10:00:00 mx x: " + said, kNow)->time == parse_rfc3339("2024-12-01T10:00:00Z"));
  CHECK_FALSE(parse_log_line("2025-10-12T22:24:41+00:00 level=info configuration read", kNow));
  CHECK_FALSE(parse_log_line("", kNow));
  CHECK_FALSE(parse_log_line("no time at all: " + said, kNow)->time);
  const std::optional<LogLine> quoted =
      parse_log_line("qid=1 verdict=none exempt=\"a \\\"b\\\" c=d\" from=\"x verdict=pitch\" open=\"", kNow);
  REQUIRE(quoted);
  CHECK(quoted->get("exempt") == "a \"b\" c=d");
  CHECK(quoted->get("verdict") == "none");
}

TEST_CASE("a log is counted by clause, channel, offer, network and rule") {
  std::istringstream log(
      "2025-10-12T10:00:00+00:00 level=info qid=1 verdict=pitch score=6.0 channel=direct action=fold "
      "clauses=commercial,untargeted "
      "rules=seo,ask,trial:shadow recipients=1 net=192.0.2.0/24 ms=1.00\n"
      "2025-10-12T11:00:00+00:00 level=info qid=2 verdict=repeat-pitch score=9.0 channel=linkedin "
      "action=fold clauses=commercial "
      "rules=seo recipients=1 net=192.0.2.0/24 ms=3.00\n"
      "2025-10-12T12:00:00+00:00 level=info qid=3 verdict=none score=0.0 channel=direct action=annotate "
      "exempt=known-contact "
      "rules=trial:shadow recipients=1 fault=history ms=2.00\n"
      "2025-09-12T12:00:00+00:00 level=info qid=4 verdict=pitch score=6.0 channel=direct ms=2.00\n"
      "2025-10-12T12:00:00+00:00 level=warning something else\n");
  Report report = empty_report();
  read_log(log, nullptr, report);
  CHECK(report.lines == 3);
  CHECK(report.messages == std::array<std::size_t, 4>{1, 0, 1, 1});
  CHECK(report.clauses.counts.of("commercial") == 2);
  CHECK(report.channels.counts.of("linkedin") == 1);
  CHECK(report.networks.counts.of("192.0.2.0/24") == 2);
  CHECK(report.rules.counts.of("seo") == 2);
  CHECK(report.rules.counts.of("trial") == 0);
  CHECK(report.shadows.counts.of("trial") == 2);
  CHECK(report.exempt.of("known-contact") == 1);
  CHECK(report.faults.of("history") == 1);
  CHECK(report.actions.of("fold") == 2);
  CHECK(report.median_ms == 2.0);
  CHECK(report.slow_ms == 3.0);
}

TEST_CASE("the store tells who pitches most and what users said") {
  const std::unique_ptr<Store> store = open_memory_store();
  for (int i = 0; i < 3; ++i) {
    REQUIRE(store->record(event(EventKind::inbound, "jane", kNow - kDay * i, "pitch", EventSource::mail,
                                "u" + std::to_string(i % 2))));
  }
  REQUIRE(store->record(event(EventKind::inbound, "jane", kNow - kDay, "none")));
  REQUIRE(store->record(event(EventKind::inbound, "bob", kNow - kDay, "repeat-pitch")));
  REQUIRE(store->record(event(EventKind::inbound, "bob", kNow - 30 * kDay, "pitch")));
  REQUIRE(store->record(event(EventKind::inbound, "friend", kNow - kDay, "none")));
  REQUIRE(store->record(event(EventKind::cleared, "friend", kNow - kDay, "", EventSource::user)));
  REQUIRE(store->record(event(EventKind::stop, "bob", kNow - kDay, "", EventSource::user)));
  REQUIRE(store->record(event(EventKind::stop, "bob", kNow - kDay)));
  REQUIRE(store->record(event(EventKind::reported, "bob", kNow - kDay, "", EventSource::user)));
  REQUIRE(store->record(event(EventKind::outbound, "friend", kNow - kDay)));
  Report report = empty_report();
  REQUIRE(read_store(*store, report));
  CHECK(report.events == std::array<std::size_t, 4>{2, 0, 3, 1});
  REQUIRE(report.senders.size() == 2);
  CHECK(report.senders[0].key == "jane");
  CHECK(report.senders[0].pitches == 3);
  CHECK(report.senders[0].messages == 4);
  CHECK(report.senders[0].recipients == 2);
  CHECK(report.senders[0].last == kNow);
  CHECK(report.senders[1].pitches == 1);
  CHECK(report.said_wanted == 1);
  CHECK(report.said_stop == 1);
  CHECK(report.stops_in_mail == 1);
  CHECK(report.said_pitch == 1);
}

TEST_CASE("senders are hashes until the secret and their names are given") {
  const Keyring keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{7});
  const Keyring other(std::array<std::uint8_t, Keyring::kSecretOctets>{8});
  const std::unique_ptr<Store> store = open_memory_store();
  REQUIRE(
      store->record(event(EventKind::inbound, keyring.key("mail:jane@shop.example"), kNow - kDay, "pitch")));
  Report report = empty_report();
  REQUIRE(read_store(*store, report));
  CHECK(report_as_text(report, Terminal(false, 80)).find("jane") == std::string::npos);
  CHECK(report_as_text(report, Terminal(false, 80)).find(report.senders[0].key.substr(0, 8)) !=
        std::string::npos);
  CHECK(report_as_json(report).find(report.senders[0].key) == std::string::npos);
  name_senders({"jane@shop.example"}, other, report);
  CHECK(report.senders[0].name.empty());
  name_senders({"nobody", "bob@shop.example", "Jane@Shop.example"}, keyring, report);
  CHECK(report.senders[0].name == "Jane@Shop.example");
  CHECK(report_as_text(report, Terminal(false, 80)).find("Jane@Shop.example") != std::string::npos);
}

TEST_CASE("a report is text, JSON or a page, and a hostile log stays text in all") {
  std::istringstream log(
      "2025-10-12T10:00:00+00:00 qid=1 verdict=pitch channel=<script>alert(1)</script> action=\"\x1B[2J\" "
      "clauses=<b> rules=<img ms=1\n");
  Report report = empty_report();
  read_log(log, nullptr, report);
  const std::string text = report_as_text(report, Terminal(false, 80));
  CHECK(text.find('\x1B') == std::string::npos);
  const std::string page = report_as_html(report);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("<img") == std::string::npos);
  CHECK(page.find("<svg") != std::string::npos);
  const auto json = nlohmann::json::parse(report_as_json(report));
  CHECK(json["log"]["verdicts"]["pitch"] == 1);
  CHECK_FALSE(json.contains("history"));
}
