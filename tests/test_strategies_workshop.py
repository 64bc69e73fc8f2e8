"""The strategies in the workshop: what waits is answered in a click, decisions, the rule, readings, what is named."""

import re
from html import unescape

import pytest

from initiatives.models import Citation, Classement, Initiative, Lecture, RegleStrategie

from .forms import address, form_data
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]
WAITING = "/admin/initiatives/classement/a-confirmer/"


def fiche(numero):
    return Initiative.objects.get(numero=numero)


def answer(browser, numero, code):
    return browser.post(WAITING, {"fiche": numero, "reponse": code}, follow=True).content.decode()


def waiting(browser):
    """The numbers that the first screen and the screen of what waits say."""
    index = browser.get("/admin/").content.decode()
    said = re.search(r"Stratégies à confirmer <strong>(\d+)</strong>", index)
    return int(said[1]), len(browser.get(WAITING).context["questions"])


class TestWaiting:
    def test_nineteen_are_told_with_why_and_what_may_be_answered(self, workshop):
        assert waiting(workshop) == (19, 19)
        page = unescape(workshop.get(WAITING).content.decode())
        assert len(re.findall(r">\s*Autrement\s*<", page)) == 19
        assert "Le rapport dit filet; la règle dit les deux." in page
        assert "« une campagne de sensibilisation en marge du Grand Prix de Formule 1 » (3.2.3)" in page
        assert [len(choix) for _row, choix, _page in workshop.get(WAITING).context["questions"]].count(
            1
        ) == 2  # 132, 149

    def test_one_click_confirms_what_the_rule_says(self, workshop, editor):
        page = answer(workshop, 149, "regle")
        assert "Agir sur la demande." in page
        row = Classement.objects.get(pk=149)
        assert (row.strategies, row.strategie, row.par, row.le is None) == (["demande"], "demande", editor, False)
        assert fiche(149).provenances == ["edition"]
        assert waiting(workshop) == (18, 18)

    def test_one_click_takes_what_is_proposed(self, workshop):
        answer(workshop, 111, "proposition")
        assert (fiche(111).strategies, fiche(111).strategie) == (["demande", "filet"], "demande")
        assert Classement.objects.get(pk=111).motif.startswith("Comme proposé : La règle dit filet")

    def test_what_is_answered_is_not_answered_again(self, workshop):
        answer(workshop, 67, "proposition")
        page = answer(workshop, 67, "regle")
        assert "Quelqu'un a déjà répondu pour cette fiche" in unescape(page)
        assert fiche(67).strategies == ["filet"]

    @pytest.mark.parametrize(("numero", "code"), [("0", "regle"), ("abc", "regle"), ("145", "regle"), ("", "")])
    def test_what_does_not_wait_is_refused(self, workshop, numero, code):
        answer(workshop, numero, code)
        assert Classement.objects.exclude(strategie="").count() == 0

    def test_an_answer_that_is_not_proposed_is_refused(self, workshop):
        assert "n'est plus proposée" in unescape(answer(workshop, 149, "proposition"))
        assert "n'est plus proposée" in unescape(answer(workshop, 149, "autre"))
        assert fiche(149).provenances == ["rapport"]

    def test_a_fiche_that_is_no_longer_public_does_not_wait(self, workshop):
        Initiative.objects.filter(pk=149).update(statut="archivee")
        assert waiting(workshop) == (18, 18)
        answer(workshop, 149, "regle")
        assert Classement.objects.get(pk=149).attend

    def test_a_new_fiche_that_an_absence_alone_classes_waits_too(self, workshop):
        """The third line of demand rests on a clientele left empty: a suggestion, never more."""
        fields = {"region_id": "laval", "stade": "en-application", "types": ["intervention"], "statut": "publiee"}
        new = Initiative.objects.create(titre="Essai", slug="essai", **fields)
        assert fiche(new.pk).strategies == ["demande"]
        assert waiting(workshop) == (20, 20)
        page = unescape(workshop.get(WAITING).content.decode())
        assert f"/admin/initiatives/classement/add/?initiative={new.pk}" in page
        answer(workshop, new.pk, "regle")
        assert (fiche(new.pk).provenances, waiting(workshop)) == (["edition"], (19, 19))
        Classement.objects.filter(pk=new.pk).delete()
        Initiative.objects.filter(pk=new.pk).update(clienteles=["jeunes"])
        assert waiting(workshop) == (19, 19)

    def test_rédaction_reads_and_does_not_decide(self):
        browser = session(account("rédaction"))
        page = browser.get(WAITING).content.decode()
        assert "Décider revient à la révision." in page
        assert 'name="reponse"' not in page
        assert browser.post(WAITING, {"fiche": 149, "reponse": "regle"}).status_code == 403
        assert Classement.objects.get(pk=149).attend


def decide(browser, page, **changes):
    data = form_data(browser.get(page))
    return browser.post(page, data | changes)


class TestDecisions:
    def test_any_fiche_is_decided_with_a_reason(self, workshop, editor):
        page = address(Classement, "add")
        shown = workshop.get(page, {"initiative": "145"})
        assert shown.context["adminform"].form.initial["initiative"] == "145"
        sent = {"initiative": "145", "strategies": ["demande", "filet"], "strategie": "demande", "motif": "", "vu": ""}
        refused = workshop.post(page, sent)
        assert refused.context["adminform"].form.errors == {"motif": ["Ce champ est obligatoire."]}
        assert workshop.post(page, sent | {"motif": "Le dit"}).status_code == 302
        assert (fiche(145).strategies, fiche(145).strategie) == (["demande", "filet"], "demande")
        assert Classement.objects.get(pk=145).par == editor
        assert waiting(workshop) == (19, 19)

    def test_the_main_one_is_among_them(self, workshop):
        page = address(Classement, "change", 67)
        answered = decide(workshop, page, strategies=["filet"], strategie="offre", motif="Essai")
        assert answered.context["adminform"].form.errors == {
            "strategie": ["La stratégie principale est une de celles de la fiche."]
        }
        assert fiche(67).provenances == ["regle", "rapport"]

    def test_one_begins_with_what_the_fiche_has(self, workshop):
        form = workshop.get(address(Classement, "change", 67)).context["adminform"].form
        assert (form["strategies"].value(), form["strategie"].value()) == (["offre", "filet"], "filet")
        page = address(Classement, "change", 67)
        assert decide(workshop, page, motif="Les deux").status_code == 302
        assert (fiche(67).strategies, fiche(67).provenances) == (["offre", "filet"], ["edition", "edition"])

    def test_a_decision_taken_meanwhile_is_not_written_over(self, workshop):
        page = address(Classement, "change", 67)
        seen = form_data(workshop.get(page))
        answer(workshop, 67, "proposition")
        late = workshop.post(page, seen | {"strategies": ["offre"], "strategie": "offre", "motif": "Essai"})
        assert "Quelqu'un a décidé entre-temps" in unescape(late.content.decode())
        assert fiche(67).strategies == ["filet"]
        assert decide(workshop, page, strategies=["offre"], strategie="offre", motif="Essai").status_code == 302
        assert fiche(67).strategies == ["offre"]

    def test_taken_out_it_gives_the_fiche_back_to_the_rule(self, workshop):
        answer(workshop, 67, "proposition")
        assert workshop.post(address(Classement, "delete", 67), {"post": "yes"}).status_code == 302
        assert fiche(67).provenances == ["regle", "rapport"]
        assert waiting(workshop) == (18, 18)

    def test_the_list_tells_what_waits_from_what_is_decided(self, workshop):
        answer(workshop, 67, "proposition")
        page = address(Classement, "changelist")
        assert workshop.get(page, {"etat": "attend"}).context["cl"].result_count == 18
        assert workshop.get(page, {"etat": "decide"}).context["cl"].result_count == 1

    def test_the_screen_of_a_fiche_leads_there(self, workshop):
        page = workshop.get(address(Initiative, "change", 145)).content.decode()
        assert "/admin/initiatives/classement/add/?initiative=145" in page
        assert "/admin/initiatives/lecture/add/?initiative=145" in page
        page = unescape(workshop.get(address(Initiative, "change", 97)).content.decode())
        assert "« adapté par et pour la communauté innue »" in page
        page = workshop.get(address(Initiative, "change", 67)).content.decode()
        assert "/admin/initiatives/classement/67/change/" in page
        page = session(account("rédaction")).get(address(Initiative, "change", 67)).content.decode()
        assert "/admin/initiatives/classement/" not in page.partition("section-portrait")[2]


class TestRule:
    def test_it_is_read_with_what_it_gives(self, workshop):
        page = unescape(workshop.get(address(RegleStrategie, "changelist")).content.decode())
        for query, number in [("strategie=filet", 70), ("strategie-principale=offre", 93), ("strategie=demande", 4)]:
            assert f'?{query}">{number}</a>' in page
        assert "types d'implication : Proxénète, Tierce partie; sans ces types d'implication : Victime" in page
        assert "Elle s'adresse aux jeunes." in page
        assert "d'aucune stratégie" not in page

    def test_a_line_changed_is_true_at_once(self, visitor):
        browser = session(account("administration"))
        line = RegleStrategie.objects.get(ordre=70)
        page = address(RegleStrategie, "change", line.pk)
        assert decide(browser, page, sans_clienteles=["jeunes", "parents"]).status_code == 302
        total = visitor.json(strategie="filet")["total"]
        assert total == Initiative.objects.publiees().filter(strategies__contains=["filet"]).count()
        assert browser.post(address(RegleStrategie, "delete", line.pk), {"post": "yes"}).status_code == 302
        page = browser.get(address(RegleStrategie, "changelist")).content.decode()
        assert "d'aucune stratégie" in unescape(page)

    def test_an_empty_line_is_refused(self, workshop):
        sent = {"strategie": "offre", "ordre": "5"}
        refused = workshop.post(address(RegleStrategie, "add"), sent)
        assert "Une ligne vide choisirait toutes les fiches." in unescape(refused.content.decode())
        assert fiche(149).strategie == "demande"


@pytest.mark.parametrize(("code", "number"), [("demande", 4), ("offre", 102), ("filet", 70), ("aucune", 0)])
def test_the_list_of_fiches_is_filtered_by_strategy(workshop, code, number):
    listed = workshop.get(address(Initiative, "changelist"), {"strategie": code, "statut__exact": "publiee"})
    assert listed.context["cl"].result_count == number


class TestReadings:
    def test_its_words_are_those_of_the_fiche(self, workshop, visitor):
        page = address(Lecture, "add")
        sent = {"initiative": "62", "theme": "lgbtq", "portee": "servie", "mots": "la diversité sexuelle"}
        refused = workshop.post(page, sent)
        assert refused.context["adminform"].form.errors == {
            "mots": ["Ces mots ne sont pas dans la fiche : recopiez-les tels quels."]
        }
        assert workshop.post(page, sent | {"mots": "Briser l'isolement des jeunes"}).status_code == 302
        assert Lecture.objects.get(initiative=62, theme="lgbtq").provenance == "edition"
        assert visitor.numeros(mention="lgbtq") == [62]
        again = workshop.post(page, sent | {"mots": "Briser l’isolement des jeunes"})
        assert "Cette fiche a déjà une lecture de ce thème." in again.content.decode()

    def test_it_is_changed_and_taken_out(self, visitor):
        browser = session(account("révision"))
        row = Lecture.objects.get(initiative=97)
        page = address(Lecture, "change", row.pk)
        assert decide(browser, page, portee="nommee").status_code == 302
        assert visitor.numeros(mention="autochtones") == [98]
        assert decide(browser, page, mots="Autre chose").status_code == 200
        assert browser.post(address(Lecture, "delete", row.pk), {"post": "yes"}).status_code == 302
        assert not Lecture.objects.filter(initiative=97).exists()


def test_what_the_report_names_is_read_alone(workshop):
    page = address(Citation, "changelist")
    assert workshop.get(page).context["cl"].result_count == 84
    assert workshop.get(page, {"certitude__exact": "sans-fiche"}).context["cl"].result_count == 16
    shown = unescape(workshop.get(address(Citation, "change", Citation.objects.get(rang=51).pk)).content.decode())
    assert "L'édition de 2019 selon le corps" in shown


@pytest.mark.parametrize(
    ("numero", "language", "sentence"),
    [
        (
            67,
            "",
            "Stratégie : renforcer le filet de sécurité (selon le rapport); agir sur l'offre (selon notre règle).",
        ),
        (55, "", "Stratégie : agir sur la demande (selon le rapport)."),
        (67, "/en", "Strategy: strengthening the safety net (by the report); acting on supply (by our rule)."),
    ],
)
def test_the_page_of_a_fiche_says_its_strategy_and_who_says_so(visitor, numero, language, sentence):
    assert sentence in unescape(visitor.page(f"{language}/initiatives/{fiche(numero).slug}/"))


def test_a_fiche_of_no_strategy_says_nothing(visitor):
    RegleStrategie.objects.all().delete()
    assert "Stratégie :" not in visitor.page(f"/initiatives/{fiche(55).slug}/")
