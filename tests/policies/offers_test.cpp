// SPDX-License-Identifier: MIT
#include "policies/offers.h"

#include <set>

#include "tests/policies/policy_texts.h"
#include "tests/policies/rule_builders.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

Rule offering(const std::string& id, const std::string& offer, Condition condition) {
  Rule made = rule(id, "offer", 2, std::move(condition));
  made.offer = offer;
  return made;
}

/// The signals that `site` makes of a message with `text`.
std::set<std::string> signals_for(const Site& site, const std::string& text, bool shadow = false) {
  Rule seo = offering("seo", "seo", pattern("backlinks"));
  seo.shadow = shadow;
  Rule german = offering("german", "software", pattern("software"));
  german.languages = {"de"};
  const auto engine =
      compiled({policy({seo, german, offering("leads", "leads", near(2, {"qualified", "leads"}))})});
  SubjectMatter matter = body_of(text);
  matter.language = "en";
  const PatternHits hits = engine->scan(matter);
  engine->add_offer_signals(matter, hits, site);
  std::set<std::string> names;
  for (const auto& [name, signal] : matter.signals) names.insert(name);
  return names;
}

using Names = std::set<std::string>;

TEST_CASE("offers: rules that hold give signals, and the site says what these are to it") {
  const Site site{{"software"}, {"leads", "seo"}, {"seo"}};
  const Site nothing_bought{{}, {}, {"seo"}};
  CHECK(signals_for({}, "buy backlinks and qualified leads") == Names{"offer.leads", "offer.seo"});
  CHECK(signals_for(site, "buy backlinks") == Names{"offer.seo", "offer-bought", "offer-not-for-us"});
  CHECK(signals_for(site, "qualified leads") == Names{"offer.leads", "offer-bought"});
  CHECK(signals_for({{}, {"printing"}, {}}, "qualified leads") == Names{"offer.leads", "offer-not-bought"});
  CHECK(signals_for({{"leads"}, {}, {}}, "qualified leads") == Names{"offer.leads", "offer-is-ours"});
  CHECK(signals_for(nothing_bought, "qualified leads") == Names{"offer.leads"});
  CHECK(signals_for(site, "lunch at noon").empty());
}

TEST_CASE("offers: not of shadow rules, nor of those for another language") {
  CHECK(signals_for({}, "buy backlinks", /*shadow=*/true).empty());
  CHECK(signals_for({}, "our software").empty());
}

TEST_CASE("offers: the signal shows the words") {
  const auto engine = compiled({policy({offering("leads", "leads", near(2, {"qualified", "leads"})),
                                        rule("irrelevant", "offer", 4, signal("offer-not-for-us"))})});
  const std::string text = "We have Qualified sales LEADS";
  SubjectMatter matter = body_of(text);
  const PatternHits hits = engine->scan(matter);
  engine->add_offer_signals(matter, hits, {{}, {}, {"leads"}});
  const Verdict verdict = engine->judge(matter, hits);
  REQUIRE(verdict.evidence.size() == 2);
  CHECK(verdict.evidence[0].rule == "irrelevant");
  CHECK(verdict.evidence[0].where == "body");
  CHECK(verdict.evidence[0].text == "Qualified sales LEADS");
  CHECK(verdict.evidence[0].offset == 8);
  CHECK(verdict.score == 4);
}

TEST_CASE("offers: what the loader refuses") {
  const std::string more =
      "rules:\n  - {id: a, clause: commercial, group: g, weight: 1, offer: seo, signals: bounce, reason: "
      "r}\n";
  check_mistakes({
      {"signals: [fake-reply]", "signals: [offer.seo]",
       "p:23:15: error: no rule of this policy offers 'seo'"},
      {"    signals: [fake-reply]", "    offer: seo\n    signals: [offer.seo]",
       "p:24:15: error: rule 'meeting-ask' makes an offer and cannot ask for one"},
      {"    signals: [fake-reply]", "    offer: seo\n    signals: {none: [offer-bought]}",
       "p:24:22: error: rule 'meeting-ask' makes an offer and cannot ask for one"},
      {"    signals: [fake-reply]", "    offer: SEO",
       "p:23:12: error: 'offer' must be lower-case letters, digits and hyphens, not 'SEO'"},
  });
  std::string text = changed("signals: [fake-reply]", "signals: [offer.sea]");
  text.replace(text.find("rules:\n"), 7, more);
  CHECK(told_of(text) == "p:24:15: error: no rule of this policy offers 'sea' (did you mean 'seo'?)");
  text.replace(text.find("offer.sea"), 9, "offer.seo");
  CHECK(told_of(text).empty());
}

TEST_CASE("lists: rules name them, and the loader checks them") {
  const std::string with_list = changed(
      "clauses:\n", "lists:\n  - {id: rivals, kind: words, entries: [acme tools, globex]}\nclauses:\n");
  std::string text = with_list;
  text.replace(text.find("any: ['quick call']"), 19, "any: ['quick call', {list: rivals}]");
  std::vector<Diagnostic> diagnostics;
  auto loaded = load(text, diagnostics);
  CHECK(told(diagnostics).empty());
  REQUIRE(loaded);
  CHECK(shown(loaded->rules[0].condition) == "all($fake-reply any(/quick call/@subject [rivals]@subject))");
  CHECK(loaded->lists.at(0).entries.size() == 2);

  CHECK(told_of(with_list) == "p:7:5: warning: no rule names list 'rivals'");
  const auto with = [&](const std::string& condition) {
    std::string changed_text = with_list;
    return told_of(changed_text.replace(changed_text.find("any: ['quick call']"), 19, condition));
  };
  CHECK(with("any: [{list: rivls}]") ==
        "p:24:18: error: there is no list 'rivls' (did you mean 'rivals'?)\n"
        "p:7:5: warning: no rule names list 'rivals'");
  CHECK(with("near: {within: 3, of: [quick, {list: rivals}]}").empty());
  CHECK(with("near: {within: 3, of: [quick, {lists: rivals}]}") ==
        "p:24:36: error: unknown key 'lists' in entry of 'near' (did you mean 'list'?)\n"
        "p:7:5: warning: no rule names list 'rivals'");
  check_mistakes({
      {"clauses:\n", "lists: [{id: a, kind: word, entries: [x]}]\nclauses:\n",
       "p:6:23: error: 'kind' must be words or domains, not 'word' (did you mean 'words'?)\n"
       "p:6:9: warning: no rule names list 'a'"},
      {"clauses:\n", "lists: [{id: a, kind: words}]\nclauses:\n",
       "p:6:9: error: list lacks 'file' or 'entries'\np:6:9: warning: no rule names list 'a'"},
      {"clauses:\n", "lists: [{id: a, kind: domains, entries: [x.example, y]}]\nclauses:\n",
       "p:6:53: error: 'y' is no domain (write shop.example)\np:6:9: warning: no rule names list 'a'"},
      {"clauses:\n", "lists: [{id: a, kind: words, file: /etc/passwd}]\nclauses:\n",
       "p:6:36: error: no files are read here\np:6:9: warning: no rule names list 'a'"},
  });
}

TEST_CASE("lists: an entry counts like an expression, alone and near others") {
  Policy made = policy({});
  made.lists = {WordList{"rivals", WordList::Kind::words, {"acme tools"}, {}},
                WordList{"shops", WordList::Kind::domains, {"shop.example"}, {}}};
  Condition rivals;
  rivals.kind = Condition::Kind::list;
  rivals.text = "rivals";
  rivals.where = {"body"};
  Condition shops = rivals;
  shops.text = "shops";
  Condition close = near(3, {"price"});
  close.children.push_back(rivals);
  made.rules = {rule("rival", "a", 1, rivals), rule("shop", "b", 1, shops), rule("near", "c", 1, close)};
  const auto engine = compiled({made});
  const auto rules_for = [&](const std::string& text) {
    std::set<std::string> rules;
    for (const Evidence& evidence : judged(*engine, body_of(text)).evidence) {
      rules.insert(evidence.rule + ":" + evidence.text);
    }
    return rules;
  };
  CHECK(rules_for("the price of Acme-Tools now") == Names{"rival:Acme-Tools", "near:price of Acme-Tools"});
  CHECK(rules_for("the price is far from what acme tools asks") == Names{"rival:acme tools"});
  CHECK(rules_for("see WWW.shop.example") == Names{"shop:WWW.shop.example"});
  CHECK(rules_for("nothing here").empty());
}

}  // namespace
}  // namespace coldpitch
