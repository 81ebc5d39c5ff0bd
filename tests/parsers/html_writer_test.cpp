// SPDX-License-Identifier: MIT
#include "parsers/html_writer.h"

#include "parsers/utf8.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

TEST_CASE("HtmlWriter lays out white space", "[html]") {
  HtmlWriter writer(1000);
  writer.block();
  writer.write(" \n one\t two ", false);
  writer.write(" three", false);
  writer.block();
  writer.block();
  writer.blank();
  writer.write("four\nfive", true);
  writer.line_break();
  writer.line_break();
  writer.line_break();
  writer.write("six ", false);
  writer.block();
  CHECK(writer.text() == "one two three\nfour\nfive\n\nsix");
  CHECK_FALSE(writer.full());
}

TEST_CASE("HtmlWriter keeps a line that holds a no-break space", "[html]") {
  HtmlWriter writer(1000);
  writer.write("a", false);
  writer.block();
  writer.write("\u00A0", false);
  writer.block();
  writer.write("b\u00A0c", false);
  CHECK(writer.text() == "a\n\nb c");
}

TEST_CASE("HtmlWriter marks quoted lines", "[html]") {
  HtmlWriter writer(1000);
  writer.write("a", false);
  writer.block();
  writer.quote();
  writer.write("b", false);
  writer.line_break();
  writer.line_break();
  writer.write("c", false);
  writer.block();
  writer.quote();
  writer.write("d", false);
  writer.unquote();
  writer.unquote();
  writer.unquote();
  writer.block();
  writer.write("e", false);
  CHECK(writer.text() == "a\n> b\n>\n> c\n> > d\ne");
}

TEST_CASE("HtmlWriter marks at most ten levels", "[html]") {
  HtmlWriter writer(1000);
  for (int i = 0; i < 11; ++i) writer.quote();
  writer.write("x", false);
  CHECK(writer.text() == "> > > > > > > > > > x");
}

TEST_CASE("HtmlWriter reads C1 controls as windows-1252", "[html]") {
  HtmlWriter writer(1000);
  writer.write("it\u0092s \u0080 5\u0081 \u00E9", false);
  CHECK(writer.text() == "it\u2019s \u20AC 5 \u00E9");
}

TEST_CASE("HtmlWriter stops when full, between characters", "[html]") {
  struct Case {
    std::size_t max_octets;
    const char* text;
    bool full;
  };
  const Case cases[] = {{6, "ab \u00E9d", false}, {5, "ab \u00E9", true}, {4, "ab", true}, {3, "ab", true},
                        {2, "ab", true},          {1, "a", true},         {0, "", true}};
  for (const Case& c : cases) {
    INFO(c.max_octets);
    HtmlWriter writer(c.max_octets);
    writer.write("ab  \u00E9d", false);
    CHECK(writer.text() == c.text);
    CHECK(writer.full() == c.full);
    writer.write("more", false);
    CHECK(writer.text().size() <= c.max_octets);
  }
}

TEST_CASE("HtmlWriter tells where an element stands", "[html]") {
  HtmlWriter writer(1000);
  writer.write("one", false);
  writer.block();
  const std::size_t begin = writer.text().size();
  CHECK(writer.span_from(begin) == Span{3, 3});
  writer.write(" two ", false);
  CHECK(writer.span_from(begin) == Span{4, 7});
  CHECK(writer.span_from(100) == Span{7, 7});
}

TEST_CASE("HtmlWriter writes a text as it writes its octets", "[html]") {
  const std::string text =
      "Two words,  three more words\nand \u00A0 \u00C4 one " + std::string(70, 'x') + " y z ";
  for (std::size_t most = 0; most < 2 * text.size() + 80; ++most) {
    CAPTURE(most);
    HtmlWriter whole(most);
    HtmlWriter parted(most);
    for (HtmlWriter* writer : {&whole, &parted}) {
      writer->write("First", false);
      writer->block();
      writer->quote();
    }
    for (int times = 0; times < 2; ++times) {
      whole.write(text, times == 0);
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t octets = utf8_sequence(text, at).octets;
        parted.write(text.substr(at, octets), times == 0);
        at += octets;
      }
    }
    CHECK(whole.text() == parted.text());
    CHECK(whole.full() == parted.full());
  }
}

}  // namespace
}  // namespace coldpitch
