// SPDX-License-Identifier: MIT
#include "parsers/html_normalise.h"

#include <algorithm>
#include <string>
#include <vector>

#include "parsers/text.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::size_t count(const std::string& text, const std::string& needle) {
  std::size_t found = 0;
  for (std::size_t at = text.find(needle); at != std::string::npos; at = text.find(needle, at + 1)) ++found;
  return found;
}

struct Case {
  const char* name;
  std::string html;
  std::string normalised;
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(normalise_html(c.html).html == c.normalised);
  }
}

TEST_CASE("normalise_html drops what is no text", "[html]") {
  check({
      {"nothing", "", ""},
      {"comment", "a<!-- b -->c", "ac"},
      {"comment with tags and >", "a<!-- <b> > -->c", "ac"},
      {"empty comments", "a<!-->b<!--->c<!---->d", "abcd"},
      {"comment closed by --!>", "a<!-- b --!>c", "ac"},
      {"dashes before the end", "a<!-- b ----->c", "ac"},
      {"unclosed comment", "a<!-- b", "a"},
      {"two dashes are no end", "a<!-- b -- c -->d", "ad"},
      {"conditional comment", "<!--[if mso]>x<![endif]-->y", "y"},
      {"downlevel-revealed conditional", "<![if !mso]>y<![endif]>z", "yz"},
      {"revealed through an empty comment", "<!--[if !mso]><!-->y<!--<![endif]-->", "y"},
      {"declaration and instruction", "<!DOCTYPE html><?xml version='1.0'?>y", "y"},
      {"declaration without end", "y<!DOCTYPE", "y"},
      {"slash without name", "a</ b>c</>d", "acd"},
      {"script", "a<script>if (1 < 2) '</b>'</script>b", "ab"},
      {"script, end tag in capitals", "a<SCRIPT>x</ScRiPt >b", "ab"},
      {"script end needs the whole name", "a<script>x</scripty>y</script>b", "ab"},
      {"unclosed script", "a<script>x", "a"},
      {"title", "<title>a <b>title</b></title>b", "b"},
      {"tags of html and head", "<html lang=de><head><meta charset=x><link></head>b</html>", "b"},
      {"control octets",
       std::string("a\0b\x01"
                   "c\x7f",
                   6),
       "abc"},
      {"ill-formed UTF-8", "a\xff<b>\xc3</b>", "a\uFFFD<b>\uFFFD</b>"},
  });
}

TEST_CASE("normalise_html writes tags in one form", "[html]") {
  check({
      {"names in lower case", "<B>x</B>", "<b>x</b>"},
      {"unknown names", "<o:p>x</o:p>", "<span>x</span>"},
      {"no tag", "1 < 2 <3", "1 &lt; 2 &lt;3"},
      {"tag at the end of input", "a<b", "a"},
      {"unclosed quote", "a<b class='x>y", "a"},
      {"quotes", "<a href='1' class=2 id=\"3\">", "<a href=\"1\" class=\"2\" id=\"3\"></a>"},
      {"quotes inside", "<a href='\"'>", "<a href=\"&quot;\"></a>"},
      {"> in quotes", "<a href='>'>x", "<a href=\">\">x</a>"},
      {"blanks", "<a\n href = '1'/ class >x", "<a href=\"1\" class=\"\">x</a>"},
      {"no blank between", "<a href='1'class='2'>x", "<a href=\"1\" class=\"2\">x</a>"},
      {"attributes that do not matter", "<a onclick=x href=1 =y '>x", "<a href=\"1\">x</a>"},
      {"data attributes", "<a data-a_b-1=x data-\"=y>x", "<a data-a_b-1=\"x\">x</a>"},
      {"self-closing is none", "<div/>x", "<div>x</div>"},
      {"attributes of an end tag", "<b>x</b class='>'>y", "<b>x</b>y"},
  });
}

TEST_CASE("normalise_html reads references as browsers do", "[html]") {
  check({
      {"bare ampersands", "a & b && &", "a &amp; b &amp;&amp; &amp;"},
      {"references stay", "&amp; &#65; &#x41; &copy", "&amp; &#65; &#x41; &copy"},
      {"numberless", "&# &#;", "&amp;# &amp;#;"},
      {"names of HTML 5", "a&period;b&commat;c&NewLine;&verbar;&Tab;", "a.b@c\n|\t"},
      {"unknown name", "&nosuch;", "&nosuch;"},
      {"link with parameters", "<a href='?a=1&copy=2&b&amp;c'>",
       "<a href=\"?a=1&amp;copy=2&amp;b&amp;c\"></a>"},
      {"HTML 5 name in a link", "<a href='x&colon;y'>", "<a href=\"x:y\"></a>"},
  });
}

TEST_CASE("normalise_html balances tags", "[html]") {
  check({
      {"unclosed", "<div><b>x", "<div><b>x</b></div>"},
      {"stray end tags", "x</b></div></table>", "x"},
      {"crossed", "<b><i>x</b>y</i>", "<b><i>x</i></b>y"},
      {"end tag closes what is inside", "<div><b>x</div>y", "<div><b>x</b></div>y"},
      {"paragraphs", "<p>a<p>b<div>c", "<p>a</p><p>b</p><div>c</div>"},
      {"paragraph round phrases", "<p><b>a<p>b", "<p><b>a</b></p><p>b</p>"},
      {"stray </p> and </br>", "a</p>b</br>c", "a<p></p>b<br>c"},
      {"list items", "<ul><li>a<li>b<ul><li>c</ul></ul>", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"},
      {"definitions", "<dl><dt>a<dt>b</dl>", "<dl><dt>a</dt><dt>b</dt></dl>"},
      {"cells and rows", "<table><tr><td>a<td>b<tr><td>c</table>",
       "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>"},
      {"row groups", "<table><thead><tr><td>a<tbody><tr><td>b</table>",
       "<table><thead><tr><td>a</td></tr></thead><tbody><tr><td>b</td></tr></tbody></table>"},
      {"a cell keeps inner end tags in", "<div><table><tr><td>a</div>b</table>c",
       "<div><table><tr><td>ab</td></tr></table>c</div>"},
      {"nested tables", "<table><tr><td><table><tr><td>a</table>b</td></table>",
       "<table><tr><td><table><tr><td>a</td></tr></table>b</td></tr></table>"},
      {"anchors do not nest", "<a>x<a>y", "<a>x</a><a>y</a>"},
      {"one body", "<body>a</body><body>b</html>c", "<body>abc</body>"},
      {"void elements", "<br><img src=x></img><hr/><wbr>", "<br><img src=\"x\"><hr>"},
      {"text area", "<textarea>a <b>c</textarea>d", "<textarea>a &lt;b>c</textarea>d"},
  });
}

TEST_CASE("normalise_html keeps style sheets apart", "[html]") {
  const NormalisedHtml normalised = normalise_html("<style>.a{b:c}</style>x<STYLE>.d > .e{}</STYLE><style>y");
  CHECK(normalised.html == "x");
  CHECK(normalised.style_sheets == ".a{b:c}\n.d > .e{}\ny\n");
}

TEST_CASE("normalise_html bounds attributes", "[html]") {
  const auto kept = [](std::size_t before) {
    return normalise_html("<a" + repeated(" x=1", before) + " href='y'>z</a>").html;
  };
  CHECK(kept(254) == "<a href=\"y\">z</a>");
  CHECK(kept(255) == "<a href=\"y\">z</a>");
  CHECK(kept(256) == "<a>z</a>");
  CHECK(kept(80'000) == "<a>z</a>");
  const std::string longest = "data-" + std::string(59, 'n');
  CHECK(normalise_html("<a " + longest + "=1>").html == "<a " + longest + "=\"1\"></a>");
  CHECK(normalise_html("<a " + longest + "n=1>").html == "<a></a>");
}

TEST_CASE("normalise_html bounds depth and keeps the text", "[html]") {
  for (const std::size_t depth : {511U, 512U, 513U, 100'000U}) {
    INFO(depth);
    const std::string html =
        normalise_html(repeated("<div>", depth) + "deep" + repeated("</div>", depth) + "out").html;
    CHECK(count(html, "<div>") == std::min<std::size_t>(depth, 512));
    CHECK(count(html, "</div>") == std::min<std::size_t>(depth, 512));
    CHECK(count(html, "<br>") == (depth > 512 ? 2 * (depth - 512) : 0));
    CHECK(count(html, "deep") == 1);
    CHECK(html.ends_with("</div>out"));
  }
}

TEST_CASE("normalise_html output is bounded", "[html]") {
  const std::string hostile[] = {
      repeated("<", 100'000),       repeated("&", 100'000),    repeated("</p>", 30'000),
      repeated("<b>", 30'000),      repeated("<p>", 30'000),   repeated("<a id=&>", 10'000),
      repeated("<a id='\"'", 9000), repeated("\xff", 100'000), repeated("<td>", 20'000)};
  for (const std::string& html : hostile) {
    INFO(html.substr(0, 20));
    CHECK(normalise_html(html).html.size() <= 2 * to_valid_utf8(html).size() + 66'000);
  }
}

TEST_CASE("normalise_html says when it ends before the input does", "[html]") {
  for (const std::size_t ampersands : {21'000U, 30'000U, 200'000U}) {
    const NormalisedHtml normalised = normalise_html(std::string(ampersands, '&') + "<p>words");
    CHECK(normalised.cut == (ampersands > 21'000));
    CHECK(normalised.html.ends_with("<p>words</p>") == !normalised.cut);
  }
}

}  // namespace
}  // namespace coldpitch
