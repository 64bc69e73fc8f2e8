"""Requests of the list drawn at random, the same for the same seed: facets, years, orders, every kind of search."""

import json
from pathlib import Path
from random import Random

from django.conf import settings
from django.http import QueryDict

from initiatives.core import enums
from initiatives.finding.filters import CodesFacet, InitiativeFilter
from initiatives.models import Besoin, Initiative, Mot, Organisme

TESTS = Path(settings.BASE_DIR, "tests")
SHAPES = (
    *(
        "{word}",
        "{word} {word}",
        "{word} {word} {word}",
        '"{phrase}"',
        '"{phrase}" {word}',
        "{phrase}",
        "{word} -{word}",
    ),
    *('{word} -"{phrase}"', "{word} or {word}", "{typo}", "{typo} {word}", "{word} {place}", "{word} xqvzbnt"),
    *("{word} pour {age} ans", "fille de {age} ans {place}", "{name}", "{stade} {place}", "-{word}", "{sentence}"),
    *("{sentence}", "{sentence}", "{judged}", "{judged}", "mon fils de {age} ans {word}", "{phrase} pour parents"),
)


def sentences() -> list[str]:
    found = [row["q"] for row in json.loads((TESTS / "heard" / "judged.json").read_text("utf-8"))]
    return found + json.loads((TESTS / "heard" / "off_topic.json").read_text("utf-8"))[:20]


class Draw:
    """What requests are drawn from. A few queries."""

    def __init__(self, seed: int):
        self.random = Random(seed)
        self.words = list(Mot.objects.order_by("mot").values_list("mot", flat=True))
        self.texts = [text.split() for text in Initiative.objects.publiees().values_list("description", flat=True)]
        self.texts += [text.split() for text in Initiative.objects.publiees().values_list("titre", flat=True)]
        self.texts = [words for words in self.texts if words]
        self.names = list(Organisme.objects.publics().order_by("slug").values_list("sigle", "nom", "slug"))
        self.needs = list(Besoin.objects.values_list("slug", flat=True))
        self.sentences = sentences()
        self.judged = [row["q"] for row in json.loads((TESTS / "judged_queries.json").read_text("utf-8"))]

    def phrase(self) -> str:
        words = self.random.choice(self.texts)
        start, length = self.random.randrange(len(words)), self.random.randint(2, 4)
        return " ".join(words[start : start + length]).replace('"', "").replace("-", " ")

    def typo(self) -> str:
        word = self.random.choice([word for word in self.words if len(word) > 5])
        place = self.random.randrange(1, len(word) - 1)
        return self.random.choice([word[:place] + word[place + 1 :], word[:place] + word[place] + word[place:]])

    def text(self) -> str:
        choose = self.random.choice
        parts = choose(SHAPES).split("{word}")
        text = parts[0] + "".join(choose(self.words) + part for part in parts[1:])
        return text.format(
            phrase=self.phrase(),
            typo=self.typo(),
            place=choose(["Laval", "à Montréal", "sur la Côte-Nord", "Gaspésie", "québec"]),
            age=self.random.randint(11, 19),
            name=choose([name for row in self.names for name in row[:2] if name]),
            stade=choose(["projets suspendus", "en développement", "in operation"]),
            sentence=choose(self.sentences),
            judged=choose(self.judged),
        )[:300]

    def facet(self, name: str) -> list[str]:
        item, many = InitiativeFilter.base_filters[name], self.random.randint(1, 3)
        if isinstance(item, CodesFacet):
            return self.random.sample(item.enum.values, min(many, len(item.enum.values)))
        values = {
            "sexe": [enums.Sexe.values, 1],
            "age": [[*enums.BandeAge.values, "3", "14", "17", "40", "120"], 1],
            "porteur": [[row[2] for row in self.names], many],
            "besoin": [self.needs, many],
        }[name]
        return self.random.sample(*values)

    def parameters(self) -> QueryDict:
        """What a visitor may ask: a search or none, up to three facets, years and an order now and then."""
        data, chance = QueryDict(mutable=True), self.random.random
        if chance() < 0.7:
            data["q"] = self.text()
        for name in self.random.sample(list(InitiativeFilter.facets()), self.random.choice([0, 0, 1, 1, 2, 3])):
            data.setlist(name, self.facet(name))
        if chance() < 0.15:
            data[self.random.choice(["annee_min", "annee_max"])] = str(self.random.randint(1985, 2022))
        if chance() < 0.1:
            data["recension"] = "1"
        if chance() < 0.05:
            data["annee"] = "inconnue"
        if chance() < 0.3:
            data["tri"] = self.random.choice(["pertinence", "titre", "annee", "region"])
        if chance() < 0.1:
            data["exact"] = "1"
        return data
