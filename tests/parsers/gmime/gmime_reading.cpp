// SPDX-License-Identifier: MIT
#include <gmime/gmime.h>

#include <algorithm>
#include <memory>

#include "parsers/text.h"
#include "tests/parsers/gmime/reading.h"

namespace coldpitch::test {
namespace {

struct Unreference {
  void operator()(gpointer object) const { g_object_unref(object); }
};
template <class T>
using Owned = std::unique_ptr<T, Unreference>;

std::string copied(const char* text) { return text == nullptr ? std::string() : std::string(text); }

std::string taken(char* text) {
  std::string copy = copied(text);
  g_free(text);
  return copy;
}

std::string decoded_octets(GMimePart* part) {
  GMimeDataWrapper* content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const Owned<GMimeStream> memory(g_mime_stream_mem_new());
  g_mime_data_wrapper_write_to_stream(content, memory.get());
  const GByteArray* octets = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory.get()));
  return {reinterpret_cast<const char*>(octets->data), octets->len};
}

std::string type_of(GMimeObject* object) {
  GMimeContentType* type = g_mime_object_get_content_type(object);
  return type == nullptr ? "text/plain" : to_ascii_lower(taken(g_mime_content_type_get_mime_type(type)));
}

void add_object(GMimeObject* object, std::size_t depth, Reading& reading) {
  const std::size_t index = reading.parts.size();
  reading.parts.push_back({depth, type_of(object), {}, {}});
  if (GMIME_IS_MULTIPART(object)) {
    GMimeMultipart* multipart = GMIME_MULTIPART(object);
    for (int i = 0; i < g_mime_multipart_get_count(multipart); ++i) {
      add_object(g_mime_multipart_get_part(multipart, i), depth + 1, reading);
    }
  } else if (GMIME_IS_MESSAGE_PART(object)) {
    GMimeMessage* inner = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));
    GMimeObject* root = inner == nullptr ? nullptr : g_mime_message_get_mime_part(inner);
    if (root != nullptr) add_object(root, depth + 1, reading);
  } else if (GMIME_IS_TEXT_PART(object)) {
    reading.parts[index].octets = with_plain_line_ends(decoded_octets(GMIME_PART(object)));
    reading.parts[index].text =
        with_plain_line_ends(taken(g_mime_text_part_get_text(GMIME_TEXT_PART(object))));
  }
}

/// GMime leaves a local part quoted.
std::string plain_address(std::string_view address) {
  const std::size_t at = std::min(address.rfind('@'), address.size());
  std::string_view local = address.substr(0, at);
  if (local.size() < 2 || local.front() != '"' || local.back() != '"')
    return std::string(local) + to_ascii_lower(address.substr(at));
  local = local.substr(1, local.size() - 2);
  std::string plain;
  for (std::size_t i = 0; i < local.size(); ++i) {
    if (local[i] == '\\' && i + 1 < local.size()) ++i;
    plain += local[i];
  }
  return plain + to_ascii_lower(address.substr(at));
}

void add_mailboxes(InternetAddressList* list, Reading& reading) {
  for (int i = 0; list != nullptr && i < internet_address_list_length(list); ++i) {
    InternetAddress* address = internet_address_list_get_address(list, i);
    if (INTERNET_ADDRESS_IS_GROUP(address)) {
      add_mailboxes(internet_address_group_get_members(INTERNET_ADDRESS_GROUP(address)), reading);
    } else {
      const std::string name = copied(internet_address_get_name(address));
      const std::string spec = copied(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(address)));
      reading.from.push_back(comparable_name(name) + '|' + plain_address(spec));
    }
  }
}

}  // namespace

Reading read_with_gmime(std::string_view octets) {
  const Owned<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(octets.data(), octets.size()));
  const Owned<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
  GMimeParserOptions* options = g_mime_parser_options_new();
  g_mime_parser_options_set_allow_addresses_without_domain(options, TRUE);
  const Owned<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), options));
  g_mime_parser_options_free(options);
  Reading reading;
  if (!message) return reading;
  if (GMimeObject* root = g_mime_message_get_mime_part(message.get())) add_object(root, 0, reading);
  reading.subject = with_single_blanks(copied(g_mime_message_get_subject(message.get())));
  add_mailboxes(g_mime_message_get_from(message.get()), reading);
  return reading;
}

}  // namespace coldpitch::test
