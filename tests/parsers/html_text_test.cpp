// SPDX-License-Identifier: MIT
#include "parsers/html_text.h"

#include <string>
#include <vector>

#include "parsers/text.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using Names = std::vector<std::string>;

std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

HtmlText read(const std::string& html) {
  Problems problems;
  return html_to_text(html, Limits{}, problems);
}

std::string cut(const HtmlText& html, Span span) { return html.text.substr(span.begin, span.size()); }

TEST_CASE("html_to_text lays out text as a person sees it", "[html]") {
  struct Case {
    const char* name;
    std::string html;
    const char* text;
  };
  const Case cases[] = {
      {"nothing", "", ""},
      {"no tags", "Hello  Jane,\r\n how are\tyou?", "Hello Jane, how are you?"},
      {"document",
       "<!DOCTYPE "
       "html><html><head><title>T</title><style>p{}</style></head><body>x</"
       "body></html>",
       "x"},
      {"blocks", "a<div>b</div><div><div>c</div></div><h1>d</h1>e", "a\nb\nc\nd\ne"},
      {"paragraphs", "<p>a</p>\n<p>b<p>c", "a\nb\nc"},
      {"line breaks", "a<br>b<br/>\n c<br><br>d", "a\nb\nc\n\nd"},
      {"empty line by a block", "<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
      {"empty line by a no-break space", "<p>a</p><p>&nbsp;</p><p>b</p>", "a\n\nb"},
      {"at most one empty line", "a<br><br><br><br>b", "a\n\nb"},
      {"break before a block end", "<div>a<br></div>b", "a\nb"},
      {"phrases", "<b>Hel</b>lo <i>J</i>ane<span>!</span>", "Hello Jane!"},
      {"cells", "<table><tr><td>a</td><td>b</td></tr><tr><td>c<td>d</table>e", "a b\nc d\ne"},
      {"blocks in cells", "<table><tr><td><div>a</div></td><td><div>b</div></td></tr></table>", "a\nb"},
      {"lists", "<ul><li>a<li>b</ul>", "a\nb"},
      {"pre", "<pre>a\n  b\n\nc</pre>", "a\nb\n\nc"},
      {"white-space: pre-line", "<div style='white-space:pre-line'>a\nb</div>c\nd", "a\nb\nc d"},
      {"references", "&lt;b&gt; &amp; &eacute;&#233;&#xe9; &#146;", "<b> & \u00E9\u00E9\u00E9 \u2019"},
      {"zero-width characters stay", "a&zwnj;b&shy;c",
       "a\u200C"
       "b\u00AD"
       "c"},
      {"image alts are no text", "a<img src=x alt='Logo'>b", "ab"},
      {"text after </html>", "<html><body>a</body></html>b<div>c</div>", "ab\nc"},
      {"text before <html>", "a<html><body>b", "a\nb"},
      {"text in head", "<html><head>a</head><body>b</body>", "a\nb"},
      {"script and style", "a<script>b</script><style>c</style>d<title>e</title>", "ad"},
      {"downlevel-revealed conditional", "<![if !mso]>a<![endif]>b", "ab"},
      {"conditional comment", "<!--[if mso]><p>a</p><![endif]-->b", "b"},
      {"stray </p>", "a</p>b", "a\nb"},
      {"tags in a text area", "<textarea>a <b>c</textarea>", "a <b>c"},
      {"display in the style",
       "a<span style='display:block'>b</span>c<div "
       "style='display:inline'>d</div>",
       "a\nb\ncd"},
      {"UTF-8", "<p>Grüße, 日本</p>", "Grüße, 日本"},
      {"<meta charset> counts no more", "<meta charset=iso-8859-1>Grüße", "Grüße"},
      {"ill-formed UTF-8", "a\xff", "a\uFFFD"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    Problems problems;
    const HtmlText html = html_to_text(c.html, Limits{}, problems);
    CHECK(html.text == c.text);
    CHECK(html.hidden_text.empty());
    CHECK(problems.names().empty());
  }
}

TEST_CASE("html_to_text marks quoted blocks", "[html]") {
  struct Case {
    const char* name;
    const char* html;
    const char* text;
  };
  const Case cases[] = {
      {"quote", "a<blockquote>b<br>c</blockquote>d", "a\n> b\n> c\nd"},
      {"nested", "<blockquote>a<blockquote>b</blockquote>c</blockquote>", "> a\n> > b\n> c"},
      {"with an empty line", "<blockquote>a<br><br>b</blockquote>", "> a\n>\n> b"},
      {"Gmail's",
       "<blockquote class='gmail_quote' style='border-left:1px "
       "solid'>a</blockquote>",
       "> a"},
      {"indented only",
       "<blockquote style='margin:0 0 0 "
       "40px;border:none;padding:0'>a</blockquote>b",
       "a\nb"},
      {"cited, without border", "<blockquote type=cite style='border:none'>a</blockquote>b", "> a\nb"},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(read(c.html).text == c.text);
  }
}

TEST_CASE("html_to_text keeps hidden text apart", "[html]") {
  struct Case {
    const char* name;
    const char* html;
    const char* text;
    const char* hidden_text;
    bool flagged;
  };
  const Case cases[] = {
      {"display:none", "a<div style='display:none'>b<p>c</p></div>d", "a\nd", "b\nc", true},
      {"style sheet", "<style>.x{display:none}</style>a<span class=x>b</span>", "a", "b", true},
      {"hidden attribute", "a<p hidden>b</p>c", "a\nc", "b", true},
      {"font-size 0, undone inside", "<td style='font-size:0'>b<span style='font-size:14px'>a</span>", "a",
       "b", true},
      {"font-size 0, undone by <font>", "<div style='font-size:0'><font size=2>a</font></div>", "a", "",
       false},
      {"white on white", "a<font color=white>b</font>", "a", "b", true},
      {"white on white body", "<body bgcolor=#ffffff text=white>b<font color=black>a</font>", "a", "b", true},
      {"white on blue", "<td bgcolor=blue><font color=white>a</font>", "a", "", false},
      {"white on an image", "<table background='x.png'><tr><td style='color:#fff'>a", "a", "", false},
      {"white on a class's background", "<style>.b{background:navy}</style><p class=b style='color:#fff'>a",
       "a", "", false},
      {"links have their own colour", "<div style='color:white'>b<a href='http://a.example'>a</a>", "a", "b",
       true},
      {"template and xml", "a<template>b</template><xml>c</xml>", "a", "b\nc", true},
      {"two hidden places", "<i hidden>b</i>a<i hidden>c</i>", "a", "b\nc", true},
      {"preheader padding", "a<div style='display:none'>&zwnj;&nbsp;&#847; &#8203;</div>", "a",
       "\u200C \u034F \u200B", false},
      {"not Latin", "a<div style='display:none'>日本</div>", "a", "日本", true},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    Problems problems;
    const HtmlText html = html_to_text(c.html, Limits{}, problems);
    CHECK(html.text == c.text);
    CHECK(html.hidden_text == c.hidden_text);
    CHECK(problems.names() == (c.flagged ? Names{"html-hidden-text"} : Names{}));
  }
}

TEST_CASE("html_to_text lists links", "[html]") {
  const HtmlText html = read(
      "<p>See <a href=' http://a.example/?x=1&amp;y=2&copy=3 '> "
      "our\n<b>offer</b> </a>.</p>"
      "<a href='http://b.example/'><img src=b.png></a>"
      "<div style='display:none'><a href='http://c.example/'>c</a></div>"
      "<a href='http://d.example/' style='color:white'><span "
      "style='background:red'>d</span></a>"
      "<a href='http://e.example/' style='font-size:0'>e</a>"
      "<map><area href='http://f.example/'></map>"
      "<a name=g>g</a><a href=''>h</a><a href='http://i.example/'>unclosed");
  struct Expected {
    const char* href;
    const char* text;
    bool hidden;
  };
  const Expected expected[] = {
      {"http://a.example/?x=1&y=2&copy=3", "our offer", false},
      {"http://b.example/", "", false},
      {"http://c.example/", "", true},
      {"http://d.example/", "d", false},
      {"http://e.example/", "", true},
      {"http://f.example/", "", false},
      {"http://i.example/", "unclosed", false},
  };
  REQUIRE(html.links.size() == std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    INFO(expected[i].href);
    CHECK(html.links[i].href == expected[i].href);
    CHECK(cut(html, html.links[i].text) == expected[i].text);
    CHECK(html.links[i].hidden == expected[i].hidden);
  }
}

TEST_CASE("html_to_text lists images", "[html]") {
  const HtmlText html = read(
      "<img src=' logo.png ' alt='Logo &amp; name' width=120 height=40px>"
      "<img src=pixel.gif width=1 height=1><img src=zero.gif "
      "style='width:0;height:20px'>"
      "<img src=none.gif style='display:none'><p hidden><img src=inner.gif></p>"
      "<img src=plain.gif><img src=rule.gif width=600 height=1><img "
      "src=wide.gif width=100%><img src=one.gif "
      "width=1>");
  struct Expected {
    const char* source;
    const char* alt;
    std::optional<unsigned> width;
    std::optional<unsigned> height;
    bool hidden;
  };
  const Expected expected[] = {
      {"logo.png", "Logo & name", 120, 40, false},
      {"pixel.gif", "", 1, 1, true},
      {"zero.gif", "", 0, 20, true},
      {"none.gif", "", {}, {}, true},
      {"inner.gif", "", {}, {}, true},
      {"plain.gif", "", {}, {}, false},
      {"rule.gif", "", 600, 1, false},
      {"wide.gif", "", {}, {}, false},
      {"one.gif", "", 1, {}, true},
  };
  REQUIRE(html.images.size() == std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    INFO(expected[i].source);
    CHECK(html.images[i].source == expected[i].source);
    CHECK(html.images[i].alt == expected[i].alt);
    CHECK(html.images[i].width == expected[i].width);
    CHECK(html.images[i].height == expected[i].height);
    CHECK(html.images[i].hidden == expected[i].hidden);
  }
}

TEST_CASE("html_to_text names regions", "[html]") {
  const HtmlText html = read(
      "<div id=top data-x='1 2' data-y>before<table><tr><TD class=' "
      "message contents '>\n the "
      "<b>words</b>\n</TD>"
      "<td>no name</td></tr></table></div><p class=gone "
      "style='display:none'>x</p><i class=empty></i>");
  struct Expected {
    const char* element;
    const char* class_names;
    const char* data;
    const char* text;
    bool hidden;
  };
  const Expected expected[] = {
      {"div", "", "id=top data-x=1 2 data-y=", "before\nthe words no name", false},
      {"td", "message contents", "", "the words", false},
      {"p", "gone", "", "", true},
      {"i", "empty", "", "", false},
  };
  REQUIRE(html.regions.size() == std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    INFO(i);
    CHECK(html.regions[i].element == expected[i].element);
    CHECK(html.regions[i].class_names == expected[i].class_names);
    CHECK(html.regions[i].data == expected[i].data);
    CHECK(cut(html, html.regions[i].text) == expected[i].text);
    CHECK(html.regions[i].hidden == expected[i].hidden);
  }
}

TEST_CASE("html_to_text reads html_octets and gives text_octets", "[html]") {
  Limits limits;
  limits.html_octets = 10;
  limits.text_octets = 5;
  struct Case {
    const char* html;
    const char* text;
    const char* hidden_text;
    Names problems;
  };
  const Case cases[] = {
      {"<b>12345</", "12345", "", {}},
      {"<b>1234</b>", "1234", "", {"html-octets"}},
      {"123456", "12345", "", {"text-octets"}},
      {"1234\u00E9", "1234", "", {"text-octets"}},
      {"123456789\u00E9", "12345", "", {"html-octets", "text-octets"}},
      {"<i hidden>123456", "", "", {"html-octets"}},
  };
  for (const Case& c : cases) {
    INFO(c.html);
    Problems problems;
    const HtmlText html = html_to_text(c.html, limits, problems);
    CHECK(html.text == c.text);
    CHECK(html.hidden_text == c.hidden_text);
    CHECK(problems.names() == c.problems);
  }
  limits.html_octets = 100;
  Problems problems;
  CHECK(html_to_text("<i hidden>123456", limits, problems).hidden_text == "12345");
  CHECK(problems.names() == Names{"text-octets", "html-hidden-text"});
}

TEST_CASE("html_to_text says when HTML grows beyond all measure", "[html]") {
  Problems problems;
  static_cast<void>(html_to_text(repeated("<p>", 100'000), Limits{}, problems));
  CHECK(problems.has("html-octets"));
}

TEST_CASE("html_to_text bounds links, images and regions", "[html]") {
  Limits limits;
  limits.urls = 3;
  for (const std::size_t links : {2U, 3U, 4U}) {
    INFO(links);
    Problems problems;
    const HtmlText html = html_to_text(repeated("<a href=x>y<img src=z></a>", links), limits, problems);
    CHECK(html.links.size() == std::min<std::size_t>(links, 3));
    CHECK(html.images.size() == std::min<std::size_t>(links, 3));
    CHECK(problems.names() == (links > 3 ? Names{"urls"} : Names{}));
  }
  CHECK(read(repeated("<b class=x></b>", 3999)).regions.size() == 3999);
  CHECK(read(repeated("<b class=x></b>", 4000)).regions.size() == 4000);
  CHECK(read(repeated("<b class=x></b>", 4001)).regions.size() == 4000);
}

struct HostileCase {
  const char* name;
  std::string html;
  std::string text;  ///< how the text begins; all of it, unless it fills the limit
};

void check_hostile(const std::vector<HostileCase>& cases) {
  for (const HostileCase& c : cases) {
    INFO(c.name);
    const HtmlText html = read(c.html);
    CHECK(html.text.substr(0, c.text.size()) == c.text);
    CHECK((html.text.size() == c.text.size() || html.text.size() == Limits{}.text_octets));
    CHECK(is_valid_utf8(html.text));
  }
}

TEST_CASE("Hostile characters are read in linear time", "[html][hostile]") {
  check_hostile({
      {"<", repeated("<", 1'000'000) + "end", "<<<<"},
      {"&", repeated("&", 1'000'000) + "end", "&&&&"},
  });
}

TEST_CASE("Hostile attributes are read in linear time", "[html][hostile]") {
  std::string attributes = "<a";
  for (int i = 0; i < 80'000; ++i) attributes += " data-" + std::to_string(i) + "=1";
  check_hostile({
      {"80,000 attributes in a tag", attributes + ">end", "end"},
      {"attribute of 11 MB", "<a href='" + repeated(std::string(1'000'000, 'x'), 11) + "'>end", ""},
      {"attribute of 1 MB", "<a href='" + std::string(1'000'000, 'x') + "'>end", "end"},
      {"comments", repeated("<!--", 100'000) + "-->end", "end"},
      {"nested quotes in tags", repeated("<a b='", 50'001) + ">end", ""},
  });
}

TEST_CASE("Hostile nesting is read in linear time", "[html][hostile]") {
  check_hostile({
      {"nested div", repeated("<div>", 100'000) + "end", "end"},
      {"unclosed font", repeated("<font>", 50'000) + "end", "end"},
      {"end tags of another name", repeated("<b>", 50'000) + repeated("</i>", 50'000) + "end", "end"},
      {"end tags out of reach", "<b><table>" + repeated("<i>", 500) + repeated("</b>", 50'000) + "end",
       "end"},
      {"crossed tags", repeated("<b><div></b>", 20'000) + "end", "end"},
      {"unclosed paragraphs", repeated("<p>", 50'000) + "end", "end"},
      {"quotes", repeated("<blockquote>", 20'000) + "end", "> > > > > > > > > > end"},
      {"end tags of the document", "<html><body></body></html>" + repeated("</html>", 50'000) + "end", "end"},
  });
}

}  // namespace
}  // namespace coldpitch
