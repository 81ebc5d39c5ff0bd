// SPDX-License-Identifier: MIT
#include "milter/config_schema.h"

namespace coldpitch {
namespace {

using namespace schema;

constexpr std::size_t kKiB = 1024;
constexpr std::size_t kGiB = kKiB * kKiB * kKiB;
constexpr std::size_t kSecond = 1000;
constexpr std::size_t kMinute = 60 * kSecond;
constexpr std::size_t kDay = 24 * 60 * kMinute;

}  // namespace

const MapSchema& config_schema() {
  static const MapSchema table{
      "configuration",
      {
          {.name = "listen",
           .value = text(),
           .meaning = "where the MTA connects: `unix:/path`, `inet:host:port` (Postfix's notation) or "
                      "`inet:port@host` (libmilter's)",
           .fallback = "unix:/run/coldpitch/milter.sock",
           .restart = true},
          {.name = "socket_mode",
           .value = text_like({"^[0-7]{1,4}$"}),
           .meaning = "mode of the Unix socket",
           .fallback = "\"0660\"",
           .restart = true},
          {.name = "socket_group",
           .value = text(),
           .meaning = "group of the Unix socket",
           .fallback = "(the process's)",
           .restart = true},
          {.name = "authentication",
           .value = map(authentication_schema),
           .meaning = "whose word is taken for who sent a message"},
          {.name = "local_domains",
           .value = one_or_list(text()),
           .meaning =
               "our own domains, with those below them: mail that is proved to come from them is not judged, "
               "and mail to them makes no contact",
           .fallback = "[]"},
          {.name = "lists",
           .value = one_or_list(text()),
           .meaning = "List-Ids subscribed to (with those below them), whose mail is not judged; other list "
                      "mail is then "
                      "judged as direct mail. `any`: all list mail is taken as subscribed to, but for that "
                      "of mass mailers",
           .fallback = "any"},
          {.name = "internal_networks",
           .value = one_or_list(text()),
           .meaning =
               "mail from there, and from authenticated clients, is outbound: learned from, never judged",
           .fallback = "[127.0.0.0/8, \"::1/128\"]"},
          {.name = "history", .value = map(history_schema), .meaning = "what is remembered between messages"},
          {.name = "linkedin", .value = map(linkedin_schema), .meaning = "how LinkedIn's mail is read"},
          {.name = "policies",
           .value = one_or_list(text()),
           .meaning = "names (`policies/NAME.yaml` beside the configuration, else shipped) or paths",
           .fallback = "[linkedin-professional-community, direct-outreach]"},
          {.name = "site",
           .value = map(site_schema),
           .meaning = "what this site is and buys, in the names of offers that rules give: by it an offer is "
                      "`irrelevant`"},
          {.name = "model",
           .value = text(),
           .meaning =
               "the text model ([model.md](model.md)): the path of one that `coldpitch train` made, or "
               "`none`",
           .fallback = "(the shipped one)"},
          {.name = "profiles",
           .value = list(map(profile_schema)),
           .meaning = "how mail for some recipients is treated; see below",
           .fallback = "(annotate for all)"},
          {.name = "allow_discard",
           .value = boolean(),
           .meaning = "whether a profile may say `discard`",
           .fallback = "false"},
          {.name = "limits", .value = map(limits_schema), .meaning = "what one message may cost; see below"},
          {.name = "metrics", .value = map(metrics_schema), .meaning = "numbers for Prometheus"},
          {.name = "control",
           .value = map(control_schema),
           .meaning = "how commands reach the running daemon"},
          {.name = "digest",
           .value = map(digest_schema),
           .meaning = "the mail users get about what was put aside for them (`coldpitch digest`)"},
          {.name = "on_fault",
           .value = word({"accept", "tempfail"}),
           .meaning = "what becomes of a message when the milter itself fails",
           .fallback = "accept"},
          {.name = "drain",
           .value = time(0, 5 * kMinute),
           .meaning = "longest `SIGTERM` waits for mail in flight",
           .fallback = "20 s"},
          {.name = "log", .value = map(log_schema), .meaning = "what the log says"},
      }};
  return table;
}

const MapSchema& authentication_schema() {
  static const MapSchema table{
      "authentication",
      {
          {.name = "trusted_authserv_ids",
           .value = one_or_list(text()),
           .meaning =
               "whose `Authentication-Results` fields are believed. The verifier in front must remove forged "
               "ones (OpenDKIM, OpenDMARC and rspamd do)",
           .fallback = "(this host's name; nobody's with `verify_dkim`)"},
          {.name = "verify_dkim",
           .value = boolean(),
           .meaning =
               "verify DKIM signatures here, for sites without a verifier in front; needs name servers",
           .fallback = "false"},
          {.name = "dns_timeout",
           .value = time(10, kMinute),
           .meaning = "longest the keys of one message are waited for; then its signatures prove nothing",
           .fallback = "2 s"},
      }};
  return table;
}

const MapSchema& history_schema() {
  static const MapSchema table{
      "history",
      {
          {.name = "backend",
           .value = word({"sqlite", "postgresql", "memory", "none"}),
           .meaning = "`postgresql`: one memory for several mail servers; `memory` forgets at exit",
           .fallback = "sqlite",
           .restart = true},
          {.name = "path",
           .value = text(),
           .meaning = "the SQLite file",
           .fallback = "/var/lib/coldpitch/history.db",
           .restart = true},
          {.name = "uri",
           .value = text(),
           .meaning = "the PostgreSQL server, as libpq takes it "
                      "(`postgresql://user@db1,db2/coldpitch?sslmode=verify-full`): "
                      "several hosts, TLS, `passfile`",
           .restart = true,
           .secret = true},
          {.name = "connections",
           .value = integer(1, 100),
           .meaning = "to the PostgreSQL server, at most",
           .fallback = "8",
           .restart = true},
          {.name = "queue",
           .value = integer(100, 1'000'000),
           .meaning = "events that may wait to be written; later ones are dropped and counted",
           .fallback = "20000",
           .restart = true},
          {.name = "secret",
           .value = text(),
           .meaning = "file with the key of the hashes in it; made at first start, mode 0600. Servers that "
                      "share a database need the same",
           .fallback = "(`path` with `.secret` behind it)",
           .restart = true},
          {.name = "limit",
           .value = time(1, kMinute),
           .meaning = "longest the store is waited for; then content alone decides",
           .fallback = "200 ms",
           .restart = true},
          {.name = "failures",
           .value = integer(1, 1000),
           .meaning = "so many questions in a row that fail, or take longer than `limit`, and the store is "
                      "asked no more for `pause`",
           .fallback = "3",
           .restart = true},
          {.name = "pause",
           .value = time(10, 10 * kMinute),
           .meaning = "then one question tries whether it is back",
           .fallback = "5 s",
           .restart = true},
          {.name = "on_failure",
           .value = word({"accept", "tempfail"}),
           .meaning = "what becomes of mail while the store does not answer: `accept` judges it by its "
                      "content alone, `tempfail` has the "
                      "sender's server try again later",
           .fallback = "accept"},
          {.name = "retention",
           .value = time(kDay, 3660 * kDay),
           .meaning = "what is older is forgotten",
           .fallback = "548 d"},
          {.name = "follow_ups",
           .value = time(kMinute, 3660 * kDay),
           .meaning = "how long a message that nobody answered counts when the sender writes again",
           .fallback = "365 d"},
          {.name = "return_after",
           .value = time(0, 3660 * kDay),
           .meaning =
               "a message that comes so long after a refusal is a return; before, it may have crossed it",
           .fallback = "24 h"},
          {.name = "accepted",
           .value = time(kMinute, 3660 * kDay),
           .meaning = "how long a LinkedIn invitation counts as just accepted",
           .fallback = "30 d"},
          {.name = "same_text_window",
           .value = time(kSecond, 30 * kDay),
           .meaning = "in which the same text to many people here is one mailing",
           .fallback = "24 h"},
          {.name = "same_text_recipients",
           .value = integer(2, 100),
           .meaning = "how many people here are many",
           .fallback = "3"},
      }};
  return table;
}

const MapSchema& site_schema() {
  static const MapSchema table{
      "site",
      {
          {.name = "we_are",
           .value = one_or_list(identifier()),
           .meaning = "what the site does itself, and is not sold",
           .fallback = "[]"},
          {.name = "we_buy",
           .value = one_or_list(identifier()),
           .meaning = "what it may have use for: every other offer is `irrelevant`",
           .fallback = "(not said)"},
          {.name = "not_for_us",
           .value = one_or_list(identifier()),
           .meaning = "what it has no use for: such an offer is `irrelevant`, and weighs more",
           .fallback = "[]"},
      }};
  return table;
}

const MapSchema& linkedin_schema() {
  static const MapSchema table{
      "linkedin",
      {
          {.name = "knowledge",
           .value = one_or_list(text(), 1),
           .meaning =
               "files on LinkedIn's layouts, languages and templates: names (`linkedin/NAME.yaml` beside the "
               "configuration, else shipped) or paths; a later one adds, and is looked at first",
           .fallback = "[notifications]"},
      }};
  return table;
}

const MapSchema& profile_schema() {
  static const MapSchema table{
      "profile",
      {
          {.name = "match",
           .value = one_or_list(text(), 1),
           .meaning = "recipients: addresses, domains (with those below them), `*`, or `file:PATH` with one "
                      "of these a line",
           .required = true},
          {.name = "mode",
           .value = word({"off", "annotate", "tag", "fold", "quarantine", "reject", "discard"}),
           .meaning = "what is done to a pitch; see below",
           .fallback = "annotate"},
          {.name = "actions",
           .value = map(profile_actions_schema),
           .meaning = "the same for single verdicts, such as `{ pitch: fold, repeat-pitch: reject }`"},
          {.name = "thresholds",
           .value = map(profile_thresholds_schema),
           .meaning = "scores that replace the policies' own",
           .fallback = "(the policies')"},
          {.name = "allow",
           .value = one_or_list(text()),
           .meaning =
               "senders that are never judged: addresses, domains, `linkedin.com/in/NAME`, or `file:PATH`",
           .fallback = "[]"},
          {.name = "block",
           .value = one_or_list(text()),
           .meaning = "senders whose mail breaks clause `unwanted` whatever it says; the more exact one of "
                      "`allow` and "
                      "`block` holds, `block` among equals",
           .fallback = "[]"},
          {.name = "wanted",
           .value = one_or_list(word({"recruiters", "events"})),
           .meaning = "kinds of mail that are not judged: recruiters' messages, invitations to events",
           .fallback = "[recruiters, events]"},
          {.name = "language",
           .value = text_like({"^[a-z]{2}$"}),
           .meaning = "of the words for people, in header fields and refusals: `en`, `de`, `fr`, `es`, `it`, "
                      "`pt`, `nl`, `pl`, or one of `messages/` beside the configuration",
           .fallback = "en"},
          {.name = "tag",
           .value = text(),
           .meaning = "what the action `tag` puts before the subject: 1 to 60 octets of any script",
           .fallback = "\"[pitch] \""},
          {.name = "quarantine",
           .value = word({"hold", "mailbox"}),
           .meaning = "what `quarantine` means: the MTA holds the message, or a mailbox gets it",
           .fallback = "hold"},
          {.name = "quarantine_mailbox", .value = text(), .meaning = "the mailbox of `quarantine: mailbox`"},
      }};
  return table;
}

const MapSchema& profile_actions_schema() {
  const auto action = [](std::string_view level, std::string_view meaning, std::string_view fallback) {
    return KeySchema{.name = level,
                     .value = word({"annotate", "tag", "fold", "quarantine", "reject", "discard"}),
                     .meaning = meaning,
                     .fallback = fallback};
  };
  static const MapSchema table{"actions",
                               {
                                   action("suspect", "what is done to suspect mail", "annotate"),
                                   action("pitch", "to a pitch", "(`mode`)"),
                                   action("repeat-pitch", "to a repeated one", "(as to a pitch)"),
                               }};
  return table;
}

const MapSchema& profile_thresholds_schema() {
  constexpr double kMost = 1000;
  static const MapSchema table{
      "thresholds",
      {
          {.name = "suspect", .value = number(0.1, kMost), .meaning = "score from which mail is suspect"},
          {.name = "pitch", .value = number(0.1, kMost), .meaning = "score from which it is a pitch"},
          {.name = "repeat-pitch",
           .value = number(0.1, kMost),
           .meaning = "score from which a repeated one is a repeat-pitch"},
      }};
  return table;
}

const MapSchema& limits_schema() {
  static const MapSchema table{
      "limits",
      {
          {.name = "message",
           .value = octets(kKiB, kGiB),
           .meaning = "octets scanned of a message; problem `message-octets`",
           .fallback = "10 MiB"},
          {.name = "mime_depth",
           .value = integer(1, 200),
           .meaning = "nesting of parts; `mime-depth`",
           .fallback = "30"},
          {.name = "mime_parts",
           .value = integer(1, 100'000),
           .meaning = "parts of a message; `mime-parts`",
           .fallback = "500"},
          {.name = "header",
           .value = octets(kKiB, kGiB),
           .meaning = "the header; `header-octets`",
           .fallback = "1 MiB"},
          {.name = "header_fields",
           .value = integer(1, 1'000'000),
           .meaning = "fields of the header; `header-fields`",
           .fallback = "2000"},
          {.name = "part_header",
           .value = octets(kKiB, kGiB),
           .meaning = "the header of a part; `header-octets`",
           .fallback = "256 KiB"},
          {.name = "field",
           .value = octets(998, kGiB),
           .meaning = "one field; `field-octets`",
           .fallback = "64 KiB"},
          {.name = "boundary",
           .value = octets(70, kKiB * kKiB),
           .meaning = "the boundary of a multipart, which is text past it; `boundary-octets`",
           .fallback = "200"},
          {.name = "mailboxes",
           .value = integer(1, 1'000'000),
           .meaning = "mailboxes of one address field; `mailboxes`",
           .fallback = "1000"},
          {.name = "text",
           .value = octets(kKiB, kGiB),
           .meaning = "text judged; `text-octets`",
           .fallback = "256 KiB"},
          {.name = "html",
           .value = octets(kKiB, kGiB),
           .meaning = "HTML read; `html-octets`",
           .fallback = "1 MiB"},
          {.name = "recipients",
           .value = integer(1, 1'000'000),
           .meaning = "envelope recipients; `recipients`",
           .fallback = "1000"},
          {.name = "urls",
           .value = integer(1, 1'000'000),
           .meaning = "links kept; `urls`",
           .fallback = "1000"},
          {.name = "evaluation",
           .value = time(10, 10 * kMinute),
           .meaning = "time to judge a message; `evaluation-time`",
           .fallback = "2 s"},
          {.name = "connections",
           .value = integer(1, 100'000),
           .meaning = "connections of the MTA; further ones pass unjudged, counted as a fault",
           .fallback = "1000"},
          {.name = "judged_at_once",
           .value = integer(1, 10'000),
           .meaning = "messages judged at the same time, which bounds memory; the others wait, `evaluation` "
                      "at most, and are then "
                      "judged all the same, counted as a fault",
           .fallback = "(number of processors, at least 2)"},
      }};
  return table;
}

const MapSchema& control_schema() {
  static const MapSchema table{
      "control",
      {
          {.name = "listen",
           .value = text(),
           .meaning = "`unix:/path` (mode 0660, group `socket_group`), or `inet:host:port`, where "
                      "`internal_networks` may ask",
           .fallback = "(off)",
           .required = true,
           .restart = true},
      }};
  return table;
}

const MapSchema& digest_schema() {
  static const MapSchema table{
      "digest",
      {
          {.name = "recipients",
           .value = one_or_list(text()),
           .meaning = "addresses of those who get one; nobody does unless they stand here",
           .fallback = "[]"},
          {.name = "maildir",
           .value = text(),
           .meaning = "the folder their folded mail is filed into: `%u` is the part of the address before "
                      "the `@`, `%d` the "
                      "domain, `%a` all of it"},
          {.name = "sender",
           .value = text(),
           .meaning = "address it comes from",
           .fallback = "(coldpitch@ and the recipient's domain)"},
          {.name = "since",
           .value = time(kMinute, 366UL * 24 * 60 * kMinute),
           .meaning = "how far back it looks",
           .fallback = "7 d"},
          {.name = "sendmail",
           .value = text(),
           .meaning = "program that takes it",
           .fallback = "/usr/sbin/sendmail"},
          {.name = "note", .value = text(), .meaning = "your own words at its end, such as whom to ask"},
      }};
  return table;
}

const MapSchema& metrics_schema() {
  static const MapSchema table{"metrics",
                               {
                                   {.name = "listen",
                                    .value = text(),
                                    .meaning = "`host:port`, such as `127.0.0.1:9894`",
                                    .fallback = "(off)",
                                    .required = true,
                                    .restart = true},
                               }};
  return table;
}

const MapSchema& log_schema() {
  static const MapSchema table{"log",
                               {
                                   {.name = "level",
                                    .value = word({"debug", "info", "warning", "error"}),
                                    .meaning = "the least that is said",
                                    .fallback = "info"},
                                   {.name = "addresses",
                                    .value = boolean(),
                                    .meaning = "whether the log names envelope senders and message ids",
                                    .fallback = "false"},
                               }};
  return table;
}

}  // namespace coldpitch
