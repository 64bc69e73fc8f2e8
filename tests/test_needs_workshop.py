"""The needs in the workshop: names, rule, fiches decided by hand, ways of saying, coverage, and a sentence tried."""

import logging
import re
from html import unescape
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.admin import needs as screen
from initiatives.finding.needs import Heard
from initiatives.models import Besoin, ExceptionBesoin, Expression, Initiative, RegleBesoin

from .forms import address, form_data
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
TRY = "/admin/initiatives/besoin/essayer/"
OFF_TOPIC = "/admin/initiatives/expression/hors-sujet/"


@pytest.fixture
def need():
    names = {"nom_fr": "Un essai", "nom_en": "A trial", "metier_fr": "Essai", "metier_en": "Trial"}
    need = Besoin.objects.create(slug="essai", voix="moi", **names)
    for registre, text in (("ado", "jveux essayer"), ("ado", "un essai stp"), ("anglais", "let me try")):
        need.expressions.create(registre=registre, texte=text)
    return need


@pytest.fixture
def page(need):
    return address(Besoin, "change", need.pk)


def answering(slug="essai"):
    return set(Initiative.objects.filter(besoins__contains=[slug]).values_list("numero", flat=True))


def said(need):
    return sorted(need.expressions.values_list("registre", "texte"))


def sent(browser, page, **changes):
    """What a browser sends back when some of the form is changed; what was shown comes with it."""
    answer = browser.get(page)
    data = form_data(answer)
    for name in [name for name in data if name.startswith("expressions_")]:
        data[f"initial-{name}"] = data[name]
    return browser.post(page, data | changes)


def line(prefix, number, **values):
    """A line added to a table below the form."""
    return {f"{prefix}-TOTAL_FORMS": "1", **{f"{prefix}-{number}-{name}": value for name, value in values.items()}}


def errors(answer):
    """Everything that the form and its tables refuse."""
    form = answer.context["adminform"].form
    found = [message for messages in form.errors.values() for message in messages]
    for table in answer.context["inline_admin_formsets"]:
        for row in table.formset.forms:
            found += [message for messages in row.errors.values() for message in messages]
    return found


class TestRule:
    def test_a_line_is_counted_at_once(self, workshop, need, page):
        rule = line("regles", 0, modalites=["hebergement"], clienteles=["jeunes", "parents"])
        assert sent(workshop, page, **rule).status_code == 302
        wanted = Initiative.objects.filter(modalite="hebergement", clienteles__overlap=["jeunes", "parents"])
        assert answering() == set(wanted.values_list("numero", flat=True))
        assert answering()
        shown = workshop.get(page).content.decode()
        number = wanted.publiees().count()
        assert f'?besoin=essai&amp;statut__exact=publiee">{number}</a>' in shown
        listed = workshop.get(address(Initiative, "changelist"), {"besoin": "essai", "statut__exact": "publiee"})
        assert listed.context["cl"].result_count == number

    def test_a_line_with_nothing_ticked_is_refused(self, workshop, need, page):
        need.regles.create(modalites=["hebergement"])
        before = answering()
        answer = sent(workshop, page, **{"regles-0-modalites": []})
        assert errors(answer) == ["Une ligne vide choisirait toutes les fiches."]
        assert answering() == before

    def test_everything_is_written_or_nothing(self, workshop, need, page):
        rule = line("regles", 0, modalites=["hebergement"])
        hand = line("exceptions", 0, initiative="145", sens="ajoutee", motif="")
        answer = sent(workshop, page, nom_fr="Autre", expressions_ado="autre chose", **rule, **hand)
        assert errors(answer) == ["Ce champ est obligatoire."]
        need.refresh_from_db()
        assert (need.nom_fr, RegleBesoin.objects.filter(besoin=need).count(), answering()) == ("Un essai", 0, set())
        assert len(said(need)) == 3

    def test_the_screen_says_how_lines_and_columns_combine(self, workshop, page):
        text = unescape(workshop.get(page).content.decode())
        assert "dans une colonne, une seule case suffit; une colonne sans coche ne demande rien" in text


class TestByHand:
    def test_a_fiche_is_added_or_taken_out_with_a_reason(self, workshop, need, page):
        need.regles.create(modalites=["hebergement"])
        ruled = answering()
        added = line("exceptions", 0, initiative="145", sens="ajoutee", motif="Le dit")
        assert sent(workshop, page, **added).status_code == 302
        assert answering() == ruled | {145}
        out = min(ruled)
        data = {"exceptions-0-initiative": out, "exceptions-0-sens": "retiree", "exceptions-0-motif": "Complet"}
        assert sent(workshop, page, **data).status_code == 302
        assert answering() == ruled - {out}
        assert sent(workshop, page, **{"exceptions-0-DELETE": "on"}).status_code == 302
        assert answering() == ruled

    def test_one_decision_a_fiche(self, workshop, need, page):
        ExceptionBesoin.objects.create(besoin=need, initiative_id=145, sens="ajoutee", motif="Le dit")
        twice = {"exceptions-TOTAL_FORMS": "2", "exceptions-1-initiative": "145", "exceptions-1-sens": "retiree"}
        answer = sent(workshop, page, **twice, **{"exceptions-1-motif": "Non"})
        assert answer.status_code == 200
        assert ExceptionBesoin.objects.get(besoin=need).sens == "ajoutee"

    def test_fiches_are_looked_for_by_their_words(self, workshop):
        parameters = {"app_label": "initiatives", "model_name": "exceptionbesoin", "field_name": "initiative"}
        found = workshop.get("/admin/autocomplete/", {**parameters, "term": "survivantes"}).json()["results"]
        assert "145" in [row["id"] for row in found]


class TestExpressions:
    def test_they_are_written_one_a_line(self, workshop, need, page):
        shown = workshop.get(page).context["adminform"].form
        assert shown["expressions_ado"].value() == "jveux essayer\nun essai stp"
        assert "2 expressions." in str(shown["expressions_ado"].help_text)
        answer = sent(
            workshop, page, expressions_ado="un essai stp\n  tsé un essai \n\n", expressions_adulte="Essayons"
        )
        assert answer.status_code == 302
        assert said(need) == [
            ("ado", "tsé un essai"),
            ("ado", "un essai stp"),
            ("adulte", "Essayons"),
            ("anglais", "let me try"),
        ]

    def test_what_a_colleague_added_meanwhile_stays(self, workshop, need, page):
        shown = workshop.get(page)
        need.expressions.create(registre="ado", texte="de ma collègue")
        data = form_data(shown) | {
            "expressions_ado": "jveux essayer\nde moi",
            "initial-expressions_ado": "jveux essayer",
        }
        assert workshop.post(page, data).status_code == 302
        assert {"jveux essayer", "de ma collègue", "de moi", "un essai stp"} == {
            text for registre, text in said(need) if registre == "ado"
        }

    def test_a_sentence_moves_from_a_register_to_another(self, workshop, need, page):
        sent(workshop, page, expressions_ado="jveux essayer", expressions_adulte="un essai stp")
        assert said(need) == [("ado", "jveux essayer"), ("adulte", "un essai stp"), ("anglais", "let me try")]

    @pytest.mark.parametrize(
        ("fields", "told"),
        [
            ({"expressions_ado": "ailleurs"}, ["« ailleurs » se dit déjà pour : Un endroit où dormir"]),
            ({"expressions_ado": "une recette"}, ["« une recette » se dit déjà pour : hors sujet"]),
            ({"expressions_ado": "deux", "expressions_adulte": "deux"}, ["Écrite deux fois : « deux »"]),
            ({"expressions_ado": "x" * 301}, [f"Plus de 300 caractères : « {'x' * 301} »"]),
            (
                {"expressions_adulte": "jveux essayer"},
                ["« jveux essayer » se dit déjà pour : Un essai"],
            ),
        ],
    )
    def test_what_cannot_be_is_told_and_nothing_is_written(self, workshop, need, page, fields, told):
        Expression.objects.create(besoin=Besoin.objects.get(slug="dormir"), registre="ado", texte="ailleurs")
        Expression.objects.create(registre="ado", texte="une recette")
        before = said(need)
        assert errors(sent(workshop, page, **fields)) == told
        assert said(need) == before

    def test_a_new_need_comes_with_its_own(self, workshop):
        new = {"slug": "neuf", "nom_fr": "Neuf", "nom_en": "New", "metier_fr": "N", "metier_en": "N", "voix": "pro"}
        answer = sent(workshop, address(Besoin, "add"), **new, expressions_anglais="brand new\nshiny")
        assert answer.status_code == 302
        assert said(Besoin.objects.get(slug="neuf")) == [("anglais", "brand new"), ("anglais", "shiny")]

    def test_all_of_them_are_looked_for_together(self, workshop, need):
        Expression.objects.create(registre="adulte", texte="xyzzy une recette")
        need.expressions.create(registre="adulte", texte="xyzzy un essai")
        url = address(Expression, "changelist")

        def found(**parameters):
            rows = workshop.get(url, {"q": "xyzzy", **parameters}).context["cl"].queryset
            return [row.texte for row in rows]

        assert sorted(found()) == ["xyzzy un essai", "xyzzy une recette"]
        assert found(sujet="hors") == ["xyzzy une recette"]
        assert found(sujet="besoin") == ["xyzzy un essai"]
        assert found(besoin__id__exact=need.pk) == ["xyzzy un essai"]
        assert found(registre__exact="ado") == []


class TestOffTopic:
    """What is off topic, all together, one a line."""

    def kept(self):
        return sorted(
            Expression.objects.filter(besoin=None, texte__startswith="xyzzy").values_list("registre", "texte")
        )

    @pytest.fixture
    def known(self):
        for registre, text in (
            ("adulte", "xyzzy une recette"),
            ("adulte", "xyzzy un taxi"),
            ("anglais", "xyzzy a cake"),
        ):
            Expression.objects.create(registre=registre, texte=text)

    def sent(self, browser, **changes):
        shown = browser.get(OFF_TOPIC)
        data = {name: "\n".join(value) for name, value in shown.context["form"].initial.items()}
        data |= {f"initial-{name}": value for name, value in data.items()}
        for name, (old, new) in changes.items():
            data[name] = data[name].replace(old, new)
        return browser.post(OFF_TOPIC, data)

    def test_they_are_written_one_a_line(self, workshop, known):
        total = Expression.objects.filter(besoin=None).count()
        answer = self.sent(
            workshop,
            expressions_adulte=("xyzzy une recette", "xyzzy un chat perdu"),
            expressions_anglais=("xyzzy a cake", "xyzzy a cake\n\n xyzzy a bus "),
        )
        assert answer.status_code == 302
        assert self.kept() == [
            ("adulte", "xyzzy un chat perdu"),
            ("adulte", "xyzzy un taxi"),
            ("anglais", "xyzzy a bus"),
            ("anglais", "xyzzy a cake"),
        ]
        assert Expression.objects.filter(besoin=None).count() == total + 1

    def test_what_a_colleague_added_meanwhile_stays(self, workshop, known):
        shown = workshop.get(OFF_TOPIC).context["form"].initial
        Expression.objects.create(registre="adulte", texte="xyzzy de ma collègue")
        data = {name: "\n".join(value) for name, value in shown.items()}
        data |= {f"initial-{name}": value for name, value in data.items()}
        data["expressions_adulte"] = data["expressions_adulte"].replace("xyzzy un taxi", "")
        assert workshop.post(OFF_TOPIC, data).status_code == 302
        assert [text for kind, text in self.kept() if kind == "adulte"] == ["xyzzy de ma collègue", "xyzzy une recette"]

    def test_a_need_s_way_of_saying_is_refused(self, workshop, need, known):
        answer = self.sent(workshop, expressions_adulte=("xyzzy un taxi", "jveux essayer\nxyzzy a cake"))
        told = [message for messages in answer.context["form"].errors.values() for message in messages]
        assert told == [
            "« jveux essayer » se dit déjà pour : Un essai",
            "« xyzzy a cake » se dit déjà pour : hors sujet",
        ]
        assert len(self.kept()) == 3

    def test_it_is_one_click_from_the_needs_and_from_the_expressions(self, workshop):
        for model in (Besoin, Expression):
            assert f'href="{OFF_TOPIC}"' in workshop.get(address(model, "changelist")).content.decode()

    def test_it_serves_at_once(self, workshop, visitor):
        q = "logiciel de gestion de la relation client"
        assert visitor.numeros(q=q)
        shown = workshop.get(OFF_TOPIC).context["form"].initial
        data = {name: "\n".join(value) for name, value in shown.items()}
        data |= {f"initial-{name}": value for name, value in data.items()}
        data["expressions_adulte"] += f"\n{q}"
        assert workshop.post(OFF_TOPIC, data).status_code == 302
        assert visitor.numeros(q=q) == []

    def test_who_may_not_write_reads_nothing_there(self, known):
        assert session(account("rédaction")).get(OFF_TOPIC).status_code == 403
        assert self.sent(session(account("révision")), expressions_adulte=("xyzzy un taxi", "")).status_code == 302
        assert ("adulte", "xyzzy un taxi") not in self.kept()


class TestCoverage:
    def test_a_need_that_is_not_there_yet_counts_nothing(self, workshop):
        page = workshop.get("/admin/initiatives/besoin/add/").content.decode()
        assert re.findall(r'<div class="readonly">\s*([^<]*?)\s*</div>', page) == ["–"]
        assert "besoin=&" not in page

    def test_each_count_is_the_length_of_its_list(self, workshop, need):
        Initiative.objects.filter(numero=146).update(modalite="", types=[], clienteles=[], lieu="", cible="")
        RegleBesoin.objects.all().delete()
        ExceptionBesoin.objects.all().delete()
        need.regles.create(modalites=["hebergement"])
        text = workshop.get(address(Besoin, "changelist")).content.decode()
        block = text.split('id="couverture"')[1].split("</section>")[0]
        rows = re.findall(r'<a href="([^"]+)">\s*([^<]+?)\s*<strong>(\d+)</strong>', block)
        covered = Initiative.objects.publiees().filter(modalite="hebergement").count()
        assert {unescape(label): int(number) for _url, label, number in rows} == {
            "Fiches publiques sans besoin": 152 - covered,
            "Besoins dits de moins de 30 façons": sum(row.expressions.count() < 30 for row in Besoin.objects.all()),
            "Expressions": Expression.objects.exclude(besoin=None).count(),
            "Expressions hors sujet": Expression.objects.filter(besoin=None).count(),
        }
        for url, label, number in rows:
            url = address(Besoin, "changelist") + url if url.startswith("?") else url
            assert workshop.get(unescape(url)).context["cl"].result_count == int(number), label

    def test_each_need_shows_its_fiches_and_its_ways(self, workshop, need, draft):
        need.regles.create(modalites=["hebergement"])
        need.exceptions.create(initiative=draft, sens="ajoutee", motif="Essai")
        row = workshop.get(address(Besoin, "changelist"), {"q": "essai"}).content.decode()
        number = Initiative.objects.publiees().filter(modalite="hebergement").count()
        assert f'&amp;statut__exact=publiee">{number}</a>' in row
        cells = re.findall(r'class="field-(ado|adulte|anglais)">(\d+)<', row)
        assert cells == [("ado", "2"), ("adulte", "0"), ("anglais", "1")]

    def test_fiches_without_a_need_are_a_list(self, workshop):
        ExceptionBesoin.objects.all().delete()
        RegleBesoin.objects.exclude(modalites__contains=["hebergement"]).delete()
        listed = workshop.get(address(Initiative, "changelist"), {"besoin": "aucun"}).context["cl"]
        assert listed.result_count == Initiative.objects.filter(besoins=[]).count() > 100


class TestRoles:
    def test_the_revision_decides_of_fiches_and_expressions_alone(self, need, page):
        browser = session(account("révision"))
        hand = line("exceptions", 0, initiative="145", sens="ajoutee", motif="Le dit")
        rule = line("regles", 0, modalites=["hebergement"])
        answer = sent(browser, page, nom_fr="Autre", urgence="on", expressions_ado="à nous", **hand, **rule)
        assert answer.status_code == 302
        need.refresh_from_db()
        assert (need.nom_fr, need.urgence, answering()) == ("Un essai", False, {145})
        assert said(need) == [("ado", "à nous"), ("anglais", "let me try")]
        assert browser.get(address(Besoin, "add")).status_code == 403

    def test_an_editor_reads_all_of_it(self, need, page):
        browser = session(account("rédaction"))
        need.regles.create(modalites=["hebergement"])
        text = browser.get(page).content.decode()
        for shown in ("Un essai", "jveux essayer", "let me try", "Hébergement"):
            assert shown in text
        assert "<textarea" not in text
        assert browser.post(page, {"expressions_ado": ""}).status_code == 403


@pytest.fixture
def reading(monkeypatch):
    """What a sentence is understood as, said beforehand; the sentences read are kept."""
    answer, heard = SimpleNamespace(needs=[], written="", off_topic=False, danger=False, available=True), []
    monkeypatch.setattr(screen, "understood", lambda text: heard.append(text) or answer)
    answer.heard = heard
    return answer


class TestTry:
    def test_a_sentence_is_read_and_the_reasons_shown(self, workshop, need, reading):
        reading.needs = [Heard(need, 0.75, ["jveux essayer", "un essai stp"])]
        reading.written, reading.danger = "je veux essayer", True
        text = unescape(workshop.post(TRY, {"phrase": " jveu esayer "}).content.decode())
        assert reading.heard == ["jveu esayer"]
        for shown in ("« <strong>je veux essayer</strong> »", "Un essai</a>", "<td>0,75</td>", "<li>un essai stp</li>"):
            assert shown in text
        assert "Un danger immédiat" in text
        assert "Hors sujet" not in text

    def test_off_topic_and_nothing_understood_are_said(self, workshop, reading):
        reading.off_topic = True
        assert "Hors sujet : la page le dit" in workshop.post(TRY, {"phrase": "une recette"}).content.decode()
        reading.off_topic = False
        text = unescape(workshop.post(TRY, {"phrase": "une recette"}).content.decode())
        assert "Aucun besoin n'est reconnu" in text

    def test_where_sentences_are_not_read_it_is_said(self, workshop, reading):
        reading.available = False
        text = unescape(workshop.post(TRY, {"phrase": "une recette"}).content.decode())
        assert "Les phrases ne sont pas lues ici" in text
        assert "Ce qui est compris" not in text

    def test_an_expression_is_understood_as_its_need(self, workshop):
        said = Besoin.objects.get(slug="dormir").expressions.filter(registre="ado").first().texte
        text = unescape(workshop.post(TRY, {"phrase": said}).content.decode())
        first = text.split("<tbody>")[1].split("</tr>")[0]
        assert ">Un endroit où dormir</a>" in first
        assert f"<li>{said}</li>" in first

    def test_what_is_typed_is_written_nowhere(self, workshop, reading, caplog):
        caplog.set_level(logging.DEBUG)
        with CaptureQueriesContext(connection) as queries:
            answer = workshop.post(TRY, {"phrase": "motsecret"})
        assert (answer.status_code, reading.heard) == (200, ["motsecret"])
        assert "no-store" in answer.headers["Cache-Control"]
        assert not [query for query in queries if "motsecret" in query["sql"]]
        assert "motsecret" not in caplog.text
        assert re.findall(r'<form method="(\w+)" class="essai" autocomplete="off">', answer.content.decode()) == [
            "post"
        ]

    def test_an_address_is_not_read(self, workshop, reading):
        text = workshop.get(TRY, {"phrase": "motsecret"}).content.decode()
        assert reading.heard == []
        assert "motsecret" not in text.split("<main")[1]

    @pytest.mark.parametrize("phrase", ["", "   ", "x" * 301])
    def test_what_is_no_sentence_is_asked_again(self, workshop, reading, phrase):
        answer = workshop.post(TRY, {"phrase": phrase})
        assert answer.context["form"].errors["phrase"]
        assert reading.heard == []
