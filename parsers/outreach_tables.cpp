// SPDX-License-Identifier: MIT
#include "parsers/outreach_tables.h"

#include <algorithm>
#include <array>
#include <vector>

#include "parsers/outreach.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using enum HostUse;
using enum HostMatch;

/// Sources: published tracker lists, vendors' set-up pages and real mail. More telling paths stand before whole hosts.
constexpr std::array kKnownHosts = {
    KnownHost{sales_tool, any, "", "/api/mailings/opened", "Outreach"},
    KnownHost{sales_tool, below, "app.outreach.io", "", "Outreach"},
    KnownHost{sales_tool, below, "outrch.com", "", "Outreach"},
    KnownHost{sales_tool, below, "getoutreach.com", "", "Outreach"},
    KnownHost{sales_tool, below, "salesloft.com", "/email_trackers", "Salesloft"},
    KnownHost{sales_tool, below, "custom-tracking.salesloft.com", "", "Salesloft"},
    KnownHost{sales_tool, prefix, "t.hubspotemail.", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.hubspotfree.", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.signaux", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.senal", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.signale", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.sidekickopen", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.sigopn", "", "HubSpot Sales"},
    KnownHost{sales_tool, prefix, "t.hsmsdd", "", "HubSpot Sales"},
    KnownHost{sales_tool, below, "t.strk#.email", "", "HubSpot Sales"},
    KnownHost{sales_tool, below, "track.getsidekick.com", "", "HubSpot Sales"},
    KnownHost{sales_tool, below, "hs-sales-engage.com", "", "HubSpot Sales"},
    KnownHost{sales_tool, any, "", "/e2t/o/", "HubSpot Sales"},
    KnownHost{sales_tool, any, "", "/e2t/c/", "HubSpot Sales"},
    KnownHost{sales_tool, any, "", "/e2t/to/", "HubSpot Sales"},
    KnownHost{sales_tool, any, "", "/e3t/Bto/", "HubSpot Sales"},
    KnownHost{sales_tool, any, "", "/e3t/Cto/", "HubSpot Sales"},
    KnownHost{sales_tool, below, "email.mixmax.com", "", "Mixmax"},
    KnownHost{sales_tool, below, "track.mixmax.com", "", "Mixmax"},
    KnownHost{sales_tool, below, "mixmax.com", "/api/track/", "Mixmax"},
    KnownHost{sales_tool, below, "t.yesware.com", "", "Yesware"},
    KnownHost{sales_tool, below, "yesware.com", "/trk", "Yesware"},
    KnownHost{sales_tool, below, "yesware.com", "/t/", "Yesware"},
    KnownHost{sales_tool, below, "aplolinks.com", "", "Apollo"},
    KnownHost{sales_tool, below, "custom.apollomail.io", "", "Apollo"},
    KnownHost{sales_tool, below, "gmreg#.net", "", "GMass"},
    KnownHost{sales_tool, below, "gmtrack.net", "", "GMass"},
    KnownHost{sales_tool, below, "gmss#.net", "", "GMass"},
    KnownHost{sales_tool, below, "gm.ag", "", "GMass"},
    KnownHost{sales_tool, below, "*-dot-yamm-track.appspot.com", "", "YAMM"},
    KnownHost{sales_tool, below, "mltrk.io", "/pixel", "Hunter"},
    KnownHost{sales_tool, below, "mltrk.io", "/unsubscribe", "Hunter"},
    KnownHost{sales_tool, below, "w1.mslai.net", "/prod/open/", "Mailshake"},
    KnownHost{sales_tool, below, "w1.msstnu.com", "/prod/open/", "Mailshake"},
    KnownHost{sales_tool, any, "", "/track/open/v2-", "Snov.io"},
    KnownHost{sales_tool, below, "snov-stream.com", "", "Snov.io"},
    KnownHost{sales_tool, below, "saleshandy.com", "/web/email/countopened", "Saleshandy"},
    KnownHost{sales_tool, below, "close.io", "/email_opened", "Close"},
    KnownHost{sales_tool, below, "close.com", "/email_opened", "Close"},
    KnownHost{sales_tool, below, "pipedrive.com", "/wf/open", "Pipedrive"},
    KnownHost{sales_tool, below, "infinite-stream-5194.herokuapp.com", "/pixel", "PersistIQ"},
    KnownHost{sales_tool, below, "sender#.zohoinsights-crm.com", "/ocimage/", "Zoho CRM"},
    KnownHost{sales_tool, below, "em.lemlist.com", "", "Lemlist"},
    KnownHost{sales_tool, below, "lmtrk.com", "", "Lemlist"},
    KnownHost{sales_tool, below, "custom.lemlist.com", "", "Lemlist"},
    KnownHost{sales_tool, below, "itrackly.com", "", "Instantly"},
    KnownHost{sales_tool, below, "inreg1.net", "", "Instantly"},
    KnownHost{sales_tool, below, "track.instantly.ai", "", "Instantly"},
    KnownHost{sales_tool, below, "sleadtrack.com", "", "Smartlead"},
    KnownHost{sales_tool, below, "srmailerapp.com", "", "SmartReach"},
    KnownHost{sales_tool, below, "c.prospectrck.com", "", "Overloop"},
    KnownHost{sales_tool, below, "email-composer-webhooks.gong.io", "", "Gong Engage"},
    KnownHost{sales_tool, below, "clicks.bisonapp.com", "", "Email Bison"},
    KnownHost{sales_tool, below, "emailtracking.pipl.ai", "", "pipl.ai"},
    KnownHost{sales_tool, below, "go.toutapp.com", "", "ToutApp"},
    KnownHost{sales_tool, below, "tx.buzzstream.com", "", "BuzzStream"},
    KnownHost{personal_tracker, below, "api.nylas.com", "/open", "Nylas"},
    KnownHost{personal_tracker, below, "mailfoogae.appspot.com", "", "Streak"},
    KnownHost{personal_tracker, below, "mailtrack.io", "/trace", "Mailtrack"},
    KnownHost{personal_tracker, below, "zen.sr", "/o", "Gem"},
    KnownHost{personal_tracker, below, "prosperworks.com", "/tp/t", "Copper"},
    KnownHost{personal_tracker, below, "tracking.cirrusinsight.com", "", "Cirrus Insight"},
    KnownHost{personal_tracker, below, "bl-1.com", "", "Bananatag"},
    KnownHost{personal_tracker, below, "contactmonkey.com", "", "ContactMonkey"},
    KnownHost{personal_tracker, below, "mailstat.us", "/tr", "Boomerang"},
    KnownHost{personal_tracker, below, "r.superhuman.com", "", "Superhuman"},
    KnownHost{calendar, below, "calendly.com", "/", "Calendly"},
    KnownHost{calendar, prefix, "meetings.hubspot.", "/", "HubSpot Meetings"},
    KnownHost{calendar, below, "meetings-#.hubspot.com", "/", "HubSpot Meetings"},
    KnownHost{calendar, below, "meetings-eu#.hubspot.com", "/", "HubSpot Meetings"},
    KnownHost{calendar, below, "cal.com", "/", "Cal.com"},
    KnownHost{calendar, below, "savvycal.com", "/", "SavvyCal"},
    KnownHost{calendar, below, "acuityscheduling.com", "", "Acuity"},
    KnownHost{calendar, below, "zcal.co", "/", "zcal"},
    KnownHost{calendar, below, "oncehub.com", "/", "OnceHub"},
    KnownHost{calendar, below, "chilipiper.com", "/", "Chili Piper"},
    KnownHost{calendar, below, "calendar.app.google", "/", "Google Calendar"},
    KnownHost{calendar, below, "calendar.google.com", "/calendar/appointments", "Google Calendar"},
    KnownHost{calendar, below, "calendar.google.com", "/calendar/u/0/appointments", "Google Calendar"},
    KnownHost{calendar, below, "outlook.office365.com", "/owa/calendar/", "Microsoft Bookings"},
    KnownHost{calendar, below, "outlook.office.com", "/bookwithme/", "Microsoft Bookings"},
    KnownHost{calendar, below, "outlook.office365.com", "/book/", "Microsoft Bookings"},
    KnownHost{calendar, below, "outlook.office.com", "/book/", "Microsoft Bookings"},
    KnownHost{calendar, below, "youcanbook.me", "", "YouCanBookMe"},
    KnownHost{calendar, below, "appointlet.com", "", "Appointlet"},
    KnownHost{calendar, below, "tidycal.com", "/", "TidyCal"},
    KnownHost{calendar, below, "app.reclaim.ai", "/m/", "Reclaim"},
    KnownHost{calendar, below, "app.usemotion.com", "/meet/", "Motion"},
    KnownHost{calendar, below, "lemcal.com", "/", "Lemcal"},
    KnownHost{calendar, below, "zeeg.me", "/", "Zeeg"},
    KnownHost{calendar, below, "meetergo.com", "/", "meetergo"},
    KnownHost{calendar, below, "bookings.zoho.com", "", "Zoho Bookings"},
};

constexpr auto kFreemailDomains = std::to_array<std::string_view>({
    "126.com",    "163.com",        "aim.com",        "aol.com",        "arcor.de",       "bol.com.br",
    "bluewin.ch", "btinternet.com", "comcast.net",    "email.cz",       "fastmail.com",   "fastmail.fm",
    "free.fr",    "freenet.de",     "gmail.com",      "gmx.at",         "gmx.ch",         "gmx.com",
    "gmx.de",     "gmx.net",        "googlemail.com", "hey.com",        "hotmail.com",    "icloud.com",
    "inbox.lv",   "interia.pl",     "laposte.net",    "libero.it",      "list.ru",        "live.com",
    "live.nl",    "mac.com",        "mail.com",       "mail.ru",        "me.com",         "msn.com",
    "o2.pl",      "onet.pl",        "op.pl",          "orange.fr",      "outlook.com",    "pm.me",
    "proton.me",  "protonmail.com", "qq.com",         "rediffmail.com", "rocketmail.com", "seznam.cz",
    "sfr.fr",     "t-online.de",    "tiscali.it",     "tuta.com",       "tutanota.com",   "virgilio.it",
    "wanadoo.fr", "web.de",         "wp.pl",          "yandex.com",     "yandex.ru",      "ymail.com",
});

/// Brands with one domain a country: "yahoo.co.uk", "hotmail.fr".
constexpr auto kFreemailBrands =
    std::to_array<std::string_view>({"yahoo", "hotmail", "outlook", "live", "gmx"});

constexpr auto kRoles = std::to_array<std::string_view>({
    "abuse",
    "accounting",
    "accounts",
    "achats",
    "admin",
    "administracion",
    "administration",
    "amministrazione",
    "anfrage",
    "ap",
    "automation",
    "bewerbung",
    "billing",
    "biuro",
    "booking",
    "buchhaltung",
    "business",
    "careers",
    "comercial",
    "commercial",
    "commerciale",
    "compras",
    "contact",
    "contactenos",
    "contacto",
    "contato",
    "contatti",
    "customerservice",
    "dev",
    "devel",
    "editor",
    "einkauf",
    "email",
    "enquiries",
    "enquiry",
    "events",
    "export",
    "feedback",
    "finance",
    "hallo",
    "hello",
    "help",
    "helpdesk",
    "hi",
    "hola",
    "hr",
    "info",
    "inkoop",
    "inquiry",
    "it",
    "jobs",
    "kontakt",
    "kundenservice",
    "mail",
    "marketing",
    "media",
    "news",
    "office",
    "orders",
    "partners",
    "post",
    "postmaster",
    "press",
    "presse",
    "procurement",
    "purchasing",
    "recepcion",
    "reception",
    "sales",
    "secretary",
    "security",
    "sekretariat",
    "service",
    "sprzedaz",
    "support",
    "team",
    "users",
    "vendas",
    "vendite",
    "ventas",
    "ventes",
    "verkoop",
    "vertrieb",
    "webmaster",
});

/// Compares from the right, label by label: what stands left of the pattern must end at a dot.
bool is_below_pattern(std::string_view host, std::string_view pattern) {
  while (!pattern.empty()) {
    const char wanted = pattern.back();
    pattern.remove_suffix(1);
    if (wanted == '#' || wanted == '*') {
      const auto fits = [wanted](char octet) {
        return is_ascii_digit(octet) || (wanted == '*' && (is_ascii_alpha(octet) || octet == '-'));
      };
      if (host.empty() || !fits(host.back())) return false;
      while (!host.empty() && fits(host.back())) host.remove_suffix(1);
    } else {
      if (host.empty() || host.back() != wanted) return false;
      host.remove_suffix(1);
    }
  }
  return host.empty() || host.back() == '.';
}

bool host_fits(const KnownHost& entry, std::string_view host) {
  switch (entry.match) {
    case below:
      return is_below_pattern(host, entry.host);
    case prefix:
      return host.starts_with(entry.host);
    case any:
      return true;
  }
  return false;
}

/// Entries by the end of the host: those that fit any host, and of the others those that end in the same two octets.
class HostIndex {
 public:
  HostIndex() {
    for (std::size_t i = 0; i < kKnownHosts.size(); ++i) {
      const KnownHost& entry = kKnownHosts[i];
      for (std::size_t end = 0; end < kEnds; ++end) {
        if (entry.match != below || end == end_of(entry.host)) by_end_[end].push_back(&entry);
      }
    }
  }

  /// In the order of the table; all that may fit `host`.
  [[nodiscard]] const std::vector<const KnownHost*>& candidates(std::string_view host) const {
    return by_end_[end_of(host)];
  }

  static const HostIndex& shared() {
    static const HostIndex index;
    return index;
  }

 private:
  static constexpr std::size_t kEnds = 64;

  /// No entry ends in a sign that stands for others.
  static std::size_t end_of(std::string_view host) {
    if (host.size() < 2) return 0;
    return (static_cast<unsigned char>(host.back()) +
            7U * static_cast<unsigned char>(host[host.size() - 2])) %
           kEnds;
  }

  std::array<std::vector<const KnownHost*>, kEnds> by_end_;
};

}  // namespace

const KnownHost* find_known_host(std::string_view host, std::string_view path) {
  const std::vector<const KnownHost*>& candidates = HostIndex::shared().candidates(host);
  const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const KnownHost* entry) {
    // A calendar's front page is not an invitation to book: "/" alone does not fit a path that names somebody.
    if (entry->path == "/" && path.size() < 2) return false;
    return path.starts_with(entry->path) && host_fits(*entry, host);
  });
  return found == candidates.end() ? nullptr : *found;
}

bool is_mailwizz_id(std::string_view text) {
  constexpr std::size_t kIdOctets = 13;
  return text.size() == kIdOctets && std::all_of(text.begin(), text.end(), is_ascii_alnum);
}

std::string_view find_bulk_mailer_link(std::string_view path, std::string_view query) {
  // ".../lists/<id>/unsubscribe/<id>..." and ".../campaigns/<id>/track-url/<id>..."
  const std::vector<std::string_view> parts = split(path, '/');
  for (std::size_t at = 0; at + 3 < parts.size(); ++at) {
    const bool unsubscribes = parts[at] == "lists" && parts[at + 2] == "unsubscribe";
    const bool tracks =
        parts[at] == "campaigns" && (parts[at + 2] == "track-url" || parts[at + 2] == "track-opening" ||
                                     parts[at + 2] == "web-version" || parts[at + 2] == "report-abuse");
    if ((unsubscribes || tracks) && is_mailwizz_id(parts[at + 1]) && is_mailwizz_id(parts[at + 3]))
      return "MailWizz";
  }
  // "unsubscribe.php?M=<member>&C=<code>&L=<list>&N=<mailing>"
  const bool interspire_page = path.ends_with("/unsubscribe.php") || path.ends_with("/display.php") ||
                               path.ends_with("/open.php") || path.ends_with("/link.php");
  const bool has_member = query.starts_with("M=") && query.size() > 2 && is_ascii_digit(query[2]);
  const bool has_mailing =
      query.find("&N=") != std::string_view::npos || query.find("&L=") != std::string_view::npos;
  return interspire_page && has_member && has_mailing ? "Interspire Email Marketer" : "";
}

bool is_role_local_part(std::string_view local_part) {
  return std::find(kRoles.begin(), kRoles.end(), local_part) != kRoles.end();
}

bool is_freemail_domain(std::string_view domain) {
  if (std::find(kFreemailDomains.begin(), kFreemailDomains.end(), domain) != kFreemailDomains.end())
    return true;
  constexpr std::size_t kLongestSuffix = 6;  // "com.br"
  return std::any_of(kFreemailBrands.begin(), kFreemailBrands.end(), [&](std::string_view brand) {
    const std::size_t rest = brand.size() + 1;
    return domain.starts_with(brand) && domain.size() > rest && domain[brand.size()] == '.' &&
           domain.size() - rest <= kLongestSuffix;
  });
}

}  // namespace coldpitch
