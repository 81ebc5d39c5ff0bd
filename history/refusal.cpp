// SPDX-License-Identifier: MIT
#include "history/refusal.h"

#include <algorithm>
#include <array>
#include <string>

#include "parsers/fold.h"

namespace coldpitch {
namespace {

constexpr std::ptrdiff_t kMaxWords = 60;
/// No sixty words are longer; a bound on what is folded.
constexpr std::size_t kMaxOctets = 4096;

/// As folded text has them: lower case, plain quotes, "ss" for sharp s.
constexpr std::array kPhrases = std::to_array<std::string_view>({
    // en
    "not interested",
    "no interest",
    "remove me",
    "take me off",
    "unsubscribe",
    "stop emailing",
    "stop e-mailing",
    "stop contacting",
    "stop writing",
    "stop sending",
    "do not contact",
    "don't contact",
    "do not write",
    "don't write",
    "do not email",
    "don't email",
    "never contact",
    "never write",
    "this is spam",
    "leave me alone",
    "no thanks",
    "no, thanks",
    "no thank you",
    "no, thank you",
    // de
    "kein interesse",
    "nicht interessiert",
    "keine weiteren",
    "schreiben sie mir nicht",
    "aus ihrem verteiler",
    "das ist spam",
    "nein danke",
    "nein, danke",
    "kontaktieren sie mich nicht",
    // fr
    "pas intéressé",
    "ne m'intéresse pas",
    "ne plus me contacter",
    "ne me contactez plus",
    "ne m'écrivez plus",
    "retirez-moi",
    "désinscri",
    "désabonne",
    "non merci",
    "c'est du spam",
    // es
    "no me interesa",
    "no estoy interesad",
    "no estamos interesad",
    "no me escriba",
    "no me contacte",
    "deme de baja",
    "darme de baja",
    "no, gracias",
    "no gracias",
    "esto es spam",
    // it
    "non sono interessat",
    "non siamo interessat",
    "non mi interessa",
    "non mi contatt",
    "non mi scriv",
    "cancellatemi",
    "rimuovetemi",
    "no grazie",
    "no, grazie",
    // pt
    "não tenho interesse",
    "não estou interessad",
    "não temos interesse",
    "não me contat",
    "não me contact",
    "não me escrev",
    "remova-me",
    "me remova",
    "não, obrigad",
    "não obrigad",
    // nl
    "geen interesse",
    "niet geïnteresseerd",
    "geen belangstelling",
    "schrijf me uit",
    "neem geen contact",
    "niet meer mailen",
    "nee bedankt",
    "nee, bedankt",
    // pl
    "nie jestem zainteresowan",
    "nie jesteśmy zainteresowan",
    "proszę nie pisać",
    "proszę mnie usunąć",
    "proszę o usunięcie",
    "nie życzę sobie",
    "nie, dziękuję",
    "nie dziękuję",
});

}  // namespace

bool is_refusal(std::string_view text) {
  if (text.size() > kMaxOctets) return false;
  const std::string folded = fold_text(text).text;
  if (std::count(folded.begin(), folded.end(), ' ') >= kMaxWords) return false;
  return std::any_of(kPhrases.begin(), kPhrases.end(),
                     [&](std::string_view phrase) { return folded.find(phrase) != std::string::npos; });
}

}  // namespace coldpitch
