"""What visitors ask: every kind of address, varied; some that were asked before, some that never were."""

import itertools
import random
import time
from collections.abc import Iterator
from urllib.parse import quote_plus

from .editor import Form
from .load import Ask, once
from .postgres import Cluster

WORDS = [
    *(
        "fugue",
        "cyberintimidation",
        "mentorat",
        "ma fille ne rentre plus dormir",
        "prévention école",
        "police",
        "refuge",
    ),
    *("sextorsion", "parents", "gang", "hébergement", "art", "théâtre", "jeunes filles", "recrutement", "consommation"),
]
FACETS = ["clientele=police", "modalite=mentorat", "stade=en-application", "sexe=feminin&age=14", "besoin=dormir"]
FICHES = "SELECT slug FROM initiatives_initiative WHERE statut = 'publiee' ORDER BY 1"
REGIONS = "SELECT DISTINCT region_id FROM initiatives_initiative ORDER BY 1"
PLAIN = [
    *("/", "/en/", "/initiatives/", "/aide/", "/en/aide/", "/regions/", "/besoins/", "/portrait/", "/organismes/"),
    *("/trouver/", "/glossaire/", "/ressources/", "/a-propos/", "/proposer/", "/en/proposer/"),
]
DATA = ["/initiatives.json", "/initiatives.csv", "/ressources.json", "/regions.json"]
PROBES = ["/sante/", "/sante/vivant/", "/sante/pret/"]
# A project that somebody proposes, section by section.
SECTIONS = [
    {"titre": "Un projet d'essai", "description": "Ce qui se fait.", "annee": "2024", "stade": "en-developpement"},
    {
        "porteur_mention": "Organisme d'essai",
        "region": "laval",
        "telephone": "418 555-0100",
        "courriel": "info@example.org",
        "financement": "finance",
    },
    {
        "public": ["jeunes", "parents"],
        "intervenants": ["scolaire"],
        "age_min": "12",
        "age_max": "17",
        "sexe": "feminin",
    },
    {"objectifs": "Informer", "composantes": "Le mentorat", "frequence": "Chaque mois"},
    {"autres_initiatives": "La table de concertation"},
]
TYPED = "Un projet d&#x27;essai"
LEAST_SECONDS = 3.2  # the site takes whoever fills five sections faster for a machine


def hidden(page: str) -> dict[str, str]:
    form = Form(page)
    return {name: form.value(name) for name in ("suivi", "etape")}


class Visitors:
    """`mix()`: what they ask, without end. `known`: what it may ask of fiches and regions."""

    def __init__(self, cluster: Cluster):
        self.fiches = [slug for (slug,) in cluster.sql(FICHES)]
        self.regions = [slug for (slug,) in cluster.sql(REGIONS)]
        self.forms: list[dict] = []
        self.origins = (f"127.0.{a}.{b}" for a in range(1, 250) for b in range(1, 250))

    def fill(self, port: int, number: int) -> None:
        """So many proposals filled to their last page, for the times when that page is sent."""
        for _ in range(number):
            page = once(port, "/proposer/").body.decode()
            for answers in SECTIONS:
                page = once(port, "/proposer/", hidden(page) | answers).body.decode()
            self.forms.append(hidden(page))
        time.sleep(LEAST_SECONDS)

    def proposal(self) -> Ask:
        """The last page of a proposal, sent from an address that sent nothing before."""
        form = self.forms.pop(0) if len(self.forms) > 1 else self.forms[0]
        return Ask("/proposer/", form, next(self.origins))

    def known(self) -> list[Ask]:
        """What a server was asked before something happens to it."""
        draw = random.Random(16)
        fiches = [f"/initiatives/{slug}/" for slug in draw.sample(self.fiches, 20)]
        regions = [f"/regions/{slug}/" for slug in self.regions]
        lists = [f"/initiatives/?{facet}" for facet in FACETS] + [
            f"/initiatives/?region={slug}" for slug in self.regions
        ]
        return [Ask(path) for path in (*PLAIN, *DATA, *fiches, *regions, *lists)]

    def mix(self, *, posts: bool = True, probes: bool = True, seed: int = 1) -> Iterator[Ask]:
        """Without end: pages that were asked before, fiches and lists that may not have been, searches, data, forms and
        probes.
        """
        draw, known = random.Random(seed), self.known()
        for number in itertools.count():
            yield draw.choice(known)
            yield Ask(f"/initiatives/{draw.choice(self.fiches)}/")
            yield Ask(f"/initiatives/?q={quote_plus(draw.choice(WORDS))}&region={draw.choice(self.regions)}")
            yield Ask(f"/initiatives/?{draw.choice(FACETS)}&region={draw.choice(self.regions)}")
            yield Ask(draw.choice(("/", "/aide/", "/en/aide/")))
            yield Ask(f"/en/initiatives/{draw.choice(self.fiches)}/")
            if number % 3 == 0:
                yield Ask(draw.choice(DATA))
            if probes and number % 4 == 1:
                yield Ask(draw.choice(PROBES))
            if posts and self.forms and number % 4 == 2:
                yield self.proposal()
