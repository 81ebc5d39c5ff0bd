// SPDX-License-Identifier: MIT
#include "parsers/html_normalise.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
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

/// `html` on one line, as a page that says the same: `<` in texts and quotes in
/// values are references again.
std::string written(const NormalisedHtml& html) {
  static constexpr auto kNames =
      std::to_array<const char*>({"alt", "background", "bgcolor", "class", "color", "", "height", "hidden",
                                  "href", "id", "size", "src", "style", "text", "type", "width"});
  const auto escaped = [](std::string_view text, char special, const char* reference) {
    std::string out;
    for (const char octet : text) octet == special ? out.append(reference) : out.append(1, octet);
    return out;
  };
  std::string out;
  std::size_t texts = 0;
  std::size_t tags = 0;
  std::size_t attributes = 0;
  bool is_start = false;
  for (std::size_t at = 0; at < html.markup.size(); ++at) {
    const char octet = html.markup[at];
    if (octet == '<') is_start = html.markup.at(at + 1) != '/';
    if (octet == '>' && is_start) {
      for (; attributes < html.tags.at(tags).attributes_end; ++attributes) {
        const NormalisedHtml::Attribute& attribute = html.attributes.at(attributes);
        out += ' ';
        out += attribute.name == HtmlAttributeName::data
                   ? std::string(html.view(attribute.written_name))
                   : kNames.at(static_cast<std::size_t>(attribute.name));
        out += "=\"" + escaped(html.view(attribute.value), '"', "&quot;") + '"';
      }
      ++tags;
    }
    if (octet == NormalisedHtml::kTextMark) {
      out += escaped(html.view(html.texts.at(texts++)), '<', "&lt;");
    } else {
      out += octet;
    }
  }
  CHECK(tags == html.tags.size());
  CHECK(texts == html.texts.size());
  CHECK(attributes == html.attributes.size());
  const std::string_view inside = out;
  REQUIRE((inside.starts_with("<div>") && inside.ends_with("</div>")));
  return std::string(inside.substr(5, inside.size() - 11));
}

struct Case {
  const char* name;
  std::string html;
  std::string normalised;
};

void check(const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(written(normalise_html(c.html)) == c.normalised);
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
      {"vertical tab, form feed", "a\vb\fc", "ab\fc"},
      {"noncharacters", "a\uFFFEb\uFFFF\uFFFDc\uFFFE", "ab\uFFFDc"},
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
      {"attributes twice", "<a href=1 HREF=2 data-a=3 data-b=4 DATA-A=5 id=6>x",
       "<a href=\"1\" data-a=\"3\" data-b=\"4\" id=\"6\">x</a>"},
      {"attributes of dropped tags",
       "<meta id=1><script id=2></script><a id=3>x</a id=4></p id=5><body "
       "id=6><body id=7>",
       "<a id=\"3\">x</a><p></p><body id=\"6\"></body>"},
      {"data attributes", "<a data-a_b-1=x data-\"=y>x", "<a data-a_b-1=\"x\">x</a>"},
      {"self-closing is none", "<div/>x", "<div>x</div>"},
      {"attributes of an end tag", "<b>x</b class='>'>y", "<b>x</b>y"},
  });
}

TEST_CASE("normalise_html reads references as browsers do", "[html]") {
  check({
      {"bare ampersands", "a & b && &", "a & b && &"},
      {"references", "&amp; &lt; &#65; &#x41;&#X41; &copy; &nbsp;&thetasym;",
       "& &lt; A AA \u00A9 \u00A0\u03D1"},
      {"references without end", "&copy &amp &#65 &#x41 &#65.", "&copy &amp A A A."},
      {"a reference ends with its text", "&co<!-- -->py; &co<b>py;</b>", "&copy; &co<b>py;</b>"},
      {"numberless", "&# &#; &#x; &#xg;", "&# &#;  g;"},
      {"digits of another base", "&#6a;&#65x;&#x4g;&#x110000;", "a;Ax;g;"},
      {"numbers of no character", "a&#0;b&#xD800;c&#xFFFE;d&#x110000;e&#99999999999999999999;f&#x10FFFD;",
       "abcdef\U0010FFFD"},
      {"names of HTML 5", "a&period;b&commat;c&NewLine;&verbar;&Tab;", "a.b@c\n|\t"},
      {"unknown name", "&nosuch;", "&nosuch;"},
      {"link with parameters", "<a href='?a=1&copy=2&b&amp;c'>", "<a href=\"?a=1&copy=2&b&c\"></a>"},
      {"numbers in a link", "<a href='?a=1&#61;2&#61&#x3d;3&quot;'>", "<a href=\"?a=1=2&#61=3&quot;\"></a>"},
      {"a value ends at NUL", "<a href='a&#0;b'>", "<a href=\"a\"></a>"},

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
       "<table><thead><tr><td>a</td></tr></thead><tbody><tr><td>b</td></tr></"
       "tbody></table>"},
      {"a cell keeps inner end tags in", "<div><table><tr><td>a</div>b</table>c",
       "<div><table><tr><td>ab</td></tr></table>c</div>"},
      {"nested tables", "<table><tr><td><table><tr><td>a</table>b</td></table>",
       "<table><tr><td><table><tr><td>a</td></tr></table>b</td></tr></table>"},
      {"anchors do not nest", "<a>x<a>y", "<a>x</a><a>y</a>"},
      {"one body", "<body>a</body><body>b</html>c", "<body>abc</body>"},
      {"void elements", "<br><img src=x></img><hr/><wbr>", "<br><img src=\"x\"><hr>"},
      {"text area", "<textarea>a <b>c &amp;</textarea>d", "<textarea>a &lt;b>c &</textarea>d"},
  });
}

TEST_CASE("normalise_html keeps style sheets apart", "[html]") {
  const NormalisedHtml normalised = normalise_html("<style>.a{b:c}</style>x<STYLE>.d > .e{}</STYLE><style>y");
  CHECK(written(normalised) == "x");
  CHECK(normalised.style_sheets == ".a{b:c}\n.d > .e{}\ny\n");
}

TEST_CASE("normalise_html bounds attributes", "[html]") {
  const auto kept = [](std::size_t before) {
    return written(normalise_html("<a" + repeated(" x=1", before) + " href='y'>z</a>"));
  };
  CHECK(kept(254) == "<a href=\"y\">z</a>");
  CHECK(kept(255) == "<a href=\"y\">z</a>");
  CHECK(kept(256) == "<a>z</a>");
  CHECK(kept(80'000) == "<a>z</a>");
  const std::string longest = "data-" + std::string(59, 'n');
  CHECK(written(normalise_html("<a " + longest + "=1>")) == "<a " + longest + "=\"1\"></a>");
  CHECK(written(normalise_html("<a " + longest + "n=1>")) == "<a></a>");
}

TEST_CASE("normalise_html bounds depth and keeps the text", "[html]") {
  for (const std::size_t depth : {511U, 512U, 513U, 100'000U}) {
    INFO(depth);
    const std::string html =
        written(normalise_html(repeated("<div>", depth) + "deep" + repeated("</div>", depth) + "out"));
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
    const NormalisedHtml normalised = normalise_html(html);
    const std::size_t octets = to_valid_utf8(html).size();
    CHECK(normalised.markup.size() <= 2 * octets + 70'000);
    CHECK(normalised.octets.size() + normalised.decoded.size() <= 2 * octets);
  }
}

TEST_CASE("normalise_html says when it ends before the input does", "[html]") {
  for (const std::size_t paragraphs : {60'000U, 70'000U, 200'000U}) {
    const NormalisedHtml normalised = normalise_html(repeated("<p>", paragraphs) + "words");
    CHECK(normalised.cut == (paragraphs > 60'000));
    CHECK(normalised.texts.empty() == normalised.cut);
  }
}

}  // namespace
}  // namespace coldpitch
