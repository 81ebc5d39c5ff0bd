// SPDX-License-Identifier: MIT
#include "cli/mail_index.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/mail_source.h"
#include "cli/recipients.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

/// Enough for any header but a very long one, whose date then stands in it.
constexpr std::size_t kHeaderOctets = 64U * 1024U;

TimePoint time_of_file(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return {};
  return TimePoint(std::chrono::seconds(status.st_mtime));
}

/// The last name of a folder, without what mail programs put around it.
std::string plain_folder_name(std::string_view folder) {
  folder = folder.substr(folder.rfind('/') == std::string_view::npos ? 0 : folder.rfind('/') + 1);
  for (const std::string_view end : {".gz", ".xz", ".zst", ".bz2", ".mbox", ".mbx", ".tar"}) {
    if (folder.size() > end.size() && folder.ends_with(end)) folder.remove_suffix(end.size());
  }
  return to_ascii_lower(
      folder.substr(folder.rfind('.') == std::string_view::npos ? 0 : folder.rfind('.') + 1));
}

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

class MailIndex::Builder {
 public:
  Builder(const Options& options, const Events& events, MailIndex& index)
      : options_(options), events_(events), index_(index) {}

  void add(const std::string& root, bool sent) {
    std::error_code error;
    if (!fs::is_directory(root, error)) {
      add_file(root, root, sent);
      return;
    }
    const MailVisitor visitor{{}, events_.unreadable};
    for (const fs::path& file : mail_files_below(root, &visitor)) add_file(root, file.string(), sent);
  }

  void sort() {
    std::stable_sort(index_.messages_.begin(), index_.messages_.end(),
                     [](const Entry& left, const Entry& right) { return left.date < right.date; });
  }

 private:
  void add_file(const std::string& root, const std::string& path, bool sent) {
    Result<MailFile> opened = MailFile::open(path, options_.max_unpacked);
    if (!opened) {
      events_.unreadable(path, opened.error().detail);
      return;
    }
    const auto number = static_cast<std::uint32_t>(index_.files_.size());
    index_.files_.push_back({std::move(*opened), root, sent});
    std::optional<TimePoint> last;
    const Result<void> all =
        index_.files_.back().mail.find(kHeaderOctets, [&](const MailPlace& place, std::string_view begin) {
          std::optional<TimePoint> date = date_in_header(begin, options_.limits);
          if (!date) date = last ? *last : time_of_file(path);
          last = date;
          index_.messages_.push_back({*date, place, number});
          if (is_drafts_folder(index_.folder(index_.size() - 1))) index_.messages_.pop_back();
          if (events_.found) events_.found();
        });
    if (!all) events_.unreadable(path, all.error().detail);
  }

  const Options& options_;
  const Events& events_;
  MailIndex& index_;
};

MailIndex MailIndex::build(const Options& options, const Events& events) {
  MailIndex index;
  Builder builder(options, events, index);
  for (const std::string& archive : options.archives) builder.add(archive, false);
  for (const std::string& archive : options.sent) builder.add(archive, true);
  builder.sort();
  return index;
}

std::string MailIndex::path(std::size_t message) const {
  const Entry& entry = messages_[message];
  return files_[entry.file].mail.path_of(entry.place);
}

std::string MailIndex::folder(std::size_t message) const {
  const Entry& entry = messages_[message];
  const File& file = files_[entry.file];
  const MailFile::Section& section = file.mail.sections()[entry.place.section];
  return folder_name(file.root, section.path, section.is_mbox);
}

bool MailIndex::is_sent(std::size_t message) const {
  return files_[messages_[message].file].is_sent || is_sent_folder(folder(message));
}

Result<std::string> MailIndex::read(std::size_t message, std::size_t max_octets) const {
  const Entry& entry = messages_[message];
  return files_[entry.file].mail.read(entry.place, max_octets);
}

std::string folder_name(const std::string& root, const std::string& path, bool is_mbox) {
  const fs::path base = fs::path(root).lexically_normal();
  fs::path below = fs::path(path).lexically_normal().lexically_relative(base);
  if (!is_mbox) below = below.parent_path();
  if (below.filename() == "cur" || below.filename() == "new") below = below.parent_path();
  if (!below.empty() && below != "." && below.begin()->string() != "..") return below.string();
  if (base.has_filename()) return base.filename().string();
  return base.parent_path().filename().string();
}

bool is_sent_folder(const std::string& folder) {
  constexpr std::array<std::string_view, 24> kNames{"sent",
                                                    "sent items",
                                                    "sent messages",
                                                    "sent mail",
                                                    "sent-mail",
                                                    "outbox",
                                                    "gesendet",
                                                    "gesendete objekte",
                                                    "gesendete elemente",
                                                    "envoy&aok-s",
                                                    "envoyés",
                                                    "messages envoy&aok-s",
                                                    "éléments envoyés",
                                                    "enviados",
                                                    "elementos enviados",
                                                    "itens enviados",
                                                    "enviadas",
                                                    "posta inviata",
                                                    "inviata",
                                                    "verzonden",
                                                    "verzonden items",
                                                    "wys&aui-ane",
                                                    "wysłane",
                                                    "elementy wysłane"};
  return is_one_of(kNames, plain_folder_name(folder));
}

bool is_drafts_folder(const std::string& folder) {
  constexpr std::array<std::string_view, 10> kNames{"drafts",     "draft",         "entwürfe", "entw&apw-rfe",
                                                    "brouillons", "borradores",    "bozze",    "rascunhos",
                                                    "concepten",  "wersje robocze"};
  return is_one_of(kNames, plain_folder_name(folder));
}

}  // namespace coldpitch
