"""What each form of the field asks, how much it takes, and what is read in its answers."""

import re
import time

import pytest
from django import forms
from django.core import signing
from django.http import QueryDict
from django.test import Client

from initiatives.hearing import questionnaire
from initiatives.models import Initiative, Proposition

from .forms import PAGES, fill, hidden, propose

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

LEAST_SECONDS = questionnaire.LEAST_SECONDS
AGE, YEAR, LONG = (0, 120), (1900, 2100), 2000
# Form → field → how much it takes: characters, a least and a most, or the kind of a choice. A `!` where it is required.
ASKED = {
    "projet": {"titre!": 300, "description": LONG, "annee": YEAR, "stade!": "radio"},
    "organismes": {
        "porteur_mention!": 300,
        "region!": "select",
        "telephone": 100,
        "courriel": 320,
        "partenaires": LONG,
        "financement": "radio",
        "financement_source": 300,
    },
    "clientele": {
        "public": "boxes",
        "intervenants": "boxes",
        "autre_clientele_mention": 300,
        "age_min": AGE,
        "age_max": AGE,
        "tous_ages": "box",
        "sexe": "radio",
        "implications": "boxes",
        "niveaux_risque": "boxes",
    },
    "contenu": {"objectifs": 4000, "composantes": LONG, "frequence": 200, "pour_en_savoir_plus": LONG},
    "envoi": {"autres_initiatives": LONG, "nom_expediteur": 100, "courriel_expediteur": 320},
    "signalement": {"raisons": "boxes", "texte": LONG, "courriel_expediteur": 320},
    "probleme": {"texte!": LONG, "page": 300, "courriel_expediteur": 320},
    "verification": {
        "stade!": "radio",
        "description": 6000,
        "objectifs": 6000,
        "clienteles": "boxes",
        "age_min": AGE,
        "age_max": AGE,
        "tous_ages": "box",
        "frequence": 200,
        "partenaires": LONG,
        "precisions": LONG,
    },
}
OF_ONE_LINE = {
    *("titre", "annee", "porteur_mention", "financement_source", "autre_clientele_mention", "age_min", "age_max"),
    *("frequence", "telephone", "courriel", "nom_expediteur", "courriel_expediteur", "page"),
}
FORMS = questionnaire.SECTIONS | {
    "signalement": questionnaire.SignalementForm,
    "probleme": questionnaire.ProblemeForm,
    "verification": questionnaire.VerificationForm,
}
KINDS = {
    forms.RadioSelect: "radio",
    forms.Select: "select",
    forms.CheckboxSelectMultiple: "boxes",
    forms.CheckboxInput: "box",
}


def taken(field):
    if isinstance(field, forms.IntegerField):
        return field.min_value, field.max_value
    return getattr(field, "max_length", None) or KINDS[type(field.widget)]


@pytest.mark.parametrize("name", FORMS)
def test_each_form_asks_what_is_written(name):
    fields = FORMS[name].base_fields
    assert {f"{field}{'!' * shown.required}": taken(shown) for field, shown in fields.items()} == ASKED[name]
    lines = {field for field, shown in fields.items() if type(shown.widget) in (forms.TextInput, forms.EmailInput)}
    assert lines == OF_ONE_LINE & set(fields)


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Tests write faster than people."""
    monkeypatch.setattr(questionnaire, "LEAST_SECONDS", 0)


@pytest.mark.parametrize("path", ["/proposer/", "/initiatives/les-survivantes/signaler/", "/accessibilite/signaler/"])
def test_what_is_missing_is_told_by_the_page_and_not_by_the_browser(visitor, path):
    page = visitor.page(path)
    assert re.findall(r"<(?:input|select|textarea)[^>]* required", page) == []
    assert re.findall(r"<label[^>]*>[^<]*:\s*</label>", page) == []  # Django's own suffix


def bound(name, **data):
    sent = QueryDict(mutable=True)
    for field, value in data.items():
        sent.setlist(field, value if isinstance(value, list) else [value])
    return FORMS[name](sent)


@pytest.mark.parametrize("name", ["clientele", "verification"])
@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"age_min": "12", "age_max": "12"}, {}),
        ({"age_min": "0", "age_max": "120"}, {}),
        ({"age_min": "13", "age_max": "12"}, {"age_max": ["L'âge minimal dépasse l'âge maximal."]}),
        ({"age_min": "1", "age_max": "0"}, {"age_max": ["L'âge minimal dépasse l'âge maximal."]}),
        ({"tous_ages": "on"}, {}),
        *(
            ({"tous_ages": "on"} | ages, {"tous_ages": ["« Tous les âges » et des âges précis s'excluent."]})
            for ages in ({"age_min": "0"}, {"age_max": "0"}, {"age_min": "12", "age_max": "17"})
        ),
    ],
)
def test_ages_that_contradict_each_other(name, sent, errors):
    assert bound(name, stade="en-application", **sent).errors == errors


@pytest.mark.parametrize(
    ("low", "high", "everyone", "words"),
    [
        (None, None, True, "Tous les âges"),
        (12, 17, False, "12 à 17 ans"),
        (0, 0, False, "0 à 0 ans"),
        (0, None, False, "0 ans et plus"),
        (None, 0, False, "0 ans et moins"),
        (None, None, False, ""),
    ],
)
def test_an_age_in_words(low, high, everyone, words):
    assert questionnaire.age_in_words(low, high, everyone) == words


@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({}, {"raisons": ["Cochez une raison, ou écrivez quelques mots."]}),
        ({"raisons": ["autre"]}, {}),
        ({"texte": "Fermée"}, {}),
        ({"courriel_expediteur": "essai"}, {"courriel_expediteur": ["Saisissez une adresse de courriel valide."]}),
    ],
)
def test_a_report_says_something(sent, errors):
    assert bound("signalement", **sent).errors == errors


def test_little_said_is_little_kept():
    """Neither empty answers, nor what was not ticked."""
    pages = {name: {} for name in PAGES} | {
        "projet": {"titre": "Un essai", "stade": "en-application"},
        "organismes": {"porteur_mention": "Un organisme", "region": "laval"},
    }
    propose(pages=pages)
    row = Proposition.objects.get()
    assert row.reponses == {
        "titre": "Un essai",
        "stade": "en-application",
        "porteur_mention": "Un organisme",
        "region": "laval",
    }
    assert (row.nom_expediteur, row.courriel_expediteur, row.autres_initiatives) == ("", "", "")


def test_every_age_is_an_answer():
    ages = {"public": ["parents"], "tous_ages": "on", "age_min": "", "age_max": ""}
    propose(pages=PAGES | {"clientele": ages})
    found = Proposition.objects.get().reponses
    told = {name: found[name] for name in ("tous_ages", "age_mention", "clienteles")}
    assert told == {"tous_ages": True, "age_mention": "Tous les âges", "clienteles": ["parents"]}
    assert not {"age_min", "age_max"} & set(found)


class TestToken:
    def test_is_new_each_time(self):
        one, other = questionnaire.new_token(), questionnaire.new_token()
        assert {name: type(value) for name, value in one.items()} == {"jeton": str, "debut": float, "pages": dict}
        assert len(one["jeton"]) == len(other["jeton"]) == 24
        assert one["jeton"] != other["jeton"]
        assert one["pages"] == {}

    @pytest.mark.parametrize(("seconds", "kept"), [(24 * 3600, True), (24 * 3600 + 1, False)])
    def test_lasts_a_day(self, monkeypatch, seconds, kept):
        began = int(time.time())
        monkeypatch.setattr(signing.time, "time", lambda: began)
        text = questionnaire.sign_token({"jeton": "a"})
        monkeypatch.setattr(signing.time, "time", lambda: began + seconds)
        assert questionnaire.read_token(text) == ({"jeton": "a"} if kept else None)

    def test_of_another_kind_is_none(self):
        assert questionnaire.read_token(signing.dumps({"jeton": "a"}, salt="initiatives.campagne")) is None

    @pytest.mark.parametrize(("seconds", "fast"), [(2.9, True), (3, False)])
    def test_is_sent_after_three_seconds(self, monkeypatch, seconds, fast):
        monkeypatch.setattr(questionnaire, "LEAST_SECONDS", LEAST_SECONDS)
        monkeypatch.setattr(time, "time", lambda: 1000 + seconds)
        assert questionnaire.too_fast({"debut": 1000}) is fast


def test_a_fiche_as_its_organisation_may_correct_it():
    fiche = Initiative.objects.get(numero=145)
    Initiative.objects.filter(pk=145).update(age_min=12, age_max=17, tous_ages=False, clienteles=["jeunes"])
    fiche.refresh_from_db()
    first = questionnaire.VerificationForm.first_values(fiche)
    assert first == {name: getattr(fiche, name) for name in ASKED_OF_AN_ORGANISATION}
    same = {name: "\n".join(value) if name == "objectifs" else value for name, value in first.items() if value}
    unchanged = bound("verification", **same, precisions="Le 211")
    assert unchanged.is_valid()
    assert unchanged.changes(fiche) == {}
    changed = bound("verification", **same | {"age_min": "", "clienteles": ["police", "parents"]})
    assert changed.is_valid()
    assert changed.changes(fiche) == {
        "age_min": None,
        "age_mention": "17 ans et moins",
        "clienteles": ["parents", "police"],
    }


ASKED_OF_AN_ORGANISATION = {name.rstrip("!") for name in ASKED["verification"]} - {"precisions"}


@pytest.mark.parametrize("url", ["/initiatives/les-survivantes/signaler/", "/accessibilite/signaler/"])
def test_the_form_of_a_report_is_signed_again_after_an_error(url):
    """What was typed and the token travel on: the second try is the same form."""
    browser = Client()
    page = browser.get(url).content.decode()
    again = browser.post(url, hidden(page) | {"courriel_expediteur": "essai"}).content.decode()
    kept = [questionnaire.read_token(hidden(text)["suivi"])["jeton"] for text in (page, again)]
    assert kept[0] == kept[1]


def test_a_number_that_calls_nobody_is_asked_again():
    page = Client().post("/proposer/", hidden(Client().get("/proposer/").content.decode()) | PAGES["projet"])
    wrong = PAGES["organismes"] | {"telephone": "418 555"}
    page = Client().post("/proposer/", hidden(page.content.decode()) | wrong)
    assert list(page.context["form"].errors) == ["telephone"]
    assert 'value="418 555"' in page.content.decode()


def test_a_page_is_asked_for_again_with_what_it_carried():
    """What a browser's « précédent » asks for (static/js/proposer.js): nothing of what was carried is lost or sent."""
    browser = Client()
    first = browser.get("/proposer/").content.decode()
    assert 'src="/static/js/proposer.js"' in first
    second = browser.post("/proposer/", hidden(first) | PAGES["projet"])
    assert second.headers["Cache-Control"] == "no-store"
    carried = hidden(second.content.decode())
    again = browser.post("/proposer/", carried | {"revenir": "1"}).content.decode()
    assert 'name="porteur_mention"' in again
    before = browser.post("/proposer/", carried | {"etape": "projet", "revenir": "1"}).content.decode()
    assert "Un projet d&#x27;essai" in before
    read = hidden(fill(browser))
    review = browser.post("/proposer/", read | {"revenir": "1"}).content.decode()
    assert ("Envoyer" in review, Proposition.objects.count()) == (True, 0)


def test_the_home_leads_to_it_before_its_foot(visitor):
    page = visitor.page("/").partition("<footer")[0]
    assert 'href="/proposer/"' in page
    assert 'href="/en/proposer/"' in visitor.page("/en/").partition("<footer")[0]
