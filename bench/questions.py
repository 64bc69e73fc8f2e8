"""What is asked: for each row of the table, addresses that were never asked before in the run, ours and Datasette's."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

import psycopg

SEED = 12
PLAIN = {
    "region": "region_id",
    "stade": "stade",
    "lieu": "lieu",
    "modalite": "modalite",
    "cible": "cible",
    "sexe": "sexe",
}
ACCEPTED = {"feminin": "feminin,tous", "masculin": "masculin,tous"}  # as our own facet counts them
# Words that mean something to the search, the most common first, and in how many fiches each is.
WORDS = """
SELECT mot, nombre FROM initiatives_mot
WHERE mot ~ '^[[:alpha:]]{4,}$' AND numnode(plainto_tsquery('pg_catalog.french', mot)) > 0 ORDER BY nombre DESC, mot
"""
SAMPLE = f"""
SELECT numero, slug, mots, {", ".join(f"{column} AS {name}" for name, column in PLAIN.items())}
FROM initiatives_initiative WHERE statut = 'publiee' ORDER BY md5(numero::text) LIMIT 5000
"""
SAID = {
    "": {
        "qui": [
            "ma fille",
            "mon fils",
            "ma nièce",
            "ma sœur",
            "mon amie",
            "une jeune",
            "une élève",
            "la blonde de mon gars",
        ],
        "age": "{qui} de {age} ans {quoi}, {ou} {lieu}",
        "ou": ["on reste à", "je cherche de l'aide à", "on vient de", "y a-tu quelque chose à"],
        "quoi": [
            "reçoit de l'argent d'un homme plus vieux",
            "ne rentre plus dormir à la maison",
            "envoie des photos d'elle à des inconnus",
            "a un nouveau chum qui la contrôle",
            "veut arrêter mais a peur de lui",
            "a été recrutée par une gang",
            "consomme et fait des clients pour payer",
            "ne veut pas parler à la police",
        ],
    },
    "/en": {
        "qui": ["my daughter", "my son", "my niece", "my sister", "my friend", "a girl", "a student", "my roommate"],
        "age": "{qui} is {age} and {quoi}, {ou} {lieu}",
        "ou": ["we live in", "I need help in", "we come from", "is there anything in"],
        "quoi": [
            "gets money from an older man",
            "does not come home at night",
            "sends pictures of herself to strangers",
            "has a new boyfriend who controls her",
            "wants to leave but is afraid of him",
            "was recruited by a gang",
            "uses drugs and sees clients to pay",
            "does not want to talk to the police",
        ],
    },
}


@dataclass(frozen=True)
class Question:
    """The same question to both: `theirs` is what follows the table's address at Datasette, None where it has none."""

    ours: str
    theirs: str | None


class Questions:
    """Makes questions, none twice. The same for the same data, asked for in the same order."""

    def __init__(self, address: str):
        self.draw, self.asked = random.Random(SEED), set()
        with psycopg.connect(address) as connection:
            self.words = connection.execute(WORDS).fetchall()
            self.fiches = connection.cursor(row_factory=psycopg.rows.dict_row).execute(SAMPLE).fetchall()
            self.towns = [nom for (nom,) in connection.execute("SELECT nom FROM initiatives_localite ORDER BY slug")]
            (self.total,) = connection.execute(
                "SELECT count(*) FROM initiatives_initiative WHERE statut = 'publiee'"
            ).fetchone()
        # Set aside: no other row asks for them, so that « never asked » is true of the word itself.
        self.reserved = [word for word, _number in self.words[100::3]]
        self.draw.shuffle(self.reserved)
        kept = set(self.reserved)
        self.usual = [(word, number) for word, number in self.words if word not in kept]

    def new(self, make: Callable[[], Question]) -> Iterator[Question]:
        """What `make` gives, but for what was asked already. It ends when it finds nothing new in a thousand."""
        failures = 0
        while failures < 1000:
            question = make()
            if question.ours in self.asked:
                failures += 1
                continue
            self.asked.add(question.ours)
            failures = 0
            yield question

    def language(self) -> str:
        return self.draw.choice(["", "/en"])

    # Lists.

    def list_page(self, name: str = "initiatives/") -> Question:
        """The whole list: a page, an order, a language, and past these the selection that a visitor carries along."""
        pages = min(40, -(-self.total // 25))
        given = {"tri": self.draw.choice(["titre", "annee", "region"]), "page": self.draw.randint(1, pages)}
        if self.draw.random() < 0.3:
            given["f"] = self.draw.choice(self.fiches)["numero"]
        return Question(f"{self.language()}/{name}?{urlencode(given)}", "")

    def filtered(self, name: str = "initiatives/") -> Question:
        """Two or three facets of a fiche drawn at random: there is always an answer."""
        fiche = self.draw.choice(self.fiches)
        names = self.draw.sample([name for name in PLAIN if fiche[name]], self.draw.randint(2, 3))
        given = {one: fiche[one] for one in names}
        same = {f"{one}__in" if value in ACCEPTED else one: ACCEPTED.get(value, value) for one, value in given.items()}
        tri = {"tri": self.draw.choice(["titre", "annee", "region"])}
        return Question(f"{self.language()}/{name}?{urlencode(given | tri)}", f"?{urlencode(same)}")

    def half(self) -> Question:
        """The list of half of the regions: as wide as the list, and there are thousands of halves."""
        regions = sorted({fiche["region"] for fiche in self.fiches})
        chosen = self.draw.sample(regions, len(regions) // 2)
        tri = [("tri", self.draw.choice(["titre", "annee", "region"]))]
        asked = urlencode([("region", region) for region in chosen] + tri)
        return Question(f"{self.language()}/initiatives/?{asked}", f"?{urlencode({'region__in': ','.join(chosen)})}")

    # Searches.

    def search(self, text: str, name: str = "initiatives/", language: str | None = None) -> Question:
        language = self.language() if language is None else language
        return Question(f"{language}/{name}?{urlencode({'q': text})}", f"?{urlencode({'_search': text})}")

    def common(self, name: str = "initiatives/") -> Question:
        return self.search(self.draw.choice(self.usual[:80])[0], name)

    def rare(self) -> Question:
        return self.search(self.draw.choice(self.usual[-len(self.usual) // 3 :])[0])

    def two_words(self, name: str = "initiatives/") -> Question:
        """Two words of one fiche, neither among the most common nor set aside."""
        known = self.between
        while True:
            words = [word for word in self.draw.choice(self.fiches)["mots"] if word in known]
            if len(words) > 1:
                return self.search(" ".join(self.draw.sample(words, 2)), name)

    @property
    def between(self) -> set[str]:
        if not hasattr(self, "_between"):
            self._between = {word for word, _number in self.usual[40:]}
        return self._between

    def broad(self) -> Question:
        return self.search(" ".join(word for word, _number in self.draw.sample(self.usual[:25], 3)))

    def sentence(self, language: str) -> Question:
        said = SAID[language]
        words = {name: self.draw.choice(said[name]) for name in ("qui", "quoi", "ou")}
        text = said["age"].format(**words, age=self.draw.randint(12, 19), lieu=self.draw.choice(self.towns))
        return self.search(text, language=language)

    def typing_error(self) -> Question:
        """A word of the collection with two letters exchanged, which makes no other word of it."""
        known = {word for word, _number in self.words}
        while True:
            word, _number = self.draw.choice(self.usual[: len(self.usual) // 2])
            place = self.draw.randrange(1, len(word) - 2)
            wrong = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
            if len(word) > 6 and wrong not in known:
                return self.search(wrong)

    def never_asked(self) -> Question:
        return self.search(self.reserved.pop()) if self.reserved else Question("", None)

    # Pages.

    def fiche(self) -> Question:
        fiche = self.draw.choice(self.fiches)
        return Question(f"{self.language()}/initiatives/{fiche['slug']}/", f"/{fiche['numero']}")

    def home(self) -> Question:
        return Question(f"{self.language()}/", None)

    def rows(self) -> dict[str, Iterator[Question]]:
        """The computed rows of the table, in its order."""
        json = "initiatives.json"
        made = {
            "list": self.list_page,
            "filtered list": self.filtered,
            "search, common word": self.common,
            "search, rare word": self.rare,
            "search, two words": self.two_words,
            "search, broad": self.broad,
            "sentence, French": lambda: self.sentence(""),
            "sentence, English": lambda: self.sentence("/en"),
            "typing error": self.typing_error,
            "words never asked": self.never_asked,
            "fiche": self.fiche,
            "JSON list": lambda: self.list_page(json),
            "JSON search": lambda: self.common(json),
        }
        return {name: self.new(make) for name, make in made.items()}

    def mixed(self) -> Iterator[Question]:
        """What visitors ask, one after the other; home and fiches may come again, nothing else does."""
        rows = self.rows() | {name: iter(make, None) for name, make in (("fiche", self.fiche), ("home", self.home))}
        names = [
            *["filtered list", "search, two words", "fiche"] * 3,
            *["list", "sentence, French", "typing error"] * 2,
        ]
        names += ["home", "search, common word", "sentence, English", "JSON list"]
        for turn in count():
            yield next(rows[names[turn % len(names)]], None) or self.two_words()
