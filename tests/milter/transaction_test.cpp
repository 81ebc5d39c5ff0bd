// SPDX-License-Identifier: MIT
#include "milter/transaction.h"

#include <algorithm>
#include <chrono>

#include "parsers/header.h"
#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using coldpitch::test::shipped_snapshot;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'760'340'000)};

Service make_service(const std::string& configuration = "") {
  return {shipped_snapshot(configuration), open_memory_store(),
          std::make_unique<Keyring>(std::array<std::uint8_t, 32>{}), [] { return kNow; }};
}

EditsPlan send(Transaction& transaction, std::string_view body) {
  transaction.add_recipient("<alex@example.net>");
  transaction.add_field("From", " Jane <jane@outside.example>", true);
  transaction.add_field("To", " alex@example.net", true);
  transaction.add_field("X-Cold-Pitch", " none", true);
  transaction.add_field("Subject", " Folded\n subject", true);
  transaction.end_header();
  CHECK(transaction.add_body(body));
  return transaction.finish("4QID");
}

/// Hands over a sample message; the recipients are there already.
EditsPlan send_sample(Transaction& transaction, const std::string& name) {
  const std::string mail = coldpitch::test::sample_mail(name);
  Problems problems;
  const HeaderBlock block = parse_header_block(mail, mail.size(), Limits{}, problems);
  for (const HeaderField& field : block.header.fields()) transaction.add_field(field.name, field.body, false);
  transaction.end_header();
  transaction.add_body(std::string_view(mail).substr(block.octets));
  return transaction.finish("4QID");
}

Envelope outside() {
  Envelope envelope;
  envelope.client_address = "192.0.2.44";
  envelope.envelope_sender = "jane@outside.example";
  envelope.known = true;
  return envelope;
}

}  // namespace

TEST_CASE("a transaction hears the message as the MTA tells it") {
  Service service = make_service();
  Transaction transaction(service, outside());
  const EditsPlan plan = send(transaction, "Hello\r\n");
  const Judgement& judgement = *transaction.judgement();
  CHECK(judgement.message.subject == "Folded subject");
  CHECK(judgement.message.author().address() == "jane@outside.example");
  CHECK(transaction.envelope().queue_id == "4QID");
  CHECK(transaction.envelope().time == kNow);
  CHECK(transaction.envelope().recipients == std::vector<std::string>{"alex@example.net"});
  CHECK(plan.removals == std::vector<FieldRemoval>{{"X-Cold-Pitch", 1}});
  CHECK(plan.additions.front().name == "X-Cold-Pitch");
}

TEST_CASE("a leading blank the MTA took off makes no difference") {
  Service service = make_service();
  Transaction with(service, outside());
  with.add_field("Subject", " Idea", true);
  with.end_header();
  const EditsPlan first = with.finish("");
  Transaction without(service, outside());
  without.add_field("Subject", "Idea", false);
  without.end_header();
  CHECK(without.finish("") == first);
  CHECK(with.judgement()->message.subject == without.judgement()->message.subject);
}

TEST_CASE("no more body is wanted past the message limit") {
  Service service = make_service("limits: { message: 1 KiB }\n");
  Transaction transaction(service, outside());
  transaction.add_field("Subject", " Long", true);
  transaction.end_header();
  CHECK(transaction.add_body(std::string(900, 'a')));
  CHECK_FALSE(transaction.add_body(std::string(900, 'a')));
  const EditsPlan plan = transaction.finish("");
  CHECK(plan.disposition == Disposition::accept);
  CHECK(transaction.judgement()->message.problems.has("message-octets"));
}

TEST_CASE("a judgement nobody looks after is given up") {
  Service service = make_service("");
  Transaction transaction(service, outside());
  transaction.add_recipient("<alex@example.net>");
  transaction.add_field("Subject", " Rota", true);
  transaction.end_header();
  CHECK(transaction.finish("", false).disposition == Disposition::accept);
  CHECK(transaction.judgement() == nullptr);
}

TEST_CASE("a message whose turn does not come is judged all the same") {
  Service service = make_service("limits: { judged_at_once: 1, evaluation: 100 ms }\n");
  const JudgingTurns::Turn somebody(service.judging_turns(), {1, std::chrono::seconds(1)});
  Transaction transaction(service, outside());
  transaction.add_recipient("<alex@example.net>");
  const EditsPlan plan = send_sample(transaction, "2-direct-pitch.eml");
  CHECK(plan.disposition == Disposition::accept);
  const Judgement& judgement = *transaction.judgement();
  CHECK(std::find(judgement.faults.begin(), judgement.faults.end(), "judging-turn") !=
        judgement.faults.end());
  CHECK(judgement.stage_times[static_cast<std::size_t>(Stage::turn)] >= std::chrono::milliseconds(100));
  CHECK(service.judging_turns().under_way() == 1);
  CHECK(service.judging_turns().waiting() == 0);
}

TEST_CASE("recipients past the limit are not kept, and that is told") {
  Service service = make_service("limits: { recipients: 2 }\n");
  for (const std::size_t count : {1U, 2U, 3U}) {
    Transaction transaction(service, outside());
    for (std::size_t i = 0; i < count; ++i)
      transaction.add_recipient("<user" + std::to_string(i) + "@example.net>");
    transaction.end_header();
    const EditsPlan plan = transaction.finish("");
    CAPTURE(count);
    CHECK(plan.disposition == Disposition::accept);
    CHECK(transaction.judgement()->recipients.size() == std::min<std::size_t>(count, 2));
    CHECK(transaction.judgement()->message.problems.has("recipients") == (count > 2));
  }
}

TEST_CASE("a connection keeps no message after end, abort or the next MAIL") {
  Service service = make_service();
  Connection connection(service);
  CHECK(connection.transaction() == nullptr);
  CHECK(connection.begin({"<a@outside.example>"}, ""));
  Transaction* first = connection.transaction();
  REQUIRE(first != nullptr);
  first->add_recipient("<alex@example.net>");
  CHECK(connection.begin({"<b@outside.example>"}, ""));
  CHECK(connection.transaction()->envelope().recipients.empty());
  CHECK(connection.transaction()->envelope().envelope_sender == "b@outside.example");
  connection.end();
  CHECK(connection.transaction() == nullptr);
}

TEST_CASE("what the connection knows goes into each envelope") {
  Service service = make_service();
  Connection connection(service);
  connection.set_client("host.example", "192.0.2.9");
  connection.set_helo("helo.example");
  REQUIRE(connection.begin({"<>"}, "alex"));
  const Envelope& envelope = connection.transaction()->envelope();
  CHECK(envelope.client_name == "host.example");
  CHECK(envelope.client_address == "192.0.2.9");
  CHECK(envelope.helo == "helo.example");
  CHECK(envelope.authenticated_user == "alex");
  CHECK(envelope.envelope_sender.empty());
}

TEST_CASE("MAIL is taken apart however the library hands it over") {
  struct Row {
    std::vector<std::string_view> arguments;
    std::string sender;
    bool smtputf8;
  };
  const Row rows[] = {
      {{"<a@outside.example>", "SIZE=100", "BODY=8BITMIME"}, "a@outside.example", false},
      {{"<a@outside.example>", "SMTPUTF8"}, "a@outside.example", true},
      {{"<a@outside.example> SIZE=100 smtputf8"}, "a@outside.example", true},
      {{"<\"x> SMTPUTF8 \"@outside.example>"}, "\"x> SMTPUTF8 \"@outside.example", false},
      {{"<\"\\\"> \"@outside.example>"}, "\"\\\"> \"@outside.example", false},
      {{"a@outside.example"}, "a@outside.example", false},
      {{"<unclosed@outside.example"}, "<unclosed@outside.example", false},
      {{"<>"}, "", false},
      {{}, "", false},
  };
  Service service = make_service();
  for (const Row& row : rows) {
    Connection connection(service);
    REQUIRE(connection.begin(row.arguments, ""));
    CAPTURE(row.sender);
    CHECK(connection.transaction()->envelope().envelope_sender == row.sender);
    CHECK(connection.transaction()->envelope().smtputf8 == row.smtputf8);
  }
}

TEST_CASE("a draining daemon begins no message and knows when the last is over") {
  Service service = make_service();
  Connection connection(service);
  REQUIRE(connection.begin({"<a@outside.example>"}, ""));
  service.start_draining();
  CHECK_FALSE(service.wait_until_idle(std::chrono::milliseconds(1)));
  Connection late(service);
  CHECK_FALSE(late.begin({"<b@outside.example>"}, ""));
  CHECK(late.transaction() == nullptr);
  connection.end();
  CHECK(service.wait_until_idle(std::chrono::milliseconds(1)));
}

TEST_CASE("a message keeps the configuration it began with") {
  Service service = make_service("profiles: [{ match: ['*'], mode: reject }]\n");
  Transaction before(service, outside());
  service.replace_snapshot(shipped_snapshot("profiles: [{ match: ['*'], mode: annotate }]\n"));
  const Transaction after(service, outside());
  CHECK(before.config().profile_for("alex@example.net").mode == Mode::reject);
  CHECK(after.config().profile_for("alex@example.net").mode == Mode::annotate);
}

TEST_CASE("recipients who were not kept are given the benefit of the doubt") {
  Service service = make_service("limits: { recipients: 1 }\nprofiles: [{ match: ['*'], mode: reject }]\n");
  for (const std::size_t count : {1U, 2U}) {
    Transaction transaction(service, outside());
    for (std::size_t i = 0; i < count; ++i) transaction.add_recipient("<alex@example.net>");
    const EditsPlan plan = send_sample(transaction, "2-direct-pitch.eml");
    CAPTURE(count);
    CHECK(transaction.judgement()->verdict().level >= Level::pitch);
    CHECK(plan.disposition == (count == 1 ? Disposition::reject : Disposition::accept));
    CHECK(transaction.judgement()->action() == (count == 1 ? Mode::reject : Mode::annotate));
  }
}

TEST_CASE("what the MTA did not offer is done without, and no field promises it") {
  Service service = make_service("profiles: [{ match: ['*'], mode: quarantine }]\n");
  MtaOffer offer = MtaOffer::everything();
  offer.quarantine = false;
  Transaction transaction(service, outside(), offer);
  transaction.add_recipient("<alex@example.net>");
  const EditsPlan plan = send_sample(transaction, "2-direct-pitch.eml");
  CHECK(plan.quarantine.empty());
  CHECK(plan.additions.back() ==
        ResultField{"X-Cold-Pitch-Recipient", "alex@example.net; verdict=pitch; action=annotate"});
  CHECK_FALSE(service.is_first("degraded quarantine"));
}

TEST_CASE("the recipients of a message for the quarantine mailbox are taken away as they were written") {
  Service service = make_service(
      "profiles: [{ match: ['*'], mode: quarantine, quarantine: mailbox, quarantine_mailbox: "
      "held@example.net }]\n");
  Transaction transaction(service, outside());
  transaction.add_recipient("<Alex@Example.net>");
  transaction.add_recipient("<hidden@example.net> NOTIFY=NEVER");
  const EditsPlan plan = send_sample(transaction, "2-direct-pitch.eml");
  CHECK(plan.added_recipients == std::vector<std::string>{"<held@example.net>"});
  CHECK(plan.deleted_recipients == std::vector<std::string>{"<Alex@Example.net>", "<hidden@example.net>"});
  for (const ResultField& field : plan.additions) CHECK_THAT(field.body, !ContainsSubstring("hidden"));
  CHECK(plan.additions.back() ==
        ResultField{"X-Cold-Pitch-Original-Recipients", "Alex@Example.net; blind=1"});
}

TEST_CASE("each message is counted") {
  Service service = make_service();
  Transaction transaction(service, outside());
  send(transaction, "Hello\r\n");
  CHECK_THAT(service.metrics().text(),
             ContainsSubstring(
                 "coldpitch_messages_total{action=\"annotate\",channel=\"direct\",verdict=\"none\"} 1"));
  CHECK_THAT(service.metrics().text(), ContainsSubstring("coldpitch_judging_seconds_count 1"));
}
