"""Each role's week at the workshop, from the first screen, counted in gestures: a click, a choice in a list, a file."""

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.test import Client

from initiatives.core.enums import EtatContribution
from initiatives.keeping import revisions
from initiatives.models import Contact, Envoi, Initiative, Organisme, Proposition, Revision, Signalement

pytestmark = [pytest.mark.browser, pytest.mark.ignore_template_errors]


class Desk:
    """Somebody at the workshop. Typing is no gesture, and Enter goes with it."""

    def __init__(self, page, site):
        self.page, self.site, self.gestures = page, site, 0

    def begin(self):
        """A task, from the first screen."""
        self.gestures = 0
        self.page.goto(f"{self.site}/admin/")

    def click(self, what):
        self.gestures += 1
        self.page.click(what)

    def choose(self, what, index=1):
        self.gestures += 1
        self.page.select_option(what, index=index)

    def type(self, what, text, enter=False):
        self.page.fill(what, text)
        if enter:
            with self.page.expect_navigation():
                self.page.press(what, "Enter")

    def send(self, what):
        """A click that leads to a page."""
        self.gestures += 1
        with self.page.expect_navigation():
            self.page.click(what)


@pytest.fixture
def sit(visit, site_of_its_own, settings):
    """Somebody of this role at the first screen; the login has its own tests (test_workshop)."""
    settings.SECOND_FACTOR = False

    def at(role):
        user = User.objects.create_user(role, is_staff=True)
        user.groups.set(Group.objects.filter(name=role))
        browser = Client()
        browser.force_login(user)
        page = visit(f"{site_of_its_own}/sante/")
        cookie = browser.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site_of_its_own}])
        return Desk(page, site_of_its_own)

    return at


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


def test_the_week_of_who_writes(sit):
    desk = sit("rédaction")
    Signalement.objects.create(jeton="s", initiative_id=145, raisons=["coordonnees"], texte="Le numéro a changé.")
    answers = {
        "titre": "Les Survivantes",
        "porteur_mention": "SPVM",
        "region": "montreal",
        "frequence": "Le mardi soir",
    }
    Proposition.objects.create(jeton="p", reponses=answers)

    # A report: the fiche opens where it is about, and what answers it is said.
    desk.begin()
    desk.click(".attente a:has-text('Signalements reçus')")
    desk.click("#result_list tbody a")
    desk.click("#content a:text-is('Corriger la fiche')")
    assert "Le numéro a changé." in desk.page.locator("#signale").inner_text()
    desk.choose("[name=contacts-0-nature]")
    desk.type("[name=contacts-0-valeur]", "514 555-0100")
    desk.choose("[name=contacts-0-visibilite]", index=1)
    desk.send("input[name=_save] >> nth=-1")
    desk.send("input[value='Oui, la fiche est corrigée']")
    assert Signalement.objects.get().etat == EtatContribution.RETENUE
    assert desk.gestures == 7
    assert [row["valeur"] for row in Revision.objects.get().apres["contacts"]] == ["514 555-0100"]

    # A proposition, poured into the fiche that it is about.
    desk.begin()
    desk.click(".attente a:has-text('Propositions reçues')")
    desk.click("#result_list tbody a")
    desk.click("#content a:text-is('Comparer') >> nth=0")
    desk.page.check("#c-frequence")
    desk.choose("#usuelle")
    desk.send("input[value='Verser dans cette fiche']")
    assert desk.gestures <= 6
    assert Proposition.objects.get().initiative_id == 145
    assert Revision.objects.get(issue="en-attente").apres["frequence"] == "Le mardi soir"

    # A spreadsheet with a line that is wrong.
    desk.begin()
    desk.click("#content-main a:text-is('Initiatives')")
    desk.click("#content a:text-is('Importer un tableur')")
    rows = "numero;frequence;annee\n144;Chaque mois;2001\n143;Chaque jour;vingt\n"
    desk.page.set_input_files("#fichier", {"name": "f.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    desk.send("input[value='Essayer sans rien écrire']")
    assert "Un nombre entier est attendu." in desk.page.inner_text("#content")
    desk.click("input[value='Écrire la bonne ligne seulement']")
    desk.page.get_by_text("Import fait").wait_for()
    assert desk.gestures == 4
    assert set(Revision.objects.get(initiative=144).apres) == {"frequence", "annee"}
    assert desk.page.notes == []


def test_the_week_of_who_publishes(sit, settings):
    desk, writer = sit("révision"), User.objects.create_user("odile", is_staff=True)
    writer.groups.set(Group.objects.filter(name="rédaction"))
    revisions.propose(fiche(), {"frequence": "Le mardi soir"}, writer, "modification")
    first = Organisme.objects.create(slug="maison-essai", nom="Maison de l'Essai", categorie="communautaire")
    second = Organisme.objects.create(slug="maison-de-l-essai", nom="La maison de l'essai", categorie="communautaire")

    # What waits is read and published.
    desk.begin()
    desk.click(".attente a:has-text('Modifiées, à relire')")
    desk.click("#result_list tbody a")
    desk.choose("#usuelle")
    desk.send("input[value='Publier ce qui est coché']")
    assert (fiche().frequence, desk.gestures) == ("Le mardi soir", 4)

    # A mistake, undone.
    desk.begin()
    desk.click("#content-main a:text-is('Initiatives')")
    for place in range(3):
        desk.click(f"input.action-select >> nth={place}")
    desk.page.select_option("select[name=action]", "archive")
    desk.send("button[name=index]")
    desk.choose("#usuelle")
    desk.send(".submit-row input[type=submit]")
    archived = Initiative.objects.filter(statut="archivee")
    assert (archived.count(), desk.gestures) == (3, 7)
    desk.send("button:has-text('Annuler cette action')")
    assert (archived.count(), desk.gestures) == (0, 8)

    # Two organisations that are one.
    desk.begin()
    desk.click("#content a:text-is('Organismes en double')")
    desk.click("#content tr:has-text(\"Maison de l'Essai\") a:text-is('Fusionner')")
    desk.choose("#usuelle")
    desk.send("input[value='Fusionner']")
    assert desk.gestures <= 5
    gone = [row.fusionne_dans_id for row in Organisme.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")]
    assert sorted(gone, key=bool) in ([None, first.pk], [None, second.pk])

    # A campaign, read before anything is sent.
    organisme = fiche().porteurs[0]
    Contact.objects.create(organisme=organisme, nature="courriel", valeur="info@exemple.org", visibilite="publique")
    settings.EMAIL_CONFIGURED = True
    desk.begin()
    desk.click("#content-main a:text-is('Campagnes de vérification')")
    desk.click(".object-tools .addlink")
    desk.type("#id_nom", "Automne")
    desk.send("input[name=_save] >> nth=-1")
    assert "info@exemple.org" in desk.page.inner_text("#content")
    desk.send("input[value*='relire et confirmer']")
    desk.send("input[value*='Oui, écrire à']")
    assert desk.gestures <= 6
    call_command("send_campaigns", "--once")
    assert Envoi.objects.exclude(envoye_le=None).count() == 1
    assert desk.page.notes == []


def test_the_week_of_who_keeps_the_house(sit):
    desk = sit("administration")

    # A sentence of the home, changed.
    desk.begin()
    desk.click("#content-main a:text-is('Textes')")
    desk.click(".textes a >> nth=0")
    desk.type("#content-main textarea >> nth=0", "Un titre d'essai, dit en quelques mots simples.")
    desk.send("input[name=_save] >> nth=-1")
    assert desk.gestures == 3

    # The figures, and their file.
    desk.begin()
    desk.click("#content a:text-is('Statistiques')")
    with desk.page.expect_download() as file:
        desk.click("#content a:text-is('Télécharger (CSV)')")
    assert file.value.suggested_filename.startswith("repertoire-statistiques-")
    assert desk.gestures == 2
    assert desk.page.notes == []
