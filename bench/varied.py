"""Fiches that vary, from those of the report: the same for the same seed and number, whatever the size.

Seven in ten keep the facets of one fiche together; in the others each group of facets is another fiche's. Sentences are
recombined, words swapped within them; organisations and families grow as the square root of the number of fiches.
"""

import random
from dataclasses import dataclass, field
from functools import cached_property
from math import isqrt

from django.utils.text import slugify

REPORT = 152  # fiches of the report, which stay as they are
SEED = 12
INDEPENDENT = 0.3
BORROWED = 0.5  # sentences of another fiche
SWAPPED = 12  # one word in so many
# What depends on each other stays together: an age and its mention, a year and what is said in its place.
GROUPS = [
    ("region_id",),
    ("types", "types_connus"),
    ("clienteles", "autre_clientele_mention", "implications", "niveaux_risque"),
    ("lieu",),
    ("modalite",),
    ("cible", "cible_mention"),
    ("sexe", "age_min", "age_max", "tous_ages", "age_mention"),
    ("stade", "stade_mention"),
    ("annee", "annee_mention"),
]
TEXTS = ("description", "composantes", "pour_en_savoir_plus")


@dataclass
class Maker:
    """Makes the fiches and organisations of a size from `rows`, the report's fiches, and the `carriers` of each."""

    size: int
    rows: list[dict]
    organisations: list[dict]
    carriers: dict[int, list[int]]
    towns: list[str]
    sentences: dict[str, list[str]] = field(init=False)  # by language
    words: dict[str, list[str]] = field(init=False)

    def __post_init__(self):
        self.sentences = {language: [] for language in {row["langue"] for row in self.rows}}
        for row in self.rows:
            self.sentences[row["langue"]] += [one for name in TEXTS for one in cut(row[name])] + row["objectifs"]
        self.words = {
            language: [word for word in " ".join(texts).split() if swappable(word)]
            for language, texts in self.sentences.items()
        }

    @property
    def growth(self) -> float:
        """How many times more organisations and families there are than in the report."""
        return isqrt(10_000 * self.size // REPORT) / 100

    @cached_property
    def every_organisation(self) -> list[dict]:
        """The report's organisations, then as many as the size asks for: half a name, a town and a number."""
        known, last = self.organisations, max(row["id"] for row in self.organisations)
        made = []
        for rank in range(1, int(len(known) * self.growth) - len(known) + 1):
            draw = random.Random(SEED * 10**9 + rank)
            base = draw.choice(known)
            name = f"{first_half(base['nom'])} {draw.choice(self.towns)} {rank}"
            own = {"nom": name, "slug": f"{slugify(name)[:60]}-{rank}", "sigle": "", "nom_court": "", "variantes": []}
            made.append(base | own | {"id": last + rank, "fait_partie_de_id": None})
        return [*known, *made]

    def fiche(self, number: int) -> tuple[dict, list[int]]:
        """The fiche of this number as the columns that are written, and the ids of its organisations in their order."""
        draw = random.Random(SEED * 10**12 + number)
        base = draw.choice(self.rows)
        row = dict(base)
        if draw.random() < INDEPENDENT:
            for group in GROUPS:
                other = draw.choice(self.rows)
                row |= {name: other[name] for name in group if name in row}
        title = self.title(draw, base)
        row |= {name: self.text(draw, base[name], base["langue"]) for name in TEXTS}
        row |= {
            "numero": number,
            "titre": title,
            "slug": f"{slugify(title)[:60]}-{number}",
            "objectifs": [self.text(draw, one, base["langue"]) for one in base["objectifs"]],
            "famille": f"{base['famille']} {draw.randint(1, int(self.growth))}" if base["famille"] else "",
        }
        return row, self.carried_by(draw, base)

    def carried_by(self, draw: random.Random, base: dict) -> list[int]:
        """As many organisations as the base has, the first ones far more often than the last."""
        every = self.every_organisation
        own = self.carriers.get(base["numero"], [])
        drawn = [one if draw.random() < 0.2 else every[int(len(every) * draw.random() ** 2)]["id"] for one in own]
        return list(dict.fromkeys(drawn))

    def title(self, draw: random.Random, base: dict) -> str:
        other = draw.choice(self.rows)["titre"]
        title = base["titre"] if draw.random() < 0.5 else f"{first_half(base['titre'])} {first_half(other)}"
        title = self.swapped(draw, title, base["langue"])
        return f"{title} {draw.choice(self.towns)}"[:300] if draw.random() < 0.5 else title[:300]

    def text(self, draw: random.Random, own: str, language: str) -> str:
        """As many sentences as `own` has, about half of them another's, some words swapped."""
        kept = [draw.choice(self.sentences[language]) if draw.random() < BORROWED else one for one in cut(own)]
        return self.swapped(draw, " ".join(kept), language)

    def swapped(self, draw: random.Random, text: str, language: str) -> str:
        words = text.split(" ")
        for _ in range(-(-len(words) // SWAPPED) if text else 0):
            place = draw.randrange(len(words))
            if swappable(words[place]):
                words[place] = draw.choice(self.words[language])
        return " ".join(words)


def cut(text: str) -> list[str]:
    return [sentence.strip().rstrip(".") + "." for sentence in text.split(". ") if sentence.strip()]


def swappable(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and word.islower()


def first_half(text: str) -> str:
    words = text.split()
    return " ".join(words[: max(1, len(words) // 2)])
