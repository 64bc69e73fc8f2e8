"""The help lines: who answers, when, in writing too, in the order of whoever asks; and who will know of it."""

import re
from html import unescape

import pytest
from django.core.exceptions import ValidationError

from initiatives.models import Besoin, Contact, LigneAide
from initiatives.publishing import help_lines

from .conftest import pdf_text
from .forms import address, form_data
from .people import account, session

pytestmark = pytest.mark.django_db


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def lines_of(page: str) -> list[str]:
    """The names of the lines, in order, at the top of a page."""
    block = page[page.index('<ul class="lignes') :]
    return re.findall(r'ligne-nom">([^<]+)<', unescape(block[: block.index("</ul>")]))


def new_line(**fields):
    given = {"slug": "essai", "nom_fr": "Ligne d'essai", "nom_en": "Test line", "provenance": "Essai", "ordre": 15}
    line = LigneAide(**given | fields)
    line.full_clean()
    line.save()
    return line


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (
            "/aide/",
            [
                "Urgence : danger immédiat 911 Un centre d'urgence répond et envoie la police, l'ambulance ou les "
                "pompiers. 24 heures sur 24, 7 jours sur 7",
                "Info-aide violence sexuelle 1 888 933-9007 Quelqu'un vous écoute et vous dit quels services existent. "
                "Pour les victimes, leurs proches et les intervenants. 24 heures sur 24, 7 jours sur 7 · français et "
                "anglais · gratuit · anonyme et confidentiel",
                "Info-Social 811 Au 811, choisissez Info-Social : un intervenant psychosocial vous écoute",
                "211 : services sociaux et communautaires 211 Quelqu'un cherche avec vous un service",
            ],
        ),
        (
            "/en/aide/",
            [
                "Emergency: immediate danger 911 An emergency centre answers and sends the police, an ambulance or "
                "firefighters. 24/7",
                "24/7 · French and English · free · anonymous and confidential",
                "Info-Social 811 At 811, choose Info-Social: a psychosocial worker listens",
            ],
        ),
    ],
)
def test_each_line_says_who_answers_and_when(visitor, path, said):
    text = text_of(visitor.page(path))
    for words in said:
        assert words in text


def test_only_the_lines_of_the_sources_and_the_public_numbers_are_delivered(visitor):
    assert [(line.telephone, line.texto, line.pour) for line in help_lines.lines_without_database()] == [
        ("911", "", []),
        ("1 888 933-9007", "", []),
        ("1-833-900-1010", "", []),
        ("811", "", []),
        ("211", "", []),
    ]
    assert LigneAide.objects.count() == 5
    assert "sms:" not in visitor.page("/aide/")


def test_a_line_is_written_to(visitor):
    new_line(
        texto="514 555-0123, poste 4", clavardage_fr="https://example.org/fr", clavardage_en="https://example.org/en"
    )
    for path, label in (("/aide/", "Écrire un texto"), ("/", "Écrire un texto"), ("/en/aide/", "Send a text message")):
        page = visitor.page(path)
        assert re.search(rf'href="sms:5145550123">\s*{label}\s*<span class="num">514 555-0123, poste 4</span>', page)
        assert 'href="tel:"' not in page
    assert 'href="https://example.org/fr"' in visitor.page("/aide/")
    assert 'href="https://example.org/en"' in visitor.page("/en/aide/")
    body = visitor.get("/initiatives/mobilis.pdf").content
    assert "Ligne d'essai Texto : 514 555-0123, poste 4" in pdf_text(body)


def test_a_line_can_be_reached(workshop):
    with pytest.raises(ValidationError, match="un téléphone, un numéro pour les textos ou un clavardage"):
        new_line()
    new_line(clavardage_fr="https://example.org/")


def test_the_extension_is_not_dialled():
    contact = Contact(nature="telephone", valeur="+1 418 555-0100, poste 12")
    assert contact.href == "tel:+14185550100"


def test_the_lines_come_in_the_order_of_whoever_asks(visitor):
    """What is made for others comes last, and a young person is spoken to first."""
    assert "Qui appelle?" not in visitor.page("/aide/")
    new_line(telephone="514 555-0199", pour=["jeune"])
    new_line(slug="pro", nom_fr="Pour les pros", telephone="514 555-0198", pour=["professionnel"], ordre=1)
    young = ["Urgence : danger immédiat", "Ligne d'essai", "Info-aide violence sexuelle"]
    page = visitor.page("/aide/")
    assert lines_of(page)[:3] == young
    assert lines_of(page)[-1] == "Pour les pros"
    assert re.search(r'href="/aide/\?qui=jeune" aria-current="true">\s*Une personne jeune', page)
    assert lines_of(visitor.page("/"))[:3] == young
    assert lines_of(visitor.page("/aide/", qui="n'importe qui"))[:3] == young
    close = lines_of(visitor.page("/aide/", qui="proche"))
    assert close[:2] == ["Urgence : danger immédiat", "Info-aide violence sexuelle"]
    assert close[-2:] == ["Pour les pros", "Ligne d'essai"]
    assert lines_of(visitor.page("/aide/", qui="professionnel"))[0] == "Pour les pros"
    assert lines_of(visitor.page("/en/aide/", qui="professionnel"))[-1] == "Test line"


def test_a_need_said_by_somebody_close_shows_their_lines_first(visitor):
    need = Besoin.objects.get(slug="dormir")
    need.lignes.set([new_line(telephone="514 555-0199", pour=["jeune"]), LigneAide.objects.get(slug="811")])
    for voice, first in (("moi", "Ligne d'essai"), ("proche", "Info-Social")):
        Besoin.objects.filter(slug="dormir").update(voix=voice)
        page = visitor.page("/initiatives/", q="j'ai nulle part où dormir")
        part = page[page.index("514 555-0199") - 800 :]
        assert lines_of(part)[0] == first


class TestWorkshop:
    def test_the_code_is_made_from_the_name(self, workshop):
        url = address(LigneAide, "add")
        given = form_data(workshop.get(url)) | {
            "nom_fr": "Écoute jeunesse, l'hiver",
            "nom_en": "Youth",
            "telephone": "514 555-0199",
            "provenance": "Essai",
            "pour": ["jeune"],
        }
        assert "slug" not in given
        assert workshop.post(url, given).status_code == 302
        assert workshop.post(url, given).status_code == 302
        made = LigneAide.objects.filter(nom_en="Youth").order_by("pk")
        assert [(line.slug, line.pour) for line in made] == [
            ("ecoute-jeunesse-l-hiver", ["jeune"]),
            ("ecoute-jeunesse-l-hiver-2", ["jeune"]),
        ]
        assert workshop.post(url, given | {"telephone": ""}).status_code == 200

    def test_what_it_said_is_kept_shown_and_put_back(self, workshop, visitor):
        """A wrong number is seen by frightened people: who wrote it, what it was, and one gesture to have it back."""
        line = LigneAide.objects.get(slug="ligne-traite-des-personnes")
        url = address(LigneAide, "change", line.pk)
        workshop.post(url, form_data(workshop.get(url)) | {"telephone": "514 555-0199", "version_vue": "1"})
        assert "514 555-0199" in visitor.page("/aide/")
        assert [version.etat["telephone"] for version in line.versions.all()] == ["514 555-0199", line.telephone]
        page = workshop.get(address(LigneAide, "history", line.pk) + "?de=1&a=2").content.decode()
        assert line.telephone in page
        sent = {"version": "1", "champ": ["telephone"], "motif": "Le bon numéro"}
        workshop.post(address(LigneAide, "restaurer", line.pk), sent)
        assert line.telephone in visitor.page("/aide/")

    def test_two_editors_of_one_line_meet(self, workshop, editor):
        line = LigneAide.objects.get(slug="info-aide-violence-sexuelle")
        url = address(LigneAide, "change", line.pk)
        sent = form_data(workshop.get(url)) | {"version_vue": "1"}
        workshop.post(url, sent | {"telephone": "514 555-0199"})
        answer = workshop.post(url, sent | {"telephone": "514 555-0198"})
        assert [row.champ for row, _choice in answer.context["lignes"]] == ["telephone"]
        line.refresh_from_db()
        assert line.telephone == "514 555-0199"

    def test_the_order_alone_is_written_in_the_list_and_each_is_a_version(self, workshop):
        """A line is not retired by a box of a list, without a question."""
        url = address(LigneAide, "changelist")
        formset = workshop.get(url).context["cl"].formset
        sent = {bound.html_name: bound.value() for bound in formset.management_form}
        for row in formset.forms:
            sent |= {row[name].html_name: row[name].value() for name in ("id", "ordre")}
        assert not any("active" in name for name in sent)
        sent[formset.forms[0]["ordre"].html_name] = "77"
        assert workshop.post(url, sent | {"_save": "1"}).status_code == 302
        moved = LigneAide.objects.get(ordre=77)
        assert moved.versions.first().etat["ordre"] == 77
        assert moved.versions.count() == 2
        assert sum(line.versions.count() for line in LigneAide.objects.exclude(pk=moved.pk)) == 4

    @pytest.mark.parametrize(
        ("name", "number", "right"),
        [
            ("telephone", "911", True),
            ("telephone", "1 888 933-9007", True),
            ("telephone", "418 555-0100, poste 12", True),
            ("telephone", "appelez-nous", False),
            ("telephone", "1 888 933-90", False),
            ("telephone", "91", False),
            ("texto", "686868", True),
            ("texto", "68 68 68 6", False),
        ],
    )
    def test_a_number_that_calls_nobody_is_refused(self, workshop, name, number, right):
        line = LigneAide.objects.get(slug="info-aide-violence-sexuelle")
        url = address(LigneAide, "change", line.pk)
        answer = workshop.post(url, form_data(workshop.get(url)) | {name: number, "version_vue": "1"})
        assert (answer.status_code == 302) == right
        if not right:
            assert list(answer.context["adminform"].form.errors) == [name]

    def test_the_first_screen_says_what_no_line_is(self, workshop, settings):
        settings.RUN_BY, settings.RUN_SINCE, settings.CONTACT_EMAIL = "x", "x", "x"
        young, texts = "Aucune ligne d&#x27;aide n&#x27;est encore faite pour les jeunes.", "ne reçoit de textos."
        page = workshop.get("/admin/").content.decode()
        assert young in page
        assert texts in page
        line = new_line(telephone="514 555-0199", pour=["jeune", "proche"])
        page = workshop.get("/admin/").content.decode()
        assert young not in page
        assert texts in page
        line.texto = "514 555-0199"
        line.save()
        assert "Ce qui manque au public" not in workshop.get("/admin/").content.decode()
        line.active = False
        line.save()
        page = workshop.get("/admin/").content.decode()
        assert young in page
        assert texts in page

    def test_who_sees_no_line_is_told_nothing(self):
        assert "Ce qui manque" not in session(account("sans", None)).get("/admin/").content.decode()


def test_who_will_know(visitor):
    page = visitor.page("/aide/")
    part = text_of(page[page.index('id="qui-saura"') : page.index('id="appel"')])
    for words in (
        "Info-aide violence sexuelle : gratuit · anonyme et confidentiel",
        "ne demande aucun renseignement personnel",
        "Le 911 n'est pas anonyme",
        "il a l'obligation de faire un signalement à la DPJ",
        "La liste des appels garde le numéro",
        "le détail des appels et des textos",
    ):
        assert words in part
    assert "required to report it to the DPJ" in text_of(visitor.page("/en/aide/"))
    LigneAide.objects.filter(slug="info-aide-violence-sexuelle").update(precisions_fr="gratuit")
    assert "Info-aide violence sexuelle : gratuit Ligne d'urgence" in text_of(visitor.page("/aide/"))
