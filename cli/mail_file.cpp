// SPDX-License-Identifier: MIT
#include "cli/mail_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>
#include <utility>

#include "cli/mbox.h"
#include "cli/unpack.h"

namespace coldpitch {
namespace {

constexpr std::size_t kScanOctets = 1024U * 1024U;

Result<std::uint64_t> size_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return static_cast<std::uint64_t>(status.st_size);
  return tl::unexpected(Error{Code::permanent, 0, std::generic_category().message(errno)});
}

}  // namespace

Result<MailFile> MailFile::open(const std::string& path, std::uint64_t max_unpacked) {
  const Result<std::uint64_t> size = size_of(path);
  if (!size) return tl::unexpected(size.error());
  const Result<std::string> start = read_file_at(path, 0, kPackedStartOctets);
  if (!start) return tl::unexpected(start.error());
  MailFile file(path);
  if (!looks_packed(*start)) {
    file.add_section("", 0, *size, *start);
    return file;
  }
  Result<PackedStart> inner = unpack_start(path, kPackedStartOctets);
  if (!inner) return tl::unexpected(inner.error());
  if (!inner->is_archive && !looks_like_mbox(inner->octets)) {
    file.is_packed_message_ = true;
    file.add_section("", 0, std::numeric_limits<std::uint64_t>::max(), {});
    return file;
  }
  Result<Spool> spool = Spool::make();
  if (!spool) return tl::unexpected(spool.error());
  file.spool_ = std::make_unique<Spool>(std::move(*spool));
  Result<void> outcome = unpack(path, max_unpacked, *file.spool_,
                                [&](const std::string& name, std::uint64_t offset, std::uint64_t octets) {
                                  const Result<std::string> begin =
                                      read_at(file.spool_->descriptor(), offset,
                                              std::min<std::uint64_t>(octets, kPackedStartOctets));
                                  if (begin && octets > 0) file.add_section(name, offset, octets, *begin);
                                });
  if (!outcome) return tl::unexpected(outcome.error());
  return file;
}

Result<MailFile> MailFile::open(const std::string& path, Spool spool) {
  MailFile file(path);
  file.spool_ = std::make_unique<Spool>(std::move(spool));
  const Result<std::string> begin = file.octets_at(0, kPackedStartOctets);
  if (!begin) return tl::unexpected(begin.error());
  file.add_section("", 0, file.spool_->size(), *begin);
  return file;
}

void MailFile::add_section(const std::string& name, std::uint64_t offset, std::uint64_t octets,
                           std::string_view begin) {
  sections_.push_back({name.empty() ? path_ : path_ + '/' + name, offset, octets, looks_like_mbox(begin)});
}

Result<std::string> MailFile::octets_at(std::uint64_t offset, std::size_t octets) const {
  if (spool_) return read_at(spool_->descriptor(), offset, octets);
  if (!is_packed_message_) return read_file_at(path_, offset, octets);
  Result<PackedStart> start = unpack_start(path_, octets);
  if (!start) return tl::unexpected(start.error());
  return std::move(start->octets);
}

Result<void> MailFile::find_in_mbox(std::uint32_t section,
                                    const std::function<void(const MailPlace&)>& message) const {
  const Section& mbox = sections_[section];
  std::uint32_t number = 0;
  MboxScanner scanner([&](Span span) {
    message({section, ++number, mbox.offset + span.begin, span.size()});
  });
  for (std::uint64_t done = 0; done < mbox.octets;) {
    const std::size_t wanted = std::min<std::uint64_t>(kScanOctets, mbox.octets - done);
    const Result<std::string> block = octets_at(mbox.offset + done, wanted);
    if (!block) return tl::unexpected(block.error());
    if (block->empty()) break;
    scanner.feed(*block);
    done += block->size();
  }
  scanner.finish();
  return {};
}

Result<void> MailFile::find(std::size_t begin_octets,
                            const std::function<void(const MailPlace&, std::string_view)>& message) const {
  Result<void> outcome;
  const auto tell = [&](const MailPlace& place) {
    const Result<std::string> begin = begin_octets == 0 ? Result<std::string>() : read(place, begin_octets);
    if (!begin) {
      outcome = tl::unexpected(begin.error());
      return;
    }
    message(place, *begin);
  };
  for (std::uint32_t i = 0; i < sections_.size(); ++i) {
    if (!sections_[i].is_mbox) {
      tell({i, 0, sections_[i].offset, sections_[i].octets});
    } else if (Result<void> found = find_in_mbox(i, tell); !found) {
      outcome = found;
    }
  }
  return outcome;
}

Result<std::string> MailFile::read(const MailPlace& place, std::size_t max_octets) const {
  Result<std::string> octets = octets_at(place.offset, std::min<std::uint64_t>(place.octets, max_octets));
  if (octets && place.number > 0) return unquote_mbox(*octets);
  return octets;
}

std::string MailFile::path_of(const MailPlace& place) const {
  const std::string& path = sections_[place.section].path;
  return place.number == 0 ? path : path + '#' + std::to_string(place.number);
}

}  // namespace coldpitch
