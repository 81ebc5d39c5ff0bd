// SPDX-License-Identifier: MIT
#include "milter/metrics.h"

#include <string>

#include "tests/support/catch.h"

using coldpitch::Metrics;

namespace {

bool shows(const Metrics& metrics, const std::string& line) {
  return ("\n" + metrics.text()).find("\n" + line + "\n") != std::string::npos;
}

std::string count_of(const std::string& name, const std::string& count) {
  return "coldpitch_linkedin_unknown_templates_total{template=\"" + name + "\"} " + count;
}

}  // namespace

TEST_CASE("unknown templates are counted by name") {
  Metrics metrics;
  metrics.count_unknown_template("email_new_01");
  metrics.count_unknown_template("EMAIL_NEW_01");
  CHECK(shows(metrics, count_of("email_new_01", "2")));
}

TEST_CASE("no more than 50 names of templates become labels, and none that is no name") {
  Metrics metrics;
  for (std::size_t i = 0; i < Metrics::kMaxTemplates + 3; ++i)
    metrics.count_unknown_template("email_" + std::to_string(i));
  CHECK(shows(metrics, count_of("email_49", "1")));
  CHECK_FALSE(shows(metrics, count_of("email_50", "1")));
  CHECK(shows(metrics, count_of("other", "3")));
  metrics.count_unknown_template("email_49");
  CHECK(shows(metrics, count_of("email_49", "2")));
  for (const std::string& odd :
       {std::string(), std::string("a\"} 1\nb{"), std::string("a b"), std::string(81, 'a')}) {
    metrics.count_unknown_template(odd);
  }
  CHECK(shows(metrics, count_of("other", "7")));
}
