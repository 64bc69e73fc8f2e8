"""The forms as a browser has them: the workshop's, their addresses, what it would send back; and the questionnaire."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from initiatives.keeping import spreadsheet
from initiatives.models import Initiative

UPLOAD = "/admin/initiatives/initiative/importer/"


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def form_data(response):
    """What a browser would send back, unchanged."""
    data = {}
    for bound in response.context["adminform"].form:
        value = bound.value()
        if value not in (None, False):
            data[bound.html_name] = bound.field.prepare_value(value) if value != [] else []
    for formset in response.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        for bound in management:
            data[bound.html_name] = bound.value()
        for form in formset.formset.forms:
            for bound in form:
                data[bound.html_name] = "" if bound.value() is None else bound.value()
    return {name: value for name, value in data.items() if value is not None}


def as_csv(*rows):
    return spreadsheet.as_csv([list(map(str, row)) for row in rows])


def upload(browser, content, name="fiches.csv"):
    return browser.post(UPLOAD, {"fichier": SimpleUploadedFile(name, content)})


def written(browser, page):
    """The whole page of an import that was confirmed, as a text: it is written while it is read."""
    answer = browser.post(page.context["confirmer"])
    assert (answer.status_code, answer.streaming) == (200, True)
    return answer.getvalue().decode()


def tick(browser, action, *numbers, **sent):
    """The page that an act of the list shows about the fiches ticked."""
    ticked = {"action": action, "_selected_action": numbers}
    return browser.post(address(Initiative, "changelist"), ticked | sent)


def confirm(browser, page, **sent):
    """What that page is answered."""
    shown = page.context
    marks = [mark for _fiche, mark in shown["possibles"]]
    data = {"geste": shown["geste"].value, "fiche": marks, "filtres": shown["filtres"]}
    return browser.post(address(Initiative, "ensemble"), data | sent, follow=True)


def said(answer):
    """What the workshop says at the top of the page: (level, sentence)."""
    return [(message.level_tag, str(message)) for message in answer.context["messages"]]


PAGES = {
    "projet": {
        "titre": "Un projet d'essai",
        "description": "Ce qui se fait.",
        "annee": "2024",
        "stade": "en-developpement",
    },
    "organismes": {
        "porteur_mention": "Organisme d'essai",
        "region": "laval",
        "telephone": "418 555-0100",
        "courriel": "info@example.org",
        "partenaires": "Une école",
        "financement": "finance",
        "financement_source": "Un programme",
    },
    "clientele": {
        "public": ["jeunes", "parents"],
        "intervenants": ["scolaire", "police"],
        "autre_clientele_mention": "Familles d'accueil",
        "age_min": "12",
        "age_max": "17",
        "sexe": "feminin",
        "implications": ["victime", "tierce-partie"],
        "niveaux_risque": ["a-risque"],
    },
    "contenu": {
        "objectifs": "Informer\n\n Accompagner ",
        "composantes": "Le mentorat",
        "frequence": "Chaque mois",
        "pour_en_savoir_plus": "Un dépliant",
    },
    "envoi": {
        "autres_initiatives": "La table de concertation",
        "nom_expediteur": "Une intervenante",
        "courriel_expediteur": "essai@example.org",
    },
}


def hidden(page):
    return dict(re.findall(r'<input type="hidden" name="(suivi|etape)" value="([^"]*)"', page))


def fill(browser, pages=PAGES, prefix=""):
    """Goes through the questionnaire up to the page where it is read again; returns that page."""
    page = browser.get(f"{prefix}/proposer/").content.decode()
    for answers in pages.values():
        page = browser.post(f"{prefix}/proposer/", hidden(page) | answers).content.decode()
    return page


def propose(browser=None, pages=PAGES, **extra):
    browser = browser or Client()
    page = fill(browser, pages)
    return browser.post("/proposer/", hidden(page), **extra)
