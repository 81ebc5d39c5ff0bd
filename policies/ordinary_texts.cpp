// SPDX-License-Identifier: MIT
#include "policies/ordinary_texts.h"

#include <algorithm>
#include <array>

namespace coldpitch {
namespace {

constexpr std::size_t kTexts = 4;

struct Sample {
  std::string_view language;
  std::array<std::string_view, kTexts> texts;
};

/// Folded. Their subjects have nothing in common.
constexpr std::array<Sample, 8> kSamples{{
    {"en",
     {"hi tom, the pump in the cellar is dry again. can you bring a new seal when you come on friday? i "
      "shall be at the allotment "
      "until two, so leave it with anna next door.",
      "dear parents, the swimming lesson on monday starts at nine. please give your child a towel and "
      "something to eat. those who "
      "have a cold stay with class four in the library.",
      "thank you for the minutes. i have a question about item three: was the roof to be mended before the "
      "winter, or only once "
      "the council has answered? a short note is enough for me.",
      "your parcel was handed to a neighbour at 14 oak road. it is kept there until you fetch it. if it is "
      "not there, tell us the "
      "number on the card within a week and we look for it."}},
    {"de",
     {"hallo tom, die pumpe im keller steht wieder. bringst du am freitag eine neue dichtung mit? ich bin "
      "bis zwei im garten, gib "
      "sie sonst bei anna ab, die ist den ganzen tag da.",
      "liebe eltern, der schwimmunterricht beginnt am montag um neun. bitte geben sie ihrem kind ein "
      "handtuch und etwas zu essen "
      "mit. wer erkältet ist, bleibt bei der klasse vier in der bücherei.",
      "vielen dank für das protokoll. zu punkt drei habe ich eine frage: sollte das dach noch vor dem winter "
      "gemacht werden oder "
      "erst, wenn die gemeinde geantwortet hat? mir genügt ein kurzer satz.",
      "ihr paket liegt bei einem nachbarn in der eichenstraße 14. dort bleibt es, bis sie es abholen. ist es "
      "nicht da, nennen sie "
      "uns innerhalb einer woche die nummer auf der karte."}},
    {"fr",
     {"salut tom, la pompe de la cave est encore à sec. tu peux apporter un joint neuf vendredi ? je suis au "
      "jardin jusqu'à deux "
      "heures, sinon laisse-le chez anna, elle est là toute la journée.",
      "chers parents, le cours de natation commence lundi à neuf heures. donnez à votre enfant une serviette "
      "et de quoi manger. "
      "les enfants enrhumés restent avec la classe de quatrième à la bibliothèque.",
      "merci pour le compte rendu. une question sur le point trois : fallait-il refaire le toit avant "
      "l'hiver, ou seulement quand la "
      "mairie aura répondu ? un petit mot me suffit.",
      "votre colis est chez un voisin, 14 rue des chênes. il y reste jusqu'à ce que vous le preniez. s'il "
      "n'y est pas, donnez-nous "
      "dans la semaine le numéro de la carte."}},
    {"es",
     {"hola tom, la bomba del sótano está seca otra vez. ¿puedes traer una junta nueva el viernes? estoy en "
      "el huerto hasta las "
      "dos; si no, déjala en casa de ana, que está todo el día.",
      "queridos padres, la clase de natación empieza el lunes a las nueve. den a su hijo una toalla y algo "
      "de comer. los que estén "
      "resfriados se quedan con el cuarto curso en la biblioteca.",
      "gracias por el acta. tengo una duda sobre el punto tres: ¿había que arreglar el tejado antes del "
      "invierno o solo cuando "
      "conteste el ayuntamiento? me basta una línea.",
      "su paquete está con un vecino en la calle del roble 14. se queda allí hasta que lo recoja. si no "
      "está, díganos en una semana "
      "el número de la tarjeta."}},
    {"it",
     {"ciao tom, la pompa in cantina è di nuovo a secco. puoi portare una guarnizione nuova venerdì? sono "
      "nell'orto fino alle due, "
      "altrimenti lasciala da anna, che è in casa tutto il giorno.",
      "cari genitori, la lezione di nuoto comincia lunedì alle nove. date al bambino un asciugamano e "
      "qualcosa da mangiare. chi è "
      "raffreddato resta con la quarta in biblioteca.",
      "grazie per il verbale. una domanda sul punto tre: il tetto andava rifatto prima dell'inverno o solo "
      "dopo la risposta del "
      "comune? mi basta una riga.",
      "il suo pacco è da un vicino in via delle querce 14. resta lì finché non lo ritira. se non c'è, ci "
      "dica entro una settimana "
      "il numero sulla cartolina."}},
    {"nl",
     {"hoi tom, de pomp in de kelder staat weer droog. kun je vrijdag een nieuwe ring meenemen? ik ben tot "
      "twee uur in de tuin, "
      "geef hem anders bij anna af, die is de hele dag thuis.",
      "beste ouders, de zwemles begint maandag om negen uur. geef uw kind een handdoek en iets te eten mee. "
      "wie verkouden is, "
      "blijft bij groep vier in de bibliotheek.",
      "dank voor het verslag. over punt drie heb ik een vraag: moest het dak nog voor de winter worden "
      "gemaakt, of pas als de "
      "gemeente heeft geantwoord? een korte zin is genoeg.",
      "uw pakje ligt bij een buurman in de eikenstraat 14. daar blijft het tot u het ophaalt. ligt het er "
      "niet, geef ons dan binnen "
      "een week het nummer op de kaart."}},
    {"pl",
     {"cześć tomek, pompa w piwnicy znowu stoi. przywieziesz w piątek nową uszczelkę? jestem na działce do "
      "drugiej, najwyżej zostaw "
      "ją u ani, ona jest w domu cały dzień.",
      "drodzy rodzice, lekcja pływania zaczyna się w poniedziałek o dziewiątej. proszę dać dziecku ręcznik i "
      "coś do jedzenia. kto ma "
      "katar, zostaje z czwartą klasą w bibliotece.",
      "dziękuję za protokół. mam pytanie do punktu trzeciego: czy dach miał być naprawiony przed zimą, czy "
      "dopiero wtedy, gdy gmina "
      "odpowie? wystarczy mi jedno zdanie.",
      "państwa paczka jest u sąsiada przy dębowej 14. czeka tam na odbiór. jeśli jej nie ma, proszę w ciągu "
      "tygodnia podać nam numer "
      "z kartki."}},
    {"pt",
     {"olá tomás, a bomba da cave está outra vez seca. podes trazer um vedante novo na sexta? estou na horta "
      "até às duas; senão, "
      "deixa-o em casa da ana, que está lá todo o dia.",
      "caros pais, a aula de natação começa na segunda às nove. deem ao vosso filho uma toalha e algo para "
      "comer. quem estiver "
      "constipado fica com a quarta classe na biblioteca.",
      "obrigado pela ata. tenho uma dúvida no ponto três: o telhado era para arranjar antes do inverno, ou "
      "só depois de a câmara "
      "responder? basta-me uma linha.",
      "a sua encomenda está com um vizinho na rua do carvalho 14. fica lá até a ir buscar. se não estiver, "
      "diga-nos numa semana o "
      "número do cartão."}},
}};

}  // namespace

OrdinaryTexts ordinary_texts_hit_by(const Automata::Expression& expression) {
  OrdinaryTexts hit;
  hit.all = true;
  for (const Sample& sample : kSamples) {
    const bool hits_each = std::all_of(sample.texts.begin(), sample.texts.end(), [&](std::string_view text) {
      const Span whole{0, text.size()};
      return expression.hits(text, {&whole, 1});
    });
    hit.all = hit.all && hits_each;
    if (hits_each && hit.language.empty()) hit.language = sample.language;
    if (!hit.all && !hit.language.empty()) break;
  }
  return hit;
}

}  // namespace coldpitch
