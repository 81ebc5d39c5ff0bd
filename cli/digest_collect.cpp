// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/digest.h"
#include "cli/mail_file.h"
#include "cli/mail_source.h"
#include "milter/pipeline.h"
#include "parsers/encoded_word.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

std::optional<TimePoint> delivered_at(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return std::nullopt;
  return TimePoint(std::chrono::seconds(status.st_mtime));
}

/// Maildir's flag T: the user deleted it.
bool is_trashed(const fs::path& file) {
  const std::string name = file.filename().string();
  const std::size_t flags = name.find(":2,");
  return flags != std::string::npos && name.find('T', flags) != std::string::npos;
}

struct Found {
  fs::path file;
  TimePoint time{};
};

/// Newest first.
std::vector<Found> messages_in(const fs::path& maildir, TimePoint from, TimePoint to) {
  std::vector<Found> found;
  for (const char* part : {"cur", "new"}) {
    std::error_code error;
    for (fs::directory_iterator entry(maildir / part, error), end; !error && entry != end;
         entry.increment(error)) {
      const std::optional<TimePoint> time = delivered_at(entry->path());
      if (!time || *time < from || *time > to || is_trashed(entry->path()) ||
          entry->path().filename().string().starts_with('.')) {
        continue;
      }
      found.push_back({entry->path(), *time});
    }
  }
  std::sort(found.begin(), found.end(), [](const Found& left, const Found& right) {
    return left.time != right.time ? left.time > right.time : left.file < right.file;
  });
  return found;
}

std::string sender_of(const Judgement& judgement) {
  const LinkedInMail& linkedin = judgement.linkedin;
  if (judgement.channel == Channel::linkedin && !linkedin.sender_name.empty()) {
    return linkedin.sender_name + (linkedin.sender_headline.empty() ? "" : ", " + linkedin.sender_headline) +
           " (LinkedIn)";
  }
  const Mailbox author = judgement.message.author();
  return author.display_name.empty() ? author.address() : author.display_name + " <" + author.address() + '>';
}

/// What the milter wrote when it put the message aside.
std::string reason_in_header(const Message& message) {
  Problems ignored;
  return decode_encoded_words(message.header().get("X-Cold-Pitch-Reason"), ignored);
}

DigestItem item_of(std::string_view octets, TimePoint time, const Snapshot& snapshot,
                   const std::string& recipient) {
  Envelope envelope;
  envelope.recipients = {recipient};
  envelope.time = time;
  const Judgement judgement = judge_message(octets, envelope, snapshot, {});
  DigestItem item;
  item.sender = sender_of(judgement);
  item.subject = judgement.message.subject;
  item.time = time;
  item.reason = judgement.verdict().level >= Level::pitch ? judgement.verdict().reason
                                                          : reason_in_header(judgement.message);
  return item;
}

}  // namespace

std::optional<std::size_t> collect_digest(const std::string& maildir, const Snapshot& snapshot,
                                          std::size_t most, Digest& digest) {
  std::error_code error;
  if (!fs::is_directory(fs::path(maildir) / "cur", error)) return std::nullopt;
  std::size_t unreadable = 0;
  for (const Found& found : messages_in(maildir, digest.from, digest.to)) {
    if (digest.items.size() == most) {
      ++digest.more;
      continue;
    }
    const Result<MailFile> file = MailFile::open(found.file.string(), kMaxUnpackedOctets);
    const Result<std::string> octets = file ? file->read({0, 0, 0, file->sections().front().octets},
                                                         snapshot.config.limits.message_octets + 1)
                                            : Result<std::string>(tl::unexpected(file.error()));
    if (!octets) {
      ++unreadable;
      continue;
    }
    digest.items.push_back(item_of(*octets, found.time, snapshot, digest.recipient));
  }
  return unreadable;
}

std::string maildir_of(const std::string& pattern, const std::string& address) {
  const std::string lower = to_ascii_lower(address);
  const std::size_t at = lower.rfind('@');
  const std::string user = lower.substr(0, at);
  const std::string domain = at == std::string::npos ? "" : lower.substr(at + 1);
  std::string path;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char kind = pattern[i] == '%' && i + 1 < pattern.size() ? pattern[i + 1] : '\0';
    const std::string* part = kind == 'u' ? &user : kind == 'd' ? &domain : kind == 'a' ? &lower : nullptr;
    if (part == nullptr) {
      path += pattern[i];
      continue;
    }
    if (part->empty() || part->find('/') != std::string::npos || part->find("..") != std::string::npos)
      return {};
    path += *part;
    ++i;
  }
  return path;
}

}  // namespace coldpitch
