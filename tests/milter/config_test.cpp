// SPDX-License-Identifier: MIT
#include "milter/config.h"

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

Config read(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const auto config = parse_config(text, "/etc/coldpitch/coldpitch.yaml", diagnostics);
  INFO(format(diagnostics));
  REQUIRE(config);
  return *config;
}

std::string refused(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  const auto config = parse_config(text, "c.yaml", diagnostics);
  CHECK_FALSE(config);
  return format(diagnostics);
}

}  // namespace

TEST_CASE("the text model is the shipped one, none, or a path beside the file") {
  CHECK(read("").model.empty());
  CHECK(read("model: none").model == "none");
  CHECK(read("model: ours.model").model == "/etc/coldpitch/ours.model");
  CHECK(read("model: /srv/ours.model").model == "/srv/ours.model");
  CHECK_THAT(refused("model: ''"), ContainsSubstring("'model' is empty; write a path or none"));
  CHECK_THAT(refused("model: [a]"), ContainsSubstring("1:8"));
}

TEST_CASE("an empty configuration holds the documented defaults") {
  const Config config = read("");
  CHECK(config.listen.for_libmilter() == "unix:/run/coldpitch/milter.sock");
  CHECK(config.trusted_authserv_ids.size() == 1);
  CHECK(config.history.backend == HistoryBackend::sqlite);
  CHECK(config.history.path == "/var/lib/coldpitch/history.db");
  CHECK(config.history.limit == std::chrono::milliseconds(200));
  CHECK(config.history.retention == std::chrono::hours(24 * 548));
  CHECK(config.history.contact == ContactSettings{});
  CHECK(config.policies == std::vector<std::string>{"linkedin-professional-community", "direct-outreach"});
  CHECK(config.linkedin_knowledge == std::vector<std::string>{"notifications"});
  CHECK(config.profile_for("anybody@example.net").mode == Mode::annotate);
  CHECK(config.limits == Limits{});
  CHECK(config.on_fault == OnFault::accept);
  CHECK_FALSE(config.metrics_listen);
  CHECK(config.is_internal_client("127.0.0.1"));
  CHECK(config.is_internal_client("IPv6:::1"));
  CHECK_FALSE(config.is_internal_client("192.0.2.1"));
}

TEST_CASE("every setting is read") {
  const Config config = read(R"(
listen: inet:8894@127.0.0.1
socket_mode: "0600"
socket_group: postfix
authentication: { trusted_authserv_ids: [MX.example.net] }
local_domains: [Example.NET]
internal_networks: [192.0.2.0/24, "2001:db8::/32"]
history: { backend: sqlite, path: state/history.db, secret: state/key, limit: 50 ms, retention: 90 d, follow_ups: 30 d,
           return_after: 2 h, accepted: 7 d, same_text_window: 10 min, same_text_recipients: 5 }
policies: [direct-outreach, mine.yaml]
site: { we_are: [software], we_buy: [trade, seo], not_for_us: lists }
linkedin: { knowledge: [notifications, own/local.yaml] }
on_fault: tempfail
drain: 5 s
profiles:
  - { match: ["*"], mode: fold, thresholds: { pitch: 6.5 }, allow: [Shop.example], block: [spam.example], wanted: events, language: pl }
limits: { message: 2 MiB, mime_depth: 10, mime_parts: 20, text: 64 KiB, recipients: 5, urls: 6, evaluation: 1 s, judged_at_once: 3 }
metrics: { listen: 127.0.0.1:9894 }
log: { level: debug, addresses: true }
)");
  CHECK(config.listen.for_libmilter() == "inet:8894@127.0.0.1");
  CHECK(config.socket_mode == 0600);
  CHECK(config.socket_group == "postfix");
  CHECK(config.trusted_authserv_ids == std::vector<std::string>{"mx.example.net"});
  CHECK(config.is_local_domain("sub.example.net"));
  CHECK_FALSE(config.is_local_domain("notexample.net"));
  CHECK(config.is_internal_client("2001:db8::5"));
  CHECK_FALSE(config.is_internal_client("127.0.0.1"));
  CHECK(config.history.path == "/etc/coldpitch/state/history.db");
  CHECK(config.history.secret == "/etc/coldpitch/state/key");
  CHECK(config.history.limit == std::chrono::milliseconds(50));
  CHECK(config.history.retention == std::chrono::hours(24 * 90));
  CHECK(config.history.follow_ups == std::chrono::hours(24 * 30));
  CHECK(config.history.same_text_window == std::chrono::minutes(10));
  CHECK(config.history.contact == ContactSettings{std::chrono::hours(24 * 7), std::chrono::hours(2), 5});
  CHECK(config.policies == std::vector<std::string>{"direct-outreach", "/etc/coldpitch/mine.yaml"});
  CHECK(config.linkedin_knowledge ==
        std::vector<std::string>{"notifications", "/etc/coldpitch/own/local.yaml"});
  CHECK(config.on_fault == OnFault::tempfail);
  CHECK(config.drain == std::chrono::seconds(5));
  CHECK(config.profiles.at(0).mode == Mode::fold);
  CHECK(config.profiles.at(0).language == "pl");
  CHECK(config.profiles.at(0).thresholds.at(Level::pitch) == 6.5);
  CHECK(config.profiles.at(0).allow.find("jo@shop.example"));
  CHECK(config.profiles.at(0).block.find("jo@mail.spam.example"));
  CHECK_FALSE(config.profiles.at(0).wants_recruiters);
  CHECK(config.profiles.at(0).wants_events);
  CHECK(config.site == Site{{"software"}, {"trade", "seo"}, {"lists"}});
  CHECK(config.limits.message_octets == 2U * 1024 * 1024);
  CHECK(config.limits.mime_depth == 10);
  CHECK(config.limits.mime_parts == 20);
  CHECK(config.limits.text_octets == 64U * 1024);
  CHECK(config.limits.recipients == 5);
  CHECK(config.limits.urls == 6);
  CHECK(config.limits.evaluation == std::chrono::seconds(1));
  CHECK(config.judged_at_once == 3);
  CHECK(config.metrics_listen == "127.0.0.1:9894");
  CHECK(config.log_level == "debug");
  CHECK(config.log_addresses);
}

TEST_CASE("each limit is read into its place, and no other") {
  struct Case {
    std::string_view key;
    std::size_t Limits::*place;
    std::size_t smallest;
    std::size_t most;
  };
  constexpr std::size_t kGiB = std::size_t{1} << 30U;
  const Case cases[] = {
      {"message", &Limits::message_octets, 1024, kGiB},
      {"mime_depth", &Limits::mime_depth, 1, 200},
      {"mime_parts", &Limits::mime_parts, 1, 100'000},
      {"header", &Limits::header_octets, 1024, kGiB},
      {"header_fields", &Limits::header_fields, 1, 1'000'000},
      {"part_header", &Limits::part_header_octets, 1024, kGiB},
      {"field", &Limits::field_octets, 998, kGiB},
      {"boundary", &Limits::boundary_octets, 70, kGiB / 1024},
      {"mailboxes", &Limits::mailboxes, 1, 1'000'000},
      {"text", &Limits::text_octets, 1024, kGiB},
      {"html", &Limits::html_octets, 1024, kGiB},
      {"recipients", &Limits::recipients, 1, 1'000'000},
      {"urls", &Limits::urls, 1, 1'000'000},
      {"connections", &Limits::connections, 1, 100'000},
  };
  const auto text_of = [](const Case& c, std::size_t value) {
    return "limits: { " + std::string(c.key) + ": " + std::to_string(value) + " }";
  };
  for (const Case& c : cases) {
    CAPTURE(c.key);
    for (const std::size_t value : {c.smallest, c.most}) {
      Limits expected;
      expected.*c.place = value;
      CHECK(read(text_of(c, value)).limits == expected);
    }
    for (const std::size_t value : {c.smallest - 1, c.most + 1}) {
      CHECK_THAT(refused(text_of(c, value)), ContainsSubstring(std::string(c.key)));
    }
  }
}

TEST_CASE("the most specific profile holds, whatever the order") {
  const Config config = read(R"(
profiles:
  - { match: ["*"], mode: annotate }
  - { match: [example.net], mode: fold }
  - { match: [sub.example.net], mode: tag }
  - { match: [boss@example.net], mode: "off" }
  - { match: ["@other.example"], mode: reject }
)");
  CHECK(config.profile_for("a@elsewhere.example").mode == Mode::annotate);
  CHECK(config.profile_for("a@example.net").mode == Mode::fold);
  CHECK(config.profile_for("a@deep.sub.example.net").mode == Mode::tag);
  CHECK(config.profile_for("boss@example.net").mode == Mode::off);
  CHECK(config.profile_for("a@other.example").mode == Mode::reject);
  CHECK(config.profile_for("").mode == Mode::annotate);
}

TEST_CASE("each verdict may have its own action") {
  const Config config = read(R"(
allow_discard: true
profiles:
  - { match: [a.example], mode: fold }
  - { match: [b.example], actions: { suspect: tag, pitch: fold, repeat-pitch: reject } }
  - { match: [c.example], mode: tag, actions: { repeat-pitch: discard } }
  - { match: [d.example], mode: quarantine }
  - { match: [e.example], actions: { pitch: quarantine }, quarantine: mailbox, quarantine_mailbox: held@example.net }
  - { match: [f.example], mode: "off" }
)");
  const auto actions = [&](std::string_view domain) {
    const Profile& profile = config.profile_for("user@" + std::string(domain));
    return std::vector<Mode>{profile.action_for(Level::none), profile.action_for(Level::suspect),
                             profile.action_for(Level::pitch), profile.action_for(Level::repeat_pitch)};
  };
  using List = std::vector<Mode>;
  CHECK(actions("a.example") == List{Mode::annotate, Mode::annotate, Mode::fold, Mode::fold});
  CHECK(actions("b.example") == List{Mode::annotate, Mode::tag, Mode::fold, Mode::reject});
  CHECK(actions("c.example") == List{Mode::annotate, Mode::annotate, Mode::tag, Mode::discard});
  CHECK(actions("d.example") ==
        List{Mode::annotate, Mode::annotate, Mode::quarantine_hold, Mode::quarantine_hold});
  CHECK(actions("e.example") ==
        List{Mode::annotate, Mode::annotate, Mode::quarantine_mailbox, Mode::quarantine_mailbox});
  CHECK(actions("f.example") == List{Mode::off, Mode::off, Mode::off, Mode::off});
  CHECK(actions("other.example") == List{Mode::annotate, Mode::annotate, Mode::annotate, Mode::annotate});
}

TEST_CASE("actions that are hardly meant are allowed with a warning") {
  const std::pair<const char*, const char*> rows[] = {
      {"{ suspect: fold, pitch: annotate }", "a milder verdict gets a harsher action"},
      {"{ pitch: reject, repeat-pitch: fold }", "a milder verdict gets a harsher action"},
      {"{ suspect: reject, pitch: reject }", "'suspect' mail is lost"},
  };
  for (const auto& [actions, warning] : rows) {
    std::vector<Diagnostic> diagnostics;
    const std::string text = std::string("profiles:\n  - { match: ['*'], actions: ") + actions + " }\n";
    CHECK(parse_config(text, "c.yaml", diagnostics));
    CHECK_THAT(format(diagnostics), ContainsSubstring(warning));
  }
}

TEST_CASE("what is wrong is named with its place") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row rows[] = {
      {"polices: [direct-outreach]", "c.yaml:1:1: error: "},
      {"polices: [direct-outreach]", "policies"},
      {"linkedin: { knowlege: [a] }", "knowledge"},
      {"listen: tcp:1", "c.yaml:1:9: error: 'listen' must be"},
      {"lists: [any, dev.lists.example]", "'any' is no List-Id"},
      {"lists: <dev.lists.example>", "is no List-Id"},
      {"socket_mode: 999", "'socket_mode' must be octal"},
      {"history: { retention: 1 h }", "'retention' must be a time"},
      {"history: { same_text_recipients: 1 }", "'same_text_recipients' must be a whole number from 2 to 100"},
      {"history: { backend: mysql }", "'backend' must be sqlite, postgresql, memory or none"},
      {"history: { backend: postgresql }", "uri"},
      {"history: { uri: 'host=db' }", "'uri' has no effect without 'backend: postgresql'"},
      {"history: { backend: postgresql, uri: 'hots=db' }",
       "c.yaml:1:38: error: 'uri' is no connection string or URI of PostgreSQL: invalid connection option "
       "\"hots\""},
      {"history: { backend: postgresql, uri: 'host=db', connections: 0 }",
       "'connections' must be a whole number from 1 to 100"},
      {"history: { failures: 0 }", "'failures' must be a whole number from 1 to 1000"},
      {"history: { pause: 1 h }", "'pause' must be a time"},
      {"history: { on_failure: reject }", "'on_failure' must be accept or tempfail"},
      {"history: { queue: 5 }", "'queue' must be a whole number from 100 to 1000000"},
      {"internal_networks: [10.0.0.1/8]", "'10.0.0.1/8' is no network"},
      {"profiles: { mode: fold }", "'profiles' must be a list"},
      {"profiles:\n  - { mode: fold }", "match"},
      {"profiles:\n  - { match: [] }", "c.yaml:2:14: error: 'match' must be a list that is not empty"},
      {"profiles:\n  - { match: [a b] }", "c.yaml:2:15: error: 'a b' is no address"},
      {"profiles:\n  - { match: [a], block: 'jo@' }", "c.yaml:2:26: error: 'jo@' is no address"},
      {"profiles:\n  - { match: ['file:/nowhere'] }", "/nowhere: error: cannot be read: No such file"},
      {"profiles:\n  - { match: [a], wanted: [recruiter] }",
       "c.yaml:2:28: error: 'wanted' holds recruiters and events, not 'recruiter' (did you mean "
       "'recruiters'?)"},
      {"site: { we_sell: [seo] }", "c.yaml:1:9: error: unknown key 'we_sell' in site"},
      {"profiles:\n  - { match: [a], mode: delete }", "c.yaml:2:25: error: 'mode' must be"},
      {"profiles:\n  - { match: [a], tag: \"\" }", "'tag' must be"},
      {"profiles:\n  - { match: [a], tag: \"=?x\" }", "'tag' must be"},
      {"profiles:\n  - { match: [a], mode: discard }", "c.yaml:2:25: error: 'discard' loses mail"},
      {"profiles:\n  - { match: [a], actions: { pitch: discard } }", "set 'allow_discard: true'"},
      {"profiles:\n  - { match: [a], actions: { pitch: \"off\" } }", "'pitch' must be annotate, tag"},
      {"profiles:\n  - { match: [a], actions: { spam: fold } }", "spam"},
      {"profiles:\n  - { match: [a], mode: \"off\", actions: { pitch: fold } }", "'actions' has no effect"},
      {"profiles:\n  - { match: [a], language: ../x }", "c.yaml:2:"},
      {"profiles:\n  - { match: [a], quarantine: spool }", "'quarantine' must be hold or mailbox"},
      {"profiles:\n  - { match: [a], quarantine: mailbox }", "needs 'quarantine_mailbox'"},
      {"profiles:\n  - { match: [a], quarantine_mailbox: b@c.example }", "has no effect without"},
      {"profiles:\n  - { match: [a], quarantine: mailbox, quarantine_mailbox: nobody }",
       "'quarantine_mailbox' must be an address"},
      {"profiles:\n  - { match: [a], quarantine: mailbox, quarantine_mailbox: 'a b@c.example' }",
       "'quarantine_mailbox' must be an address"},
      {"on_fault: reject", "'on_fault' must be accept or tempfail"},
      {"log: { level: loud }", "'level' must be"},
      {"limits: { mime_depth: 0 }", "mime_depth"},
      {"limits: { message: many }", "message"},
      {"metrics: {}", "listen"},
      {"local_domains: [a]\nlocal_domains: [b]", "c.yaml:2:1: error: "},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK_THAT(refused(row.text), ContainsSubstring(row.message));
  }
}

TEST_CASE("profiles: a word for everybody that is none is warned of") {
  std::vector<Diagnostic> diagnostics;
  REQUIRE(parse_config("profiles:\n  - { match: default }\n  - { match: [\"*\", all.example] }\n", "c.yaml",
                       diagnostics));
  CHECK(format(diagnostics) ==
        "c.yaml:2:14: warning: 'default' is taken for a domain; for every recipient write '*'\n"
        "      - { match: default }\n"
        "                 ^\n");
}

TEST_CASE("profiles: what is doubtful is warned of") {
  std::vector<Diagnostic> diagnostics;
  const auto config =
      parse_config("profiles:\n  - { match: [a.example] }\n  - { match: [b.example, A.example] }\n", "c.yaml",
                   diagnostics);
  REQUIRE(config);
  CHECK(format(diagnostics) ==
        "c.yaml:3:26: warning: 'A.example' is matched by an earlier entry already, which holds\n"
        "      - { match: [b.example, A.example] }\n"
        "                             ^\n");
}

TEST_CASE("all errors are told at once") {
  const std::string text = refused("listen: nowhere\non_fault: never\nunknown: 1\n");
  CHECK_THAT(text, ContainsSubstring("c.yaml:1:"));
  CHECK_THAT(text, ContainsSubstring("c.yaml:2:"));
  CHECK_THAT(text, ContainsSubstring("c.yaml:3:"));
}

TEST_CASE("a history on a server is read") {
  const Config config = read(
      "history: { backend: postgresql, uri: 'postgresql://mail@db1,db2/mail?sslmode=verify-full', "
      "connections: 3, "
      "queue: 500, failures: 5, pause: 30 s, on_failure: tempfail }");
  CHECK(config.history.backend == HistoryBackend::postgresql);
  CHECK(config.history.uri == "postgresql://mail@db1,db2/mail?sslmode=verify-full");
  CHECK(config.history.connections == 3);
  CHECK(config.history.queue_events == 500);
  CHECK(config.history.failures == 5);
  CHECK(config.history.pause == std::chrono::seconds(30));
  CHECK(config.history.on_failure == OnFault::tempfail);
}

TEST_CASE("who gets a digest, and from where, is read and checked") {
  const Config config = read(
      "digest: { recipients: [alex@example.net], maildir: '/var/mail/%u/.Pitches', sender: p@example.net, "
      "since: 14 d, "
      "sendmail: bin/sendmail, note: Ask us. }\n");
  CHECK(config.digest.recipients == std::vector<std::string>{"alex@example.net"});
  CHECK(config.digest.maildir == "/var/mail/%u/.Pitches");
  CHECK(config.digest.sender == "p@example.net");
  CHECK(config.digest.since == std::chrono::hours(24 * 14));
  CHECK(config.digest.sendmail == "/etc/coldpitch/bin/sendmail");
  CHECK(config.digest.note == "Ask us.");
  CHECK(read("").digest.recipients.empty());
  CHECK(refused("digest: { recipients: [alex] }\n").find("is no mail address") != std::string::npos);
  CHECK(refused("digest: { recipients: ['-oQ@example.net'] }\n").find("is no mail address") !=
        std::string::npos);
  CHECK(refused("digest: { folder: x }\n").find("folder") != std::string::npos);
}
