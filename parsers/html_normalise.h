// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/html_element.h"

namespace coldpitch {

/// Attributes that say something about text. In the order of their names.
enum class HtmlAttributeName : std::uint8_t {
  alt,
  background,
  bgcolor,
  class_names,
  color,
  data,  ///< any that begins with "data-"
  height,
  hidden,
  href,
  id,
  size,
  src,
  style,
  text,
  type,
  width,
};

/// HTML in a form that no parser can be led astray or slowed down by: tags for
/// libxml2 to nest, and what stands in and between them beside.
struct NormalisedHtml {
  /// Stands for a text in `markup`.
  static constexpr char kTextMark = '.';

  /// Octets of `octets` with those of `decoded` behind them; of one of the two.
  struct Piece {
    std::uint32_t begin = 0;
    std::uint32_t size = 0;
  };
  struct Attribute {
    HtmlAttributeName name = HtmlAttributeName::data;
    Piece written_name;  ///< in lower case, of `data` only
    Piece value;         ///< references decoded
  };
  struct Tag {
    std::uint32_t attributes_end = 0;  ///< in `attributes`; they begin where those of the tag before end
    std::uint8_t element = 0;          ///< its place among all
  };

  std::string markup;     ///< start and end tags without attributes, a mark for
                          ///< each text; a <div> holds all
  std::vector<Tag> tags;  ///< start tags, in order
  std::vector<Attribute> attributes;
  std::vector<Piece> texts;  ///< in order, references decoded
  std::string octets;        ///< the input
  std::string decoded;       ///< what does not stand in the input
  std::string style_sheets;  ///< contents of all style elements, joined by line ends
  bool cut = false;          ///< the end of the input was left out

  /// Points into this object.
  [[nodiscard]] std::string_view view(Piece piece) const {
    const bool stands_in_input = piece.begin < octets.size();
    const std::string_view source = stands_in_input ? octets : decoded;
    return source.substr(stands_in_input ? piece.begin : piece.begin - octets.size(), piece.size);
  }
};

/// Takes HTML (WHATWG tokenization, §13.2.5) apart, in linear time.
///
/// Dropped: comments, declarations and Microsoft's `<![if ...]>`, scripts,
/// titles and other raw text, control octets and noncharacters, attributes that
/// say nothing about text and all past the 256th of a tag, tags of html and
/// head, end tags that end nothing. Of attributes of one name the first counts.
/// Start and end tags of the result are balanced, at most 512 deep (text deeper
/// down stays). Character references are those of HTML 4, by libxml2's table,
/// and the punctuation of HTML 5. Ill-formed UTF-8 becomes U+FFFD. Reading ends
/// where the markup is twice as long as the input and 64 KiB (`cut`): no mail
/// but a hostile one comes near. At most 1 GiB of `html` may be given. Never
/// fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] NormalisedHtml normalise_html(std::string_view html);

}  // namespace coldpitch
