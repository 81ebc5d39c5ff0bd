# SPDX-License-Identifier: MIT
"""The texts the shipped model learns from besides: well formed, invented, each a text of its own, and none from the quality set.

A text that is learned from and measured on would make the measure worthless. That none stands in the corpus of real mail either
is looked at by quality_set_test.py corpus.
"""

import collections
import sys

import quality_set_test as quality

FEWEST = 10  # of each kind in each language, else the trainer leaves the language out (kFewestInLanguage in cli/text_trainer.h)
SHARED_WITH_MEASURED = 2  # runs of words: a phrase one word longer than a run
LANGUAGES = ("de", "en", "es", "fr", "it", "nl", "pl", "pt")


def check_form(found):
    """Each message by itself."""
    for text in found:
        if any(part.defects for part in text.message.walk()) or not str(text.message.get("Subject", "")).strip():
            yield f"{text.where}: is damaged or has no subject"
        if not text.words:
            yield f"{text.where}: has no text"
        foreign = {host for host in quality.HOST.findall(text.everything()) if not quality.INVENTED.search(host.lower().strip("."))}
        if foreign:
            yield f"{text.where}: {sorted(foreign)} may be real"


def check_spread(found):
    """Every language on both sides."""
    counts = collections.Counter((text.label, text.path.stem.partition("-")[0]) for text in found)
    print(dict(sorted(counts.items())))
    for label in ("pitch", "ham"):
        for language in LANGUAGES:
            if counts[label, language] < FEWEST:
                yield f"{label}: {counts[label, language]} texts in {language}, fewer than {FEWEST}"
    yield from (f"{label}: {language} is none of {LANGUAGES}" for label, language in counts if language not in LANGUAGES)


def check_uniqueness(found):
    """No text stands twice, and none in the quality set: a set phrase at most."""
    holders = collections.defaultdict(set)
    for text in [*found, *quality.fixtures()]:
        for shingle in quality.shingles(text.words, quality.SHINGLE):
            holders[shingle].add(text.where)
    shared = collections.Counter()
    for where in holders.values():
        ordered = sorted(where)
        shared.update((first, second) for at, first in enumerate(ordered) for second in ordered[at + 1 :])
    ours = {text.where for text in found}
    for (one, other), count in shared.items():
        limit = quality.SHARED_SHINGLES if one in ours and other in ours else SHARED_WITH_MEASURED
        if count > limit and (one in ours or other in ours):
            yield f"{one} and {other} share {count} runs of {quality.SHINGLE} words"


def main():
    found = list(quality.training_texts())
    complaints = [complaint for check in (check_form, check_spread, check_uniqueness) for complaint in check(found)]
    for complaint in sorted(set(complaints))[:100]:
        print(complaint)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
