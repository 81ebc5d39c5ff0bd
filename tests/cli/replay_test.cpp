// SPDX-License-Identifier: MIT
#include "cli/replay.h"

#include <filesystem>
#include <fstream>

#include "cli/progress.h"
#include "cli/replay_state.h"
#include "cli/replay_summary.h"
#include "cli/since.h"
#include "tests/cli/test_folder.h"
#include "tests/cli/test_policy.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using coldpitch::test::test_snapshot;
using coldpitch::test::TestFolder;

namespace {

std::string date_of(int minute) {
  char text[64];
  std::snprintf(text, sizeof text, "Mon, 05 Oct 2026 %02d:%02d:00 +0000", minute / 60, minute % 60);
  return text;
}

std::string mail(int minute, const std::string& author, const std::string& body,
                 const std::string& more = "") {
  return more + "From: " + author + "\nTo: alex@example.net\nSubject: s" + std::to_string(minute) +
         "\nDate: " + date_of(minute) + "\n\n" + body + "\n";
}

MailIndex index_of(const std::vector<std::string>& archives, std::vector<std::string>* unreadable = nullptr) {
  return MailIndex::build({archives, {}, kMaxUnpackedOctets, {}},
                          {[&](const std::string& path, const std::string&) {
                             if (unreadable != nullptr) unreadable->push_back(path);
                           },
                           {}});
}

std::vector<ReplayRow> replay(const MailIndex& index, const std::vector<std::string>& configurations,
                              std::size_t jobs = 2) {
  ReplayOptions options;
  options.jobs = jobs;
  std::vector<ReplaySide> sides;
  for (const std::string& configuration : configurations)
    sides.push_back({test_snapshot(configuration), open_memory_store()});
  const Keyring keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{1});
  ReplayRun run(index, options, sides, keyring);
  std::vector<ReplayRow> rows;
  run.run(0, [&](ReplayedMessage& message) { rows.push_back(row_of(message, index)); });
  return rows;
}

std::vector<std::string> subjects(const std::vector<ReplayRow>& rows) {
  std::vector<std::string> list;
  for (const ReplayRow& row : rows) list.push_back(row.subject);
  return list;
}

/// Many messages of few senders, so that most have a history; scores 0 to 4.5 and more.
void fill(const TestFolder& folder, int messages) {
  const std::array<const char*, 5> bodies{"Cheap apples! Call me.", "Apples. Call me.", "Call me.",
                                          "The rota is ready.", "Cheap apples!"};
  for (int i = 0; i < messages; ++i) {
    const int minute = (i * 37) % 1400;  // not in the order of files
    folder.write("in/" + std::to_string(i) + ".eml",
                 mail(minute, "s" + std::to_string(i % 11) + "@shop.example",
                      bodies[static_cast<std::size_t>(i) % 5]));
  }
}

}  // namespace

TEST_CASE("an index holds all messages in the order of their dates") {
  const TestFolder folder;
  folder.write("Maildir/cur/a", mail(30, "a@b.example", "third"));
  folder.write("Maildir/cur/b", mail(10, "a@b.example", "first"));
  folder.write("Maildir/.Drafts/cur/c", mail(15, "a@b.example", "never sent"));
  folder.write("work/in.mbox",
               "From x Mon Oct  5 09:00:00 2026\n" + mail(20, "a@b.example", "second") +
                   "\nFrom x Mon Oct  5 09:00:00 2026\nSubject: undated\n\nafter the second\n");
  // Received says when it came; a clock that is a year ahead does not count.
  folder.write("work/late.eml", "Received: from x by y; " + date_of(5) +
                                    "\nSubject: early\nDate: Tue, 05 Oct 2027 00:00:00 +0000\n\nx\n");
  std::vector<std::string> unreadable;
  const MailIndex index =
      index_of({folder.at("Maildir"), folder.at("work"), folder.at("absent")}, &unreadable);
  std::vector<std::string> found;
  for (std::size_t i = 0; i < index.size(); ++i) found.push_back(index.path(i));
  const std::vector<std::string> expected{folder.at("work/late.eml"), folder.at("Maildir/cur/b"),
                                          folder.at("work/in.mbox#1"), folder.at("work/in.mbox#2"),
                                          folder.at("Maildir/cur/a")};
  CHECK(found == expected);
  CHECK(index.folder(1) == "Maildir");
  CHECK(index.folder(2) == "in.mbox");
  CHECK(index.date(2) == index.date(3));
  CHECK(unreadable == std::vector<std::string>{folder.at("absent")});
}

TEST_CASE("folders are named as people name them") {
  CHECK(folder_name("/home/a/Maildir", "/home/a/Maildir/cur/1:2,S", false) == "Maildir");
  CHECK(folder_name("/home/a/Maildir/", "/home/a/Maildir/.Sent/new/1", false) == ".Sent");
  CHECK(folder_name("/home/a/mail", "/home/a/mail/x/y/1.eml", false) == "x/y");
  CHECK(folder_name("/home/a/mail", "/home/a/mail/x/in.mbox", true) == "x/in.mbox");
  CHECK(folder_name("/home/a/in.mbox", "/home/a/in.mbox", true) == "in.mbox");
  CHECK(folder_name("/a/b.tar.gz", "/a/b.tar.gz/in/cur/1", false) == "in");
  for (const char* name : {"Sent", ".Sent Items", "INBOX.Gesendet", "sent.mbox", "mail/Sent.mbox.gz",
                           ".Envoy&AOk-s", "[Gmail]/Sent Mail"}) {
    CAPTURE(name);
    CHECK(is_sent_folder(name));
  }
  for (const char* name : {"INBOX", "Presented", ".Archive", "sent-by-others", ""})
    CHECK_FALSE(is_sent_folder(name));
  CHECK(is_drafts_folder(".Drafts"));
}

TEST_CASE("a message is judged with the history before it, whatever the order of files") {
  const TestFolder folder;
  folder.write("in/1.eml", mail(50, "s@shop.example", "Cheap apples! Call me."));
  folder.write("in/2.eml", mail(10, "s@shop.example", "Cheap apples! Call me."));
  folder.write("Sent/1.eml", "From: alex@example.net\nTo: known@shop.example\nDate: " + date_of(20) +
                                 "\n\nHello there, how are you?\n");
  folder.write("in/3.eml",
               mail(15, "known@shop.example", "Cheap apples! Call me.",
                    "Authentication-Results: mx.example.net; dmarc=pass header.from=shop.example\n"));
  folder.write("in/4.eml",
               mail(30, "known@shop.example", "Cheap apples! Call me.",
                    "Authentication-Results: mx.example.net; dmarc=pass header.from=shop.example\n"));
  const std::vector<ReplayRow> rows = replay(index_of({folder.at()}), {""});
  REQUIRE(subjects(rows) == std::vector<std::string>{"s10", "s15", "", "s30", "s50"});
  CHECK(rows[0].sides[0].level == Level::pitch);
  CHECK(rows[1].sides[0].level == Level::pitch);  // nobody had written to them yet
  CHECK(rows[2].channel == Channel::outbound);
  CHECK(rows[3].sides[0].exempt == "known-contact");
  CHECK(rows[4].sides[0].level == Level::repeat_pitch);
}

TEST_CASE("a replay on many threads says what a serial one says") {
  const TestFolder folder;
  fill(folder, 300);
  const MailIndex index = index_of({folder.at()});
  const std::vector<ReplayRow> serial =
      replay(index, {"", "profiles: [{match: ['*'], thresholds: {pitch: 4.6}}]\n"}, 1);
  REQUIRE(serial.size() == 300);
  CHECK(std::count_if(serial.begin(), serial.end(), [](const ReplayRow& row) { return row.is_changed(); }) >
        10);
  for (const std::size_t jobs : {2U, 7U}) {
    CHECK(replay(index, {"", "profiles: [{match: ['*'], thresholds: {pitch: 4.6}}]\n"}, jobs) == serial);
  }
}

TEST_CASE("a what-if of a threshold lists exactly the messages between the two values") {
  const TestFolder folder;
  for (int i = 0; i < 60; ++i) {
    // Each from another sender: nobody has a history.
    const std::array<const char*, 4> bodies{"Cheap apples! Call me.", "Apples. Call me.", "Call me.",
                                            "The rota is ready."};
    folder.write("in/" + std::to_string(i) + ".eml",
                 mail(i, "x@shop" + std::to_string(i) + ".example", bodies[static_cast<std::size_t>(i) % 4]));
  }
  const std::vector<ReplayRow> rows =
      replay(index_of({folder.at()}), {"", "profiles: [{match: ['*'], thresholds: {pitch: 3.0}}]\n"});
  ReplaySummary summary;
  summary.sides = 2;
  for (const ReplayRow& row : rows) {
    summary.add(row);
    const double score = row.sides[0].score;
    CHECK(row.sides[1].score == score);
    CHECK(row.is_changed() == (score >= 3.0 && score < 4.0));
    if (row.is_changed()) CHECK(row.cause == ChangeCause::policy);
  }
  CHECK(summary.changed == 15);
  CHECK(summary.new_pitches == 15);
  CHECK(summary.rows.size() == 15);
  CHECK(summary.by_history == 0);
}

TEST_CASE("a change by history is told from one by policy") {
  const TestFolder folder;
  folder.write("1.eml", mail(1, "s@shop.example", "Apples. Call me."));  // 3.5: a pitch for one of the two
  folder.write("2.eml",
               mail(2, "s@shop.example", "Apples today"));  // 2.0, and 2.5 more after an unanswered pitch
  const std::vector<ReplayRow> rows =
      replay(index_of({folder.at()}), {"", "profiles: [{match: ['*'], thresholds: {pitch: 3.2}}]\n"});
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].cause == ChangeCause::policy);
  CHECK(rows[1].cause == ChangeCause::history);
  CHECK(rows[1].is_new_pitch());
}

TEST_CASE("a replay that was broken off goes on to the same end") {
  const TestFolder folder;
  fill(folder, 120);
  const MailIndex index = index_of({folder.at("in")});
  ReplayOptions options;
  options.state = folder.at("state");
  const Keyring keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{1});
  const auto run_until = [&](std::size_t last, std::vector<ReplayRow>& rows) {
    auto store = std::make_unique<JournalStore>(open_memory_store());
    JournalStore* journal = store.get();
    std::vector<ReplaySide> sides;
    sides.push_back({test_snapshot(), std::move(store)});
    Result<ReplayState> state = ReplayState::open(options.state, "fingerprint");
    REQUIRE(state);
    const Result<std::size_t> done =
        state->restore([&](const ReplayRecord& record, const std::vector<std::vector<Event>>& events) {
          for (const Event& event : events.at(0)) REQUIRE(journal->record(event));
          (void)journal->take_journal();
          rows.push_back(record.row);
        });
    REQUIRE(done);
    struct Broken {};
    try {
      ReplayRun(index, options, sides, keyring).run(*done, [&](ReplayedMessage& message) {
        if (message.number >= last) throw Broken();
        rows.push_back(row_of(message, index));
        REQUIRE(state->append({rows.back(), "", "", true}, {journal->take_journal()}));
      });
    } catch (const Broken&) {
    }
    return *done;
  };
  std::vector<ReplayRow> rows;
  CHECK(run_until(50, rows) == 0);
  // The machine went down in the middle of a line.
  std::filesystem::resize_file(options.state, std::filesystem::file_size(options.state) - 10);
  rows.clear();
  CHECK(run_until(1000, rows) == 49);
  CHECK(rows == replay(index, {""}));
  CHECK_FALSE(ReplayState::open(options.state, "another"));
}

TEST_CASE("every field of an event comes back from a state") {
  const TestFolder folder;
  Event event;
  event.kind = EventKind::reported;
  event.time = TimePoint(std::chrono::seconds(1'760'340'000));
  event.user = "u";
  event.person = "p";
  event.organisation = "o";
  event.message_id = "m";
  event.verdict = "pitch";
  event.score = 6.123456789012345;
  event.authenticated = true;
  event.source = EventSource::user;
  event.traces = {"t1", "t2"};
  event.routes = {"r"};
  event.sketch = TextSketch{~std::uint64_t{0}, {1, 2, 3, ~std::uint64_t{0}}};
  ReplayRecord record;
  record.row.path =
      "in/\xFF"
      "1.eml";  // a file name need not be UTF-8
  record.row.sides = {{Level::pitch, 6.123456789012345, Mode::fold, "e", "r", {{"x", 0.1}}, {"c"}}};
  record.row.channel = Channel::linkedin;
  record.row.cause = ChangeCause::history;
  Result<ReplayState> state = ReplayState::open(folder.at("state"), "f");
  REQUIRE(state);
  REQUIRE(state->append(record, {{event}, {}}));
  std::size_t seen = 0;
  REQUIRE(state->restore([&](const ReplayRecord& kept, const std::vector<std::vector<Event>>& events) {
    ++seen;
    REQUIRE(events.size() == 2);
    CHECK(events[0] == std::vector<Event>{event});
    CHECK(kept.row.sides == record.row.sides);
    CHECK(kept.row.cause == ChangeCause::history);
  }));
  CHECK(seen == 1);
}

TEST_CASE("the summary counts, and shows nothing of a message as it is") {
  ReplaySummary summary;
  summary.before = "a.yaml";
  ReplayRow row;
  row.path = "in/1.eml";
  row.folder = "in";
  row.sender = "<script>@shop.example";
  row.subject = "\x1B[2J</pre><script>alert(1)</script>";
  row.date = TimePoint(std::chrono::seconds(1'760'340'000));
  row.page = "r-messages/1.html";
  SideResult side;
  side.level = Level::pitch;
  side.score = 4.5;
  side.rules = {{"offer", 3.0}, {"ask", 1.5}};
  side.clauses = {"commercial"};
  row.sides = {side};
  summary.add(row);
  row.sides.clear();
  summary.add(row);
  CHECK(summary.messages == 2);
  CHECK(summary.unreadable == 1);
  const std::string text = summary_as_text(summary, Terminal(false, 80), 10);
  CHECK(text.find('\x1B') == std::string::npos);
  CHECK(text.find("pitch                 1") != std::string::npos);
  CHECK(text.find("3.0") == std::string::npos);
  const std::string page = summary_as_html(summary);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("href=\"r-messages/1.html\"") != std::string::npos);
}

TEST_CASE("a replay says which server's word would prove LinkedIn's mail") {
  const TestFolder folder;
  const char* const author = "Jane <inmail-hit-reply@linkedin.com>";
  const std::string results = "; dkim=pass header.d=linkedin.com\n";
  folder.write("1.eml", mail(1, author, "Hi", "Authentication-Results: mx.inbox.example" + results));
  folder.write("2.eml", mail(2, author, "Hi", "Authentication-Results: MX.inbox.example" + results));
  folder.write("3.eml", mail(3, author, "Hi"));
  folder.write("4.eml", mail(4, "x@shop.example", "Hi"));
  folder.write("5.eml",
               mail(5, author, "Hi", "Authentication-Results: mx.example.net" + results));  // trusted
  ReplaySummary summary;
  for (const ReplayRow& row : replay(index_of({folder.at()}), {""})) summary.add(row);
  const std::string advice = advice_on_trust(summary);
  CHECK_THAT(advice, ContainsSubstring("3 messages say they are LinkedIn's"));
  CHECK_THAT(advice, ContainsSubstring("2 carry a result of mx.inbox.example."));
  CHECK_THAT(advice, ContainsSubstring("--authserv-id mx.inbox.example,"));
  CHECK_THAT(summary_as_html(summary), ContainsSubstring("--authserv-id mx.inbox.example"));
  CHECK(advice_on_trust({}).empty());

  // A host that is none is not repeated.
  ReplaySummary hostile;
  hostile.unproved.add("<script>");
  CHECK_THAT(advice_on_trust(hostile), ContainsSubstring("1 message says it is LinkedIn's"));
  CHECK(advice_on_trust(hostile).find("script") == std::string::npos);
}

TEST_CASE("time is shown in steps that fit") {
  const auto day = [](int number) {
    return TimePoint(std::chrono::seconds(1'760'313'600 + 86'400LL * number));
  };  // 2025-10-13, a Monday
  TimeSeries days;
  days.add(day(0));
  days.add(day(2), 3);
  REQUIRE(days.steps().size() == 3);
  CHECK(days.steps()[0].label == "2025-10-13");
  CHECK(days.steps()[1].count == 0);
  CHECK(sparkline(days.steps()) == "▂▁▆");
  TimeSeries weeks;
  weeks.add(day(6));
  weeks.add(day(70));
  CHECK(weeks.unit() == TimeSeries::Unit::week);
  CHECK(weeks.steps()[0].label == "2025-10-13");
  CHECK(weeks.steps().size() == 11);
  TimeSeries months;
  months.add(day(0));
  months.add(day(500));
  CHECK(months.unit() == TimeSeries::Unit::month);
  CHECK(months.steps().size() == 17);
  CHECK(months.steps().back().label == "2027-02");
  CHECK(weeks.steps(months).size() == 17);
  CHECK(columns_of(sparkline(months.steps(), 5)) == 5);
  CHECK(sparkline({}).empty());
  CHECK(svg_bars("t", {}, {}).empty());
  CHECK(svg_bars("<t>", days.steps(), {}).find("&lt;t&gt;") != std::string::npos);
}

TEST_CASE("a time may be given as so long ago") {
  const TimePoint now(std::chrono::seconds(1'760'340'000));
  CHECK(parse_since("2d", now) == now - std::chrono::hours(48));
  CHECK(parse_since("4w", now) == now - std::chrono::hours(24 * 28));
  CHECK(parse_since("12h", now) == now - std::chrono::hours(12));
  CHECK(parse_since("2025-10-01", now) == parse_rfc3339("2025-10-01T00:00:00Z"));
  for (const char* text : {"", "d", "2", "2x", "-2d", "2dd", "99999999999d", "yesterday"})
    CHECK_FALSE(parse_since(text, now));
}

TEST_CASE("progress is told in people's units") {
  CHECK(progress_bar(0, 10) == "[........................]   0%");
  CHECK(progress_bar(5, 10) == "[############............]  50%");
  CHECK(progress_bar(11, 10).ends_with("100%"));
  CHECK(duration_text(0.2) == "1 s");
  CHECK(duration_text(200) == "3 min 20 s");
  CHECK(duration_text(7800) == "2 h 10 min");
}
