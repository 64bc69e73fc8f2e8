"""The form of a fiche: its sections, what it says is missing, its objectives, and the page that it would make."""

import re
from html import unescape

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from initiatives.keeping import history, revisions, state
from initiatives.keeping.lacking import lacks
from initiatives.models import Contact, Initiative, Organisme, Version

from .forms import address, form_data
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]

CHANGE = address(Initiative, "change", 145)
DIRECT = address(Initiative, "direct", 145)
NEW = address(Initiative, "direct-ajout")


def fiche(numero=145):
    return Initiative.objects.get(numero=numero)


def sections(answer):
    return {section.code: section for section in answer.context["sections"]}


def opened(answer):
    return {code for code, section in sections(answer).items() if section.ouverte}


class TestSections:
    def test_a_question_is_whole_and_contacts_come_early(self, workshop):
        page = workshop.get(CHANGE).content.decode()
        parts = dict(re.findall(r'<details class="section section-([\w-]+)"(.*?)</details>', page, re.DOTALL))
        assert list(parts) == [
            *("nom", "joindre", "annee", "porteur", "partenaires", "financement", "clientele", "objectifs"),
            *("composantes", "deploiement", "savoir-plus", "classement", "suivi", "portrait"),
        ]
        assert 'id="contacts-group"' in parts["joindre"]
        assert 'id="liens_porteurs-group"' in parts["porteur"]
        assert 'id="id_porteur_mention"' in parts["porteur"]
        assert 'id="id_region"' in parts["porteur"]

    def test_what_lacks_is_open_and_the_rest_says_what_it_holds(self, workshop):
        answer = workshop.get(CHANGE)
        assert opened(answer) == {"nom", "joindre"}
        assert sections(answer)["annee"].dit == "2011 · En application"
        Initiative.objects.filter(pk=145).update(annee=None, objectifs=[])
        assert opened(workshop.get(CHANGE)) == {"nom", "joindre", "annee", "objectifs"}

    def test_what_is_asked_for_is_open(self, workshop):
        assert opened(workshop.get(CHANGE, {"champ": "frequence"})) == {"nom", "joindre", "deploiement"}
        assert opened(workshop.get(CHANGE, {"champ": "porteurs"})) == {"nom", "joindre", "porteur"}
        assert opened(workshop.get(CHANGE, {"champ": "nulle-part"})) == {"nom", "joindre"}

    def test_what_is_wrong_is_open(self, workshop):
        data = form_data(workshop.get(CHANGE)) | {"annee": "1700"}
        assert "annee" in opened(workshop.post(CHANGE, data))
        organisme = Organisme.objects.first().pk
        rows = {
            "liens_porteurs-TOTAL_FORMS": "2",
            "liens_porteurs-1-organisme": organisme,
            "liens_porteurs-1-rang": "x",
        }
        assert "porteur" in opened(workshop.post(CHANGE, form_data(workshop.get(CHANGE)) | rows))

    def test_a_new_fiche_is_all_open_but_what_is_never_typed(self, workshop):
        answer = workshop.get(address(Initiative, "add"))
        assert set(sections(answer)) - opened(answer) == {"suivi"}
        assert answer.context["manques"] == []

    def test_a_contact_is_added_without_a_script(self, workshop):
        data = form_data(workshop.get(CHANGE))
        assert data["contacts-TOTAL_FORMS"] == 1
        row = {"contacts-0-nature": "telephone", "contacts-0-valeur": "211", "contacts-0-visibilite": "publique"}
        assert workshop.post(CHANGE, data | row).status_code == 302
        assert fiche().contacts.get().valeur == "211"

    def test_who_may_only_look_sends_nothing(self):
        reader = account("rédaction")
        reader.groups.clear()
        reader.user_permissions.set(Permission.objects.filter(codename="view_initiative"))
        page = session(reader).get(CHANGE).content.decode()
        for sent in ('name="_save"', "formaction", "data-direct"):
            assert sent not in page

    def test_in_few_queries(self, workshop):
        workshop.get(CHANGE)
        with CaptureQueriesContext(connection) as queries:
            workshop.get(CHANGE)
        assert len(queries) <= 34, len(queries)


class TestLacking:
    def said(self, **values):
        Initiative.objects.filter(pk=145).update(**values)
        return [lack.champ for lack in lacks(fiche())]

    @pytest.mark.parametrize(
        ("values", "found"),
        [
            ({}, []),
            ({"description": ""}, ["description"]),
            ({"annee": None}, ["annee"]),
            ({"annee": None, "annee_mention": "À venir"}, []),
            ({"clienteles": []}, ["clienteles"]),
            ({"clienteles": ["jeunes"], "age_mention": "", "tous_ages": False}, ["age_min"]),
            ({"clienteles": ["jeunes"], "age_mention": "", "tous_ages": False, "age_min": 0}, []),
            ({"clienteles": ["jeunes"], "age_mention": "", "tous_ages": False, "age_max": 17}, []),
            ({"clienteles": ["police"], "age_mention": "", "tous_ages": False, "sexe": ""}, []),
            ({"clienteles": ["jeunes"], "sexe": ""}, ["sexe"]),
            ({"objectifs": []}, ["objectifs"]),
            ({"types": []}, ["types"]),
        ],
    )
    def test_field_by_field(self, values, found):
        assert self.said(**values) == [*found, "contacts"]

    def test_a_porteur_is_an_organisation(self):
        fiche().liens_porteurs.all().delete()
        assert self.said() == ["porteurs", "contacts"]

    def test_ways_to_reach(self):
        organisme = fiche().porteurs[0]
        Contact.objects.all().delete()
        assert str(lacks(fiche())[-1].libelle) == "les coordonnées"
        contact = Contact.objects.create(organisme=organisme, nature="telephone", valeur="211", visibilite="editeurs")
        assert str(lacks(fiche())[-1].libelle) == "des coordonnées publiques"
        Contact.objects.filter(pk=contact.pk).update(visibilite="publique")
        assert lacks(fiche()) == []
        above = Organisme.objects.exclude(pk=organisme.pk).first()
        Contact.objects.filter(pk=contact.pk).update(organisme=above)
        assert len(lacks(fiche())) == 1
        Organisme.objects.filter(pk=organisme.pk).update(fait_partie_de=above)
        assert lacks(fiche()) == []

    def test_it_is_said_kindly_with_the_place_of_each(self, workshop):
        Initiative.objects.filter(pk=145).update(annee=None)
        fiche().liens_porteurs.all().delete()
        page = unescape(workshop.get(CHANGE).content.decode())
        said = re.search(r'<p class="manques">(.*?)</p>', page, re.DOTALL)[1]
        assert re.findall(r'href="#([\w-]+)">([^<]+)<', said) == [
            *[("id_annee", "l'année"), ("liens_porteurs-group", "l'organisme porteur")],
            ("contacts-group", "les coordonnées"),
        ]
        for place in ("id_annee", "liens_porteurs-group", "contacts-group"):
            assert page.count(f'id="{place}"') == 1

    def test_it_holds_nothing_back(self, workshop):
        data = form_data(workshop.get(CHANGE)) | {"description": "", "objectifs": "", "annee": ""}
        assert workshop.post(CHANGE, data).status_code == 302

    def test_nothing_lacks_and_nothing_is_said(self, workshop):
        Contact.objects.create(initiative_id=145, nature="telephone", valeur="211", visibilite="publique")
        assert 'class="manques"' not in workshop.get(CHANGE).content.decode()


def everything():
    return (
        list(Initiative.objects.order_by("pk").values()),
        list(Contact.objects.order_by("pk").values()),
        (Version.objects.count(), Organisme.objects.count(), revisions.Revision.objects.count()),
    )


class TestDirect:
    def test_the_page_of_what_is_typed_and_nothing_stays(self, workshop):
        data = form_data(workshop.get(CHANGE)) | {
            "frequence": "Le mardi soir",
            "contacts-0-nature": "telephone",
            "contacts-0-valeur": "418 555-0100",
            "contacts-0-visibilite": "publique",
        }
        before = everything()
        page = workshop.post(DIRECT, data).content.decode()
        assert "Le mardi soir" in page
        assert "418 555-0100" in unescape(page).replace("\u00a0", " ")
        assert "rien n'est enregistré" in unescape(page)
        assert everything() == before
        assert not list(workshop.get(CHANGE).context["messages"])

    def test_what_is_wrong_is_said_instead(self, workshop):
        rows = {"contacts-0-nature": "courriel", "contacts-0-valeur": "pas un courriel"}
        rows["contacts-0-visibilite"] = "publique"
        data = form_data(workshop.get(CHANGE)) | {"annee": "1700", "age_min": "18", "age_max": "12"} | rows
        data.pop("tous_ages", None)
        answer = workshop.post(DIRECT, data)
        assert [label for label, _sentence in answer.context["fautes"]] == ["Année de création", "", "Valeur"]
        page = unescape(answer.content.decode())
        assert "L'âge minimal dépasse l'âge maximal." in page
        assert answer.status_code == 200

    def test_who_sees_a_new_contact_is_chosen_and_a_refusal_is_said_once(self, workshop):
        row = {"contacts-0-nature": "courriel", "contacts-0-valeur": "prenom.nom@example.org"}
        answer = workshop.post(CHANGE, form_data(workshop.get(CHANGE)) | row | {"version_vue": "1"})
        (contacts,) = (
            part.formset for part in answer.context["inline_admin_formsets"] if part.formset.prefix == "contacts"
        )
        assert list(contacts.forms[0].errors) == ["visibilite"]
        row["contacts-0-visibilite"] = "publique"
        answer = workshop.post(CHANGE, form_data(workshop.get(CHANGE)) | row | {"version_vue": "1"})
        (contacts,) = (
            part.formset for part in answer.context["inline_admin_formsets"] if part.formset.prefix == "contacts"
        )
        assert contacts.forms[0].errors == {
            "valeur": ["On dirait la coordonnée d'une personne. Si c'est celle d'un service, cochez-le."]
        }

    def test_an_editor_goes_on_from_what_waits(self):
        writer = session(account("rédaction"))
        writer.post(CHANGE, form_data(writer.get(CHANGE)) | {"frequence": "Le mardi"})
        data = form_data(writer.get(CHANGE)) | {"version_vue": writer.get(CHANGE).context["version_vue"]}
        before = everything()
        page = writer.post(DIRECT, data | {"description": "Autre description"}).content.decode()
        assert "Le mardi" in page
        assert "Autre description" in page
        assert everything() == before
        assert fiche().frequence != "Le mardi"

    def test_contacts_of_what_waits_lead_to_their_rows(self):
        writer = session(account("rédaction"))
        row = {"contacts-0-nature": "telephone", "contacts-0-valeur": "211", "contacts-0-visibilite": "publique"}
        writer.post(CHANGE, form_data(writer.get(CHANGE)) | row)
        form = writer.get(CHANGE)
        data = form_data(form) | {"version_vue": form.context["version_vue"], "contacts-0-valeur": "811"}
        page = writer.post(DIRECT, data).content.decode()
        assert "tel:811" in page

    def test_a_new_fiche_is_seen_and_no_number_is_spent(self, workshop):
        data = form_data(workshop.get(address(Initiative, "add")))
        data |= {"titre": "Une toute nouvelle", "stade": "en-application", "region": "laval"}
        last = Initiative.objects.create(
            titre="La dernière", slug="la-derniere", stade="en-application", region_id="laval"
        )
        before = everything()
        for _time in range(2):
            page = workshop.post(NEW, data)
            assert "<h1" in page.content.decode()
            assert "Une toute nouvelle" in page.content.decode()
        assert everything() == before
        workshop.post(address(Initiative, "add"), data)
        assert Initiative.objects.get(titre="Une toute nouvelle").pk == last.pk + 1

    def test_a_new_fiche_without_what_it_needs(self, workshop):
        answer = workshop.post(NEW, form_data(workshop.get(address(Initiative, "add"))))
        assert {label for label, _sentence in answer.context["fautes"]} == {
            *("Titre", "Stade de développement", "Région administrative"),
        }

    def test_it_is_for_who_may_write(self):
        reader = account("rédaction")
        reader.groups.clear()
        for codenames, statuses in (
            (["view_initiative"], (403, 403)),
            (["view_initiative", "change_initiative"], (200, 403)),
            (["view_initiative", "add_initiative"], (403, 200)),
        ):
            reader.user_permissions.set(Permission.objects.filter(codename__in=codenames))
            browser = session(type(reader).objects.get(pk=reader.pk))
            assert (browser.post(DIRECT, {}).status_code, browser.post(NEW, {}).status_code) == statuses
        assert Client().post(DIRECT, {}).status_code == 302
        assert session(account("révision")).post(address(Initiative, "direct", 99999), {}).status_code == 404

    def test_in_few_queries(self, workshop):
        data = form_data(workshop.get(CHANGE)) | {"frequence": "Le mardi soir"}
        workshop.post(DIRECT, data)
        with CaptureQueriesContext(connection) as queries:
            workshop.post(DIRECT, data)
        assert len(queries) <= 62, len(queries)

    def test_no_frame_of_another_address_is_let_in(self, workshop):
        answer = workshop.post(DIRECT, form_data(workshop.get(CHANGE)))
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]

    def test_the_history_is_as_it_was(self, workshop):
        workshop.post(CHANGE, form_data(workshop.get(CHANGE)) | {"frequence": "Le lundi"})
        rank = history.last_version(fiche()).rang
        workshop.post(DIRECT, form_data(workshop.get(CHANGE)) | {"frequence": "Le mardi"})
        assert history.last_version(fiche()).rang == rank
        assert state.state_of(fiche())["frequence"] == "Le lundi"
