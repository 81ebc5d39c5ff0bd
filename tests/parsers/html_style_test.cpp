// SPDX-License-Identifier: MIT
#include "parsers/html_style.h"

#include <string>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

TEST_CASE("parse_html_colour", "[html]") {
  struct Case {
    const char* text;
    std::optional<HtmlColour> colour;
  };
  const Case cases[] = {
      {"#fff", HtmlColour{255, 255, 255}},
      {"#0A10ff", HtmlColour{10, 16, 255}},
      {" #0a10ff80 ", HtmlColour{10, 16, 255}},
      {"0a10ff", HtmlColour{10, 16, 255}},
      {"White", HtmlColour{255, 255, 255}},
      {"rgb(1, 2,3)", HtmlColour{1, 2, 3}},
      {"rgb(100% 0% 999)", HtmlColour{255, 0, 255}},
      {"rgba(1,2,3,0.5)", HtmlColour{1, 2, 3}},
      {"rgb(1,2)", std::nullopt},
      {"rgb(((((", std::nullopt},
      {"#ff", std::nullopt},
      {"#gggggg", std::nullopt},
      {"", std::nullopt},
      {"rebeccapurple", std::nullopt},
      {"var(--x)", std::nullopt},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(parse_html_colour(c.text) == c.colour);
  }
}

TEST_CASE("parse_css_length", "[html]") {
  struct Case {
    std::string text;
    std::optional<double> pixels;
  };
  const Case cases[] = {
      {"0", 0},
      {"12px", 12},
      {" 1.5EM ", 15},
      {"50%", 5},
      {"9pt", 12},
      {"-99px", -99},
      {".5px", 0.5},
      {"+1px", 1},
      {"1rem", 16},
      {"", std::nullopt},
      {"px", std::nullopt},
      {"-", std::nullopt},
      {"auto", std::nullopt},
      {"1parsec", std::nullopt},
      {"1.2.3px", std::nullopt},
      {std::string(1000, '9'), 1e6},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(parse_css_length(c.text, 10) == c.pixels);
  }
}

TEST_CASE("apply_declarations hides text", "[html]") {
  struct Case {
    const char* declarations;
    bool hidden;
  };
  const Case cases[] = {
      {"", false},
      {"display:none", true},
      {"DISPLAY : None !important", true},
      {"display:none", true},
      {"display:block", false},
      {"visibility:hidden", true},
      {"visibility:collapse", true},
      {"visibility:visible", false},
      {"opacity:0", true},
      {"opacity:0.0", true},
      {"opacity:0.5", false},
      {"opacity:1", false},
      {"font-size:0", true},
      {"font-size:1px", true},
      {"font-size:1.5px", false},
      {"font-size:0em", true},
      {"font-size:12px", false},
      {"font-size:0;font-size:large", false},
      {"color:#fff", true},
      {"color:#f8f8f8", true},
      {"color:#efefef", false},
      {"color:#fff;background:#000", false},
      {"background-color:black", true},
      {"background:url(x) #000", false},
      {"color:white;background:no-repeat rgb(255, 255, 255) top", true},
      {"color:white;background:linear-gradient(red, blue)", false},
      {"color:var(--c)", false},
      {"color:transparent", true},
      {"color:rgba(0,0,0,0)", true},
      {"background:rgba(0,0,0,0)", false},
      {"background:none", false},
      {"max-height:0;overflow:hidden", true},
      {"height:0px;overflow:hidden", true},
      {"max-height:0", false},
      {"height:100%;overflow:hidden", false},
      {"overflow:hidden", false},
      {"position:absolute;left:-9999px", true},
      {"position:absolute;left:-10px", false},
      {"left:-9999px", false},
      {"text-indent:-9999px", true},
      {"margin-left:-9999em", true},
      {"mso-hide:all", false},
      {"display", false},
      {";;:;none:display;", false},
  };
  for (const Case& c : cases) {
    INFO(c.declarations);
    HtmlStyle style;
    apply_declarations(c.declarations, style);
    CHECK(style.hides_text() == c.hidden);
  }
}

TEST_CASE("HtmlStyle hands down what CSS hands down", "[html]") {
  HtmlStyle parent;
  apply_declarations(
      "font-size:0;visibility:hidden;display:inline;width:3px;height:4px;border:none;white-space:pre",
      parent);
  CHECK(parent.width == 3U);
  CHECK(parent.height == 4U);
  CHECK(parent.borderless);
  HtmlStyle child = parent.inherited();
  CHECK(child.hides_text());
  CHECK(child.preformatted);
  CHECK(child.display == HtmlStyle::Display::by_element);
  CHECK_FALSE(child.borderless);
  CHECK_FALSE(child.width.has_value());
  CHECK_FALSE(child.height.has_value());
  apply_declarations("font-size:14px;visibility:visible", child);
  CHECK_FALSE(child.hides_text());
  apply_declarations("display:none", parent);
  HtmlStyle hidden_child = parent.inherited();
  apply_declarations("display:block;visibility:visible;font-size:14px", hidden_child);
  CHECK(hidden_child.hides_text());
}

TEST_CASE("HtmlStyleSheet hides by simple class rules only", "[html]") {
  struct Case {
    const char* css;
    bool hidden;  ///< <td class="a b" id="i">
  };
  const Case cases[] = {
      {"", false},
      {".a{display:none}", true},
      {".b { color:red; display : none !important; }", true},
      {"td.a{display:none}", true},
      {".c, .a{display:none}", true},
      {"<!-- .a{display:none} -->", true},
      {"/* } */.a{/* x */display:none}", true},
      {"@import 'x'; .a{display:none}", true},
      {".a{visibility:hidden}", true},
      {".c{display:none}", false},
      {".A{display:none}", false},
      {"td{display:none}", false},
      {"#i{display:none}", false},
      {".a .b{display:none}", false},
      {".a.b{display:none}", false},
      {".a:hover{display:none}", false},
      {"@media (max-width:600px){.a{display:none}}", false},
      {"<!-- @media print{.a{display:none}}", false},
      {"@media print{.c{x:y}} .a{display:none}", true},
      {".a{display:none}.a{display:block}", false},
      {".a{display:block}.a{display:none}", false},
      {".a{display:none}@media screen{td.a{display:block}}", false},
      {".a{display:none}.x .a{display:inline}", false},
      {".a{display:none", true},
      {".a{", false},
      {"}}}{{{.a", false},
  };
  for (const Case& c : cases) {
    INFO(c.css);
    HtmlStyle style;
    HtmlStyleSheet(c.css).apply("td", " a  b ", "i", style);
    CHECK(style.hides_text() == c.hidden);
  }
}

TEST_CASE("HtmlStyleSheet knows painted backgrounds", "[html]") {
  struct Case {
    const char* css;
    bool hidden;  ///< white text in <td class="a b" id="i">
  };
  const Case cases[] = {
      {"", true},
      {".a{background:#00f}", false},
      {".a{background-color:white}", true},
      {"td{background:navy}", false},
      {"#i{background:navy}", false},
      {".c{background:navy}", true},
      {"th{background:navy}", true},
      {".a td{background:white}", false},
      {".a{background:none}", false},
      {".a{background:white}.a{background:white}", true},
      {".a{background:white}.a{background:black}", false},
      {"@media print{.a{background:white}}", false},
  };
  for (const Case& c : cases) {
    INFO(c.css);
    HtmlStyle style;
    style.colour = HtmlColour{255, 255, 255};
    HtmlStyleSheet(c.css).apply("td", "a b", "i", style);
    CHECK(style.hides_text() == c.hidden);
  }
}

TEST_CASE("Hostile style sheets and styles are read in linear time", "[html]") {
  const std::string hostile[] = {repeated("a,", 100'000) + "{display:none}",
                                 repeated(".a{", 100'000),
                                 repeated("@media{", 100'000),
                                 repeated("}", 100'000),
                                 repeated("/*", 100'000),
                                 repeated("<!--", 50'000) + ".b{display:none}",
                                 "." + std::string(200'000, 'a') + "{display:none}"};
  for (const std::string& css : hostile) {
    INFO(css.substr(0, 20));
    HtmlStyle style;
    HtmlStyleSheet(css).apply("td", "a", "", style);
    CHECK_FALSE(style.hides_text());
  }
  HtmlStyle style;
  apply_declarations("background:" + repeated("rgb( ", 50'000), style);
  apply_declarations(repeated("color:", 50'000) + repeated(";", 50'000), style);
  CHECK(style.background == HtmlColour{255, 255, 255});
}

TEST_CASE("HtmlStyleSheet keeps a thousand classes", "[html]") {
  std::string css;
  for (int i = 0; i < 1001; ++i) css += ".c" + std::to_string(i) + "{display:none}";
  const HtmlStyleSheet sheet(css);
  for (const auto& [name, hidden] : {std::pair{"c0", true}, {"c999", true}, {"c1000", false}}) {
    INFO(name);
    HtmlStyle style;
    sheet.apply("td", name, "", style);
    CHECK(style.hides_text() == hidden);
  }
}

}  // namespace
}  // namespace coldpitch
