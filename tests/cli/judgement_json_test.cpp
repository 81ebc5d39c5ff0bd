// SPDX-License-Identifier: MIT
#include "cli/judgement_json.h"

#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using nlohmann::json;

namespace {

json judged(const std::string& octets) {
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  const auto snapshot = coldpitch::test::shipped_snapshot();
  const std::string line = to_json(judge_message(octets, envelope, *snapshot, {}), "in/1.eml");
  CHECK(line.find('\n') == std::string::npos);
  return json::parse(line);
}

}  // namespace

TEST_CASE("a LinkedIn pitch has all documented fields") {
  const json object = judged(coldpitch::test::sample_mail("1-linkedin-inmail.eml"));
  CHECK(object["path"] == "in/1.eml");
  CHECK(object["message_id"] == "<101.202.1760257800000@ltx1-sample.prod.linkedin.com>");
  CHECK(object["channel"] == "linkedin");
  CHECK(object["verdict"] == "pitch");
  CHECK(object["score"].get<double>() >= object["threshold"].get<double>());
  CHECK(object["clauses"][0]["policy"] == "linkedin-professional-community");
  CHECK(object["evidence"][0].contains("rule"));
  CHECK(object["evidence"][0].contains("offset"));
  CHECK(object["linkedin"]["kind"] == "inmail");
  CHECK(object["linkedin"]["authentic"] == true);
  CHECK(object["linkedin"]["template"] == "email_premium_inmail_initial_single_01");
  CHECK(object["linkedin"]["sender_name"] == "Dana Whitlock");
  CHECK(object["linkedin"]["sender_headline"] == "Account Executive at RemindWell");
  CHECK(object["linkedin"]["sender_profile"] == "https://www.linkedin.com/in/dana-whitlock-sample");
  CHECK(object["linkedin"]["human_text"] == true);
  const auto words = object["linkedin"]["words"].get<std::string>();
  CHECK(words.size() == object["linkedin"]["human_span"]["length"].get<std::size_t>());
  CHECK(words.find("This email was intended for") == std::string::npos);
  CHECK(object["linkedin"]["thread"] == "2-c2FtcGxlMQ==");
  CHECK(object["recipients"][0] == json({{"address", "alex@example.net"},
                                         {"verdict", "pitch"},
                                         {"score", object["score"]},
                                         {"action", "annotate"}}));
  CHECK(object["language"] == "en");
  CHECK(object["problems"].is_array());
}

TEST_CASE("mail that is not LinkedIn's has no such part") {
  const json object = judged(coldpitch::test::sample_mail("5-colleague.eml"));
  CHECK_FALSE(object.contains("linkedin"));
  CHECK(object["direct"]["fake_reply"] == false);
  CHECK(object["direct"]["tracking"] == false);
  CHECK(object["verdict"] == "none");
}

TEST_CASE("octets that are no UTF-8 still give valid JSON") {
  const json object = judged(
      "From: \xFF\xFE <a\xFF@example.org>\r\nSubject: \xC3\x28\r\nMessage-ID: "
      "<\xFF@x>\r\n\r\n\xFF\xFE\xC3\r\n");
  CHECK(object["verdict"] == "none");
}

TEST_CASE("a message that could not be read is an object too") {
  const json object = json::parse(unreadable_to_json("x.eml", "No such file"));
  CHECK(object["path"] == "x.eml");
  CHECK(object["verdict"].is_null());
  CHECK(object["error"] == "No such file");
}
