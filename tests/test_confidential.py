"""What is not for everybody is in no public answer, whatever its shape: every address of the site is asked for."""

import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import translation

from initiatives import urls
from initiatives.core.enums import NatureContact, Visibilite
from initiatives.models import Contact, Decision, Initiative, Organisme, Proposition, Revision
from initiatives.publishing.standards.identifiers import identifier

from .conftest import pdf_text

pytestmark = pytest.mark.django_db

FICHE, PORTEUR = 104, "pipq"
SAID = "dite-a-tous"
TOLD_TO_SOME = "dite-aux-intervenants"
# For whom each word is, by where it is written.
HIDDEN = [
    *(TOLD_TO_SOME, "gardee-par-l-equipe", "precisee-a-l-equipe", "porteur-intervenants", "porteur-equipe"),
    *("note-de-fiche", "note-de-porteur", "motif-de-decision", "mots-qui-attendent", "mots-recus"),
]
# Signed links of the campaigns, which show an organisation its own fiches: tests of answers. Forms thank whoever sent.
# A place of HSDS is only where an address is public: asked for below.
BY_LINK = {
    "hsds-location",
    "verification",
    "verification-fiche",
    "verification-retirer",
    "verification-silence",
    "merci",
}
ASKED = {
    "selection.csv": f"?f={FICHE}",
    "selection.pdf": f"?f={FICHE}",
    "selection.svg": f"?f={FICHE}",
    "selection/": f"?f={FICHE}",
    "portrait/regions/": "?region=laval&region=estrie",
}


def arguments(name: str, route: str) -> list[str]:
    """What the address of this name is about: the fiche, the organisation, and so on."""
    if name.startswith("hsds-"):
        kinds = {
            "hsds-service": ("service", FICHE),
            "hsds-organization": ("organization", PORTEUR),
            "hsds-taxonomy": ("taxonomy", "region"),
            "hsds-term": ("taxonomy_term", "region", "laval"),
        }
        return [identifier(*kinds[name])] if name in kinds else []
    if "<" not in route:
        return []
    slug = Initiative.objects.get(pk=FICHE).slug
    about = {"initiatives": slug, "organismes": PORTEUR, "regions": "laval"}
    if name == "portrait-image":
        return ["annees"]
    return [about[route.partition("/<")[0].rpartition("/")[2]]]


def addresses() -> list[str]:
    """Every public address, in both languages."""
    found = []
    for language in ("fr-ca", "en"):
        with translation.override(language):
            for pattern in urls.urlpatterns:
                if pattern.name not in BY_LINK:
                    route = str(pattern.pattern)
                    found.append(reverse(pattern.name, args=arguments(pattern.name, route)) + ASKED.get(route, ""))
    return found


def text_of(response) -> str:
    """All that an answer says, read out of what wraps it."""
    body = response.getvalue()
    if body.startswith(b"%PDF"):
        return pdf_text(body)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as files:
            body = b"".join(files.read(name) for name in files.namelist())
    return body.decode("utf-8", "replace")


@pytest.fixture
def words(draft, editor):
    """A word at each level, of the fiche, of its organisation, and of what waits for an editor."""
    fiche = Initiative.objects.get(pk=FICHE)
    organisme = Organisme.objects.get(slug=PORTEUR)
    fiche.liens_porteurs.create(organisme=organisme, rang=9)
    for value, level, owner in [
        (SAID, Visibilite.PUBLIQUE, {"initiative": fiche}),
        (TOLD_TO_SOME, Visibilite.INTERVENANTS, {"initiative": fiche}),
        ("gardee-par-l-equipe", Visibilite.EDITEURS, {"initiative": fiche}),
        ("porteur-intervenants", Visibilite.INTERVENANTS, {"organisme": organisme}),
        ("porteur-equipe", Visibilite.EDITEURS, {"organisme": organisme}),
    ]:
        Contact.objects.create(nature=NatureContact.ADRESSE, valeur=value, visibilite=level, **owner)
    Contact.objects.filter(valeur=TOLD_TO_SOME).update(precision="precisee-a-l-equipe")
    Initiative.objects.filter(pk=FICHE).update(note_interne="note-de-fiche")
    Organisme.objects.filter(slug=PORTEUR).update(note_interne="note-de-porteur")
    kept = {"initiative": fiche, "par": editor}
    Decision.objects.create(**kept, ancien_statut="brouillon", nouveau_statut="publiee", motif="motif-de-decision")
    Revision.objects.create(
        **kept, nature="modification", avant={"titre": fiche.titre}, apres={"titre": "mots-qui-attendent"}
    )
    Proposition.objects.create(jeton="essai", reponses={"titre": "mots-recus"}, initiative=fiche)
    return fiche


def test_what_is_not_for_everybody_is_in_no_public_answer(visitor, words):
    said = set()
    for address in addresses():
        response = visitor.get(address)
        assert response.status_code == 200, address
        text = text_of(response)
        assert [word for word in HIDDEN if word in text] == [], address
        if SAID in text:
            said.add(address)
    # The word that is for everybody is where contacts are: the test would see the others there.
    for path in (
        *("/initiatives.json?region=laval", "/initiatives.csv", "/donnees/initiatives.json", "/donnees/repertoire.zip"),
        *("/donnees/repertoire.sqlite", "/initiatives.xlsx", "/initiatives.pdf?region=laval"),
    ):
        assert path in said or SAID in text_of(visitor.get(path)), path
    for path in (f"/initiatives/{words.slug}/", f"/initiatives/{words.slug}.json", f"/initiatives/{words.slug}.pdf"):
        assert path in said, path
    (place, *_others) = visitor.json("/hsds/service_at_locations", full="true")["contents"]
    for path in (
        *("/hsds/services?full=true&per_page=100&page=2", f"/hsds/services/{identifier('service', FICHE)}"),
        f"/hsds/service_at_locations/{place['id']}",
    ):
        assert SAID in text_of(visitor.get(path)), path


@pytest.mark.parametrize("word", HIDDEN)
def test_no_search_finds_it(visitor, words, word):
    for path in ("/initiatives.json", "/hsds/services", "/initiatives.csv"):
        parameter = "search" if path.startswith("/hsds") else "q"
        text = text_of(visitor.get(path, {parameter: f'"{word}"'}))
        assert words.slug not in text
    assert visitor.json(q=f'"{word}"')["total"] == 0
