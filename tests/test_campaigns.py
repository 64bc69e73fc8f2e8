"""Campaigns: who is written to and who is not is read before anything leaves; launched, followed, reminded once."""

import html
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from initiatives.hearing import campaigns, letters
from initiatives.models import Campagne, Contact, Desabonnement, Envoi, Geste, Initiative, Organisme

from .campaigning import drafted, launched, queued, reachable, send
from .forms import address, form_data, said
from .people import account, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


def slugs(rows) -> set[str]:
    return {row.organisme.slug for row in rows}


class TestWho:
    def test_every_due_fiche_is_asked_about_by_porteur(self, editor):
        plan = campaigns.plan(drafted(editor))
        asked = {fiche.pk for row in [*plan.written, *plan.called] for fiche in row.fiches}
        public = Initiative.objects.publiees()
        assert asked == set(public.filter(organismes__isnull=False).values_list("pk", flat=True))
        assert {row.pk for row in plan.orphans} == set(public.filter(organismes=None).values_list("pk", flat=True))

    def test_what_was_verified_lately_is_left_alone(self, editor):
        tomorrow = timezone.localdate() + timedelta(days=1)
        Initiative.objects.exclude(numero=145).update(verifiee_le=timezone.localdate(), a_verifier_le=tomorrow)
        plan = campaigns.plan(drafted(editor))
        assert [fiche.pk for row in plan.called for fiche in row.fiches] == [145]
        assert "pipq" in slugs(plan.left["rien"])

    def test_which_fiches_are_due(self):
        today = timezone.localdate()
        Initiative.objects.update(a_verifier_le=today, verifiee_le=today)
        Initiative.objects.filter(numero=145).update(a_verifier_le=today - timedelta(days=1))
        Initiative.objects.filter(numero=144).update(a_verifier_le=None, verifiee_le=None)
        assert {row.pk for row in campaigns.due()} == {144, 145}
        assert [row.pk for row in campaigns.due("jamais")] == [144]
        assert [row.pk for row in campaigns.due("passees")] == [145]
        place = Initiative.objects.get(pk=145).region_id
        assert [row.pk for row in campaigns.due("passees", place)] == [145]
        assert [row.pk for row in campaigns.due("passees", "laval" if place != "laval" else "estrie")] == []

    def test_of_a_region(self, editor):
        plan = campaigns.plan(drafted(editor, region_id="laval"))
        fiches = {fiche.pk for row in [*plan.written, *plan.called] for fiche in row.fiches}
        public = Initiative.objects.publiees().filter(region_id="laval", organismes__isnull=False)
        assert fiches == set(public.values_list("pk", flat=True))

    def test_each_one_is_in_its_place_with_why(self, editor):
        reachable(pipq="a@example.org", spvm="a@x, b@y", piamp="b@example.org", spvq="c@example.org")
        Desabonnement.objects.create(organisme=Organisme.objects.get(slug="piamp"))
        former = launched(editor, "Avant", without=Organisme.objects.exclude(slug="spvq").values_list("pk", flat=True))
        now = timezone.now()
        former.envois.update(envoye_le=now - timedelta(days=59))
        campagne = drafted(editor)
        plan = campaigns.plan(campagne)
        assert [(row.organisme.slug, row.courriel, len(row.fiches)) for row in plan.written] == [
            ("pipq", "a@example.org", 11)
        ]
        assert [(row.organisme.slug, row.detail) for row in plan.left["invalide"]] == [("spvm", "a@x, b@y")]
        assert slugs(plan.left["silence"]) == {"piamp"}
        day = date_format(timezone.localtime(now - timedelta(days=59)))
        assert [(row.organisme.slug, row.detail) for row in plan.left["recent"]] == [("spvq", f"Avant, {day}")]
        assert slugs(plan.left["sans-courriel"]).isdisjoint({"pipq", "spvm", "piamp", "spvq"})
        former.envois.update(envoye_le=now - timedelta(days=60))
        assert "spvq" in slugs(campaigns.plan(campagne).written)
        campagne.repit = 61
        assert "spvq" in slugs(campaigns.plan(campagne).left["recent"])
        campagne.repit = 60
        former.envois.update(relance_le=now)
        assert "spvq" in slugs(campaigns.plan(campagne).left["recent"])

    def test_what_is_about_to_leave_elsewhere_counts_and_what_failed_does_not(self, editor):
        reachable(pipq="a@example.org")
        former, campagne = launched(editor, "Avant"), drafted(editor)
        (row,) = campaigns.plan(campagne).left["recent"]
        assert (row.organisme.slug, row.detail) == ("pipq", "Avant, pas encore parti")
        former.envois.filter(organisme__slug="pipq").update(echec="adresse")
        assert slugs(campaigns.plan(campagne).written) == {"pipq"}

    def test_the_first_e_mail_that_can_be_written_to(self, editor):
        organisme = Organisme.objects.get(slug="pipq")
        Contact.objects.create(organisme=organisme, nature="adresse", valeur="adresse@example.org")
        for valeur in ("a@example.org, b@example.org", "info@example.org", "second@example.org"):
            Contact.objects.create(organisme=organisme, nature="courriel", valeur=valeur)
        assert [row.courriel for row in campaigns.plan(drafted(editor)).written] == ["info@example.org"]

    def test_it_costs_the_same_for_one_and_for_many(self, editor, django_assert_max_num_queries):
        reachable(**{row.slug.replace("-", "_"): "a@example.org" for row in Organisme.objects.publics()[:30]})
        campagne = drafted(editor)
        with django_assert_max_num_queries(8):
            campaigns.plan(campagne)


class TestLaunch:
    def test_whom_it_writes_to_and_whom_it_does_not(self, editor):
        reachable(pipq="a@example.org", spvm="b@example.org")
        campagne = drafted(editor)
        left = Organisme.objects.get(slug="spvm").pk
        assert campaigns.launch(campagne, editor, campaigns.plan(campagne).mark, {left}) == 1
        envois = campagne.envois.exclude(courriel="")
        assert [(row.organisme.slug, row.initiatives.count()) for row in envois] == [("pipq", 11)]
        assert not campagne.envois.filter(organisme=left).exists()
        assert slugs(campaigns.to_call(campagne)) == slugs(campaigns.plan(drafted(editor)).left["sans-courriel"])

    def test_only_what_was_read(self, editor):
        reachable(pipq="a@example.org")
        campagne = drafted(editor)
        mark = campaigns.plan(campagne).mark
        Contact.objects.filter(valeur="a@example.org").update(valeur="autre@example.org")
        with pytest.raises(ValidationError, match="a changé"):
            campaigns.launch(campagne, editor, mark, set())
        assert not campagne.envois.exists()

    def test_once(self, editor):
        reachable(pipq="a@example.org")
        campagne = launched(editor)
        with pytest.raises(ValidationError, match="déjà lancée"):
            campaigns.launch(campagne, editor, campaigns.plan(campagne).mark, set())

    def test_all_or_none(self, editor, monkeypatch):
        """Fails without the transaction."""
        monkeypatch.setattr(Envoi.initiatives.through.objects, "bulk_create", None)
        with pytest.raises(TypeError):
            launched(editor)
        assert not Envoi.objects.exists()

    def test_not_without_a_server_nor_without_anybody(self, editor, settings):
        reachable(pipq="a@example.org")
        settings.EMAIL_CONFIGURED = False
        with pytest.raises(ValidationError, match="EMAIL_HOST"):
            launched(editor)
        with pytest.raises(ValidationError, match="personne à joindre"):
            launched(editor, without=Organisme.objects.values_list("pk", flat=True))
        assert launched(editor, "Appels", without=[Organisme.objects.get(slug="pipq").pk]).envois.exists()


class TestReminder:
    def test_who_is_reminded(self, editor):
        campagne = queued(editor, *(f"{letter}@example.org" for letter in "abcdefg"))
        late = timezone.now() - timedelta(days=21)
        campagne.envois.update(envoye_le=late)
        rows = list(campagne.envois.order_by("pk"))
        Envoi.objects.filter(pk=rows[0].pk).update(envoye_le=late + timedelta(minutes=1))
        Envoi.objects.filter(pk=rows[1].pk).update(repondu_le=late)
        Envoi.objects.filter(pk=rows[2].pk).update(relance_le=late)
        Envoi.objects.filter(pk=rows[3].pk).update(tente_le=late)
        campaigns.unsubscribe(rows[4])
        geste = Geste.objects.create(nature="verifier", par=editor, motif="Essai", fiches=[])
        Envoi.objects.filter(pk=rows[5].pk).update(appel=geste)
        assert list(campaigns.to_remind(campagne)) == [rows[6]]
        assert set(campaigns.to_remind(campagne, 20)) == {rows[0], rows[6]}
        with pytest.raises(ValidationError, match="a changé"):
            campaigns.remind(campagne, {rows[6].pk, rows[1].pk})
        assert not Envoi.objects.exclude(relance_demandee_le=None).exists()

    def test_on_its_page(self, workshop, editor):
        campagne = queued(editor, "a@example.org", "b@example.org")
        send()
        campagne.envois.update(envoye_le=timezone.now() - timedelta(days=21))
        first, second = campagne.envois.order_by("pk")
        url = address(Campagne, "relancer", campagne.pk)
        page = workshop.get(url)
        assert page.context["a_relancer"] == sorted([first, second], key=lambda row: row.organisme.nom)
        assert "voici notre seul rappel" in page.context["courriel"].body
        assert workshop.get(url, {"jours": "22"}).context["a_relancer"] == []
        page = workshop.post(url, {"envoi": [second.pk], "jours": "21"})
        assert (page.context["title"], dict(page.context["caches"])["envoi"]) == ("Relancer 1 organisme?", second.pk)
        ((why, others),) = page.context["absents"]
        assert (why, [row.organisme for row in others]) == ("Vous les laissez de côté", [first.organisme])
        assert not Envoi.objects.exclude(relance_demandee_le=None).exists()
        done = workshop.post(url, {"envoi": [second.pk], "jours": "21", "confirmer": "1"}, follow=True)
        assert said(done) == [("success", "C'est demandé : 1 organisme à relancer.")]
        again = workshop.post(url, {"envoi": [second.pk], "jours": "21", "confirmer": "1"}, follow=True)
        assert said(again) == [("error", str(campaigns.CHANGED))]
        none = workshop.post(url, {"confirmer": "1"}, follow=True)
        assert said(none) == [("error", "Il n'y a personne à relancer.")]
        assert (send(), [message.to for message in mail.outbox[2:]]) == (1, [[second.courriel]])


class TestLetter:
    def test_what_it_says_whatever_the_language_of_who_sends(self, editor, settings):
        campagne = queued(editor, "service@example.org")
        campagne.envois.get().initiatives.set([145])
        with override("en"):
            send()
        (message,) = mail.outbox
        french, english = message.body.split("\n\n----------\n\n")
        link, in_english = re.findall(r"http\S+", message.body)
        organisme, until = str(campagne.envois.get().organisme), timezone.localdate() + timedelta(days=45)
        assert french.splitlines() == [
            *("English follows.", "", "Bonjour,", ""),
            "Le Répertoire des initiatives contre l'exploitation sexuelle des mineurs présente des initiatives de "
            "votre organisme\N{NO-BREAK SPACE}:",
            *("", organisme, "- Les Survivantes", ""),
            "Sont-elles encore justes? Pour le confirmer en un clic, ou dire ce qui change, sans compte"
            "\N{NO-BREAK SPACE}:",
            *(link, ""),
            f"Le lien vaut jusqu'au {date_format(until, 'j F Y')}. Rien ne change au répertoire sans qu'une personne "
            "de l'équipe l'ait relu.",
            "Vous ne voulez plus être joint? La même page permet de le dire.",
            *("", "Ministère de la Santé et des Services sociaux"),
            "Répertoire des initiatives contre l'exploitation sexuelle des mineurs",
        ]
        assert in_english == link.replace("testserver/", "testserver/en/")
        assert english.splitlines()[-2:] == [
            "Ministère de la Santé et des Services sociaux",
            "Directory of initiatives against the sexual exploitation of minors",
        ]
        assert (message.from_email, message.reply_to) == (settings.DEFAULT_FROM_EMAIL, [])

    def test_what_the_settings_leave_unsaid(self, settings):
        settings.EMAIL_CONFIGURED = False
        names = ["EMAIL_HOST", "DEFAULT_FROM_EMAIL", "MINISTRY_PHONE", "CONTACT_EMAIL"]
        assert [name for name, _said in letters.lacking()] == names
        settings.EMAIL_CONFIGURED, settings.MINISTRY_PHONE = True, "1 888 933-9007"
        settings.DEFAULT_FROM_EMAIL, settings.CONTACT_EMAIL = "Nous <a@example.org>", "b@example.org"
        assert letters.lacking() == []


class TestScreen:
    def test_from_the_first_screen_to_what_leaves(self, workshop, editor):
        """Four clicks: add, save, continue, confirm."""
        reachable(pipq="a@example.org", spvm="b@example.org")
        form = workshop.get(address(Campagne, "add"))
        assert form.context["adminform"].form["nom"].value()
        page = workshop.post(address(Campagne, "add"), form_data(form), follow=True)
        campagne = Campagne.objects.get()
        assert page.redirect_chain == [(address(Campagne, "change", campagne.pk), 302)]
        assert campagne.creee_par == editor
        spvm = Organisme.objects.get(slug="spvm").pk
        seen = {"vu": page.context["plan"].mark, "sans": [spvm]}
        url = address(Campagne, "lancer", campagne.pk)
        page = workshop.post(url, seen)
        assert page.context["title"] == "Écrire à 1 organisme?"
        assert [str(organisme) for organisme, _email in page.context["ecrits"]] == [
            str(Organisme.objects.get(slug="pipq"))
        ]
        assert not Envoi.objects.exists()
        sent = [(name, str(value)) for name, value in page.context["caches"]]
        assert sent == [("vu", seen["vu"]), ("sans", str(spvm))]
        page = workshop.post(url, seen | {"confirmer": "1"}, follow=True)
        assert said(page) == [("success", "C'est lancé : 1 organisme à qui écrire.")]
        assert page.redirect_chain == [(f"{address(Campagne, 'change', campagne.pk)}?suivre=1", 302)]
        assert mail.outbox == []  # no web process sends
        assert "suivi.js" in page.content.decode()
        for name in ("telephone", "reglages"):
            assert f'href="{address(Campagne, name, campagne.pk)}"' in page.content.decode()
        again = workshop.post(url, seen | {"confirmer": "1"}, follow=True)
        assert said(again)[0][1].startswith("Cette campagne est déjà lancée")
        assert send() == 1

    def test_who_is_left_aside_is_named_and_why(self, workshop, editor):
        reachable(pipq="a@example.org", spvm="b@example.org", piamp="a@example.org")
        campagne = drafted(editor)
        pipq, spvm, piamp = (Organisme.objects.get(slug=slug) for slug in ("pipq", "spvm", "piamp"))
        Desabonnement.objects.create(organisme=pipq)
        Campagne.objects.create(nom="Avant", creee_par=editor, lancee_le=timezone.now()).envois.create(
            organisme=piamp, courriel="a@example.org", envoye_le=timezone.now()
        )
        plan = workshop.get(address(Campagne, "change", campagne.pk)).context["plan"]
        page = workshop.post(address(Campagne, "lancer", campagne.pk), {"vu": plan.mark, "sans": [spvm.pk]})
        assert [(why, [row.organisme for row in rows]) for why, rows in page.context["absents"]] == [
            ("Vous les laissez de côté", [spvm]),
            ("A demandé qu'on ne lui écrive plus", [pipq]),
            ("On lui a écrit il y a peu", [piamp]),
        ]
        assert "Avant, " in page.content.decode()
        assert page.context["appeles"] == [row.organisme for row in plan.called]
        assert str(plan.called[0].organisme) in html.unescape(page.content.decode())

    def test_each_e_mail_can_be_read_before_and_after(self, workshop, editor):
        reachable(pipq="a@example.org", spvm="b@example.org")
        campagne = drafted(editor)
        url, spvm = address(Campagne, "change", campagne.pk), Organisme.objects.get(slug="spvm")
        page = workshop.get(url)
        assert page.context["courriel"].to == ["a@example.org"]
        assert f'href="?courriel={spvm.pk}#courriel"' in page.content.decode()
        for asked, read in ((spvm.pk, "b@example.org"), ("x", "a@example.org"), (0, "a@example.org")):
            assert workshop.get(url, {"courriel": asked}).context["courriel"].to == [read]
        campaigns.launch(campagne, editor, page.context["plan"].mark, set())
        send()
        assert workshop.get(url).context["courriel"] is None
        envoi = campagne.envois.get(organisme=spvm)
        assert f'href="?courriel={envoi.pk}#courriel"' in workshop.get(url).content.decode()
        letter = workshop.get(url, {"courriel": envoi.pk}).context["courriel"]
        assert letter.to == ["b@example.org"]
        assert letters.token(envoi) not in letter.body  # a link that works answers in her place
        assert "seul rappel" not in letter.body
        Envoi.objects.update(relance_le=timezone.now())
        assert "seul rappel" in workshop.get(url, {"courriel": envoi.pk}).context["courriel"].body

    def test_what_changed_meanwhile_is_read_again(self, workshop, editor):
        campagne = drafted(editor)
        url = address(Campagne, "lancer", campagne.pk)
        for more in ({}, {"confirmer": "1"}):
            page = workshop.post(url, {"vu": "autre"} | more, follow=True)
            assert said(page) == [("error", str(campaigns.CHANGED))]

    def test_who_is_not_written_to_is_named_with_where_to_mend_it(self, workshop, editor):
        reachable(pipq="a@x, b@y")
        campagne = drafted(editor)
        text = workshop.get(address(Campagne, "change", campagne.pk)).content.decode()
        pk = Organisme.objects.get(slug="pipq").pk
        assert f"/admin/initiatives/organisme/{pk}/change/#contacts-group" in text
        assert "a@x, b@y" in text
        assert "Courriel mal écrit : à corriger, ou à joindre par téléphone (1)" in text
        assert "Continuer : la liste d&#x27;appels seule" in text.replace("'", "&#x27;")

    @pytest.mark.parametrize("telephone", ["", "1 888 933-9007"])
    def test_a_number_that_tells_whether_it_is_real_is_never_made_up(self, workshop, editor, settings, telephone):
        settings.MINISTRY_PHONE = telephone
        reachable(pipq="a@example.org")
        page = workshop.get(address(Campagne, "change", drafted(editor).pk))
        assert ("MINISTRY_PHONE" in page.content.decode()) is not bool(telephone)
        assert ("Pour vérifier que ce courriel vient bien de nous" in page.context["courriel"].body) is bool(telephone)
        settings.DEVELOPMENT = False
        text = workshop.get(address(Campagne, "change", Campagne.objects.get().pk)).content.decode()
        assert '<div class="errornote">' in text

    def test_its_pages_cost_the_same_for_one_e_mail_and_for_many(self, workshop, editor):
        queued(editor, *(f"{letter}@example.org" for letter in "abcdef"))
        drafted(editor)
        campagne = Campagne.objects.exclude(lancee_le=None).get()
        urls = [address(Campagne, "change", campagne.pk), address(Campagne, "changelist")]
        urls += [address(Campagne, name, campagne.pk) for name in ("telephone", "relancer")]
        campagne.envois.update(envoye_le=timezone.now() - timedelta(days=30))
        for url in urls:
            workshop.get(url)
        costs = [[cost(workshop, url) for url in urls]]
        Envoi.objects.exclude(pk=Envoi.objects.first().pk).delete()
        costs.append([cost(workshop, url) for url in urls])
        assert costs[0] == costs[1]

    def test_each_e_mail_is_told_with_its_state(self, workshop, editor):
        now = timezone.now()
        geste = Geste.objects.create(nature="verifier", par=editor, motif="Essai", fiches=[])
        states = [
            ({}, "à envoyer"),
            (
                {"tente_le": now},
                f"incertain : parti peut-être le {date_format(timezone.localtime(now), 'DATETIME_FORMAT')}",
            ),
            ({"envoye_le": now}, "parti"),
            ({"envoye_le": now, "relance_demandee_le": now}, "à relancer"),
            ({"envoye_le": now, "relance_demandee_le": now, "relance_le": now}, "relancé"),
            ({"envoye_le": now, "repondu_le": now}, "a répondu"),
            ({"envoye_le": now, "appel": geste}, "joint par téléphone"),
            ({"echec": "adresse", "code_smtp": 550}, "pas parti : l'adresse est refusée (550)"),
            ({"echec": "mal-ecrite"}, "pas parti : l'adresse est mal écrite"),
            (
                {"echec": "adresse", "code_smtp": 451, "pas_avant": now},
                "pas encore parti : l'adresse est refusée (451), réessayé à "
                f"{date_format(timezone.localtime(now), 'TIME_FORMAT')}",
            ),
            ({"courriel": ""}, "aucun courriel : à joindre par téléphone"),
        ]
        campagne = queued(editor, *(f"a{number}@example.org" for number in range(len(states))))
        for envoi, (fields, _told) in zip(campagne.envois.order_by("pk"), states, strict=True):
            Envoi.objects.filter(pk=envoi.pk).update(**fields)
        page = workshop.get(address(Campagne, "change", campagne.pk))
        told = {envoi.pk: state for envoi, state in page.context["envois"]}
        assert [told[pk] for pk in sorted(told)] == [state for _fields, state in states]
        assert [len(page.context[name]) for name in ("incertains", "echecs")] == [1, 2]
        assert (page.context["faits"], page.context["tous"]) == (6, 9)
        listed = workshop.get(address(Campagne, "changelist")).context["cl"]
        row = listed.result_list[0]
        counts = [row.organismes, row.partis, row.repondus, row.en_echec, row.incertains, row.relances, row.a_envoyer]
        assert counts == [11, 5, 2, 2, 1, 1, 3]
        assert listed.model_admin.etat(row) == "en cours"

    def test_paused_resumed_tried_again_and_settled(self, workshop, editor):
        campagne = queued(editor, "a@example.org", "b@example.org")
        first, second = campagne.envois.order_by("pk")
        url = address(Campagne, "gerer", campagne.pk)
        workshop.post(url, {"pause": "1"})
        campagne.refresh_from_db()
        assert campagne.en_pause
        assert "En pause" in workshop.get(address(Campagne, "change", campagne.pk)).content.decode()
        assert said(workshop.post(url, {"reprendre": "1"}, follow=True)) == [("success", "C'est noté.")]
        campagne.refresh_from_db()
        assert not campagne.en_pause
        Contact.objects.create(organisme=first.organisme, nature="courriel", valeur="neuf@example.org")
        Envoi.objects.filter(pk=first.pk).update(echec="adresse")
        Envoi.objects.filter(pk=second.pk).update(tente_le=timezone.now())
        assert said(workshop.post(url, {"reessayer": first.pk}, follow=True)) == [
            ("success", "De retour dans la file : 1 organisme.")
        ]
        first.refresh_from_db()
        assert (first.courriel, first.echec) == ("neuf@example.org", "")
        for wrong in ("", "x", "-1", queued(editor, "c@example.org").envois.get().pk):
            assert workshop.post(url, {"incertain": wrong, "arrive": "1"}).status_code == 404
        workshop.post(url, {"incertain": second.pk, "perdu": "1"}, follow=True)
        second.refresh_from_db()
        assert (second.tente_le, second.envoye_le) == (None, None)
        late = workshop.post(url, {"incertain": second.pk, "arrive": "1"}, follow=True)
        assert said(late) == [("error", "Cet envoi n'est plus incertain.")]

    def test_its_choice_changes_until_it_is_launched(self, workshop, editor):
        campagne = drafted(editor)
        url = address(Campagne, "reglages", campagne.pk)
        data = form_data(workshop.get(url)) | {"nom": "Printemps", "choix": "jamais", "region": "laval"}
        assert workshop.post(url, data).status_code == 302
        campagne.refresh_from_db()
        assert (campagne.nom, campagne.choix, campagne.region_id, campagne.creee_par) == (
            *("Printemps", "jamais", "laval"),
            editor,
        )
        Campagne.objects.update(lancee_le=timezone.now())
        workshop.post(url, data | {"nom": "Été", "choix": "dues"})
        campagne.refresh_from_db()
        assert (campagne.nom, campagne.choix) == ("Été", "jamais")

    def test_the_rédaction_prepares_and_the_révision_sends(self, editor):
        writer, reviser = session(account("rédaction")), session(account("révision"))
        reachable(pipq="a@example.org")
        assert writer.post(address(Campagne, "add"), {"nom": "Automne", "choix": "dues", "repit": 60, "jours": 45})
        campagne = Campagne.objects.get()
        page = writer.get(address(Campagne, "change", campagne.pk))
        text = page.content.decode()
        assert "La révision relit, puis envoie." in text
        assert 'value="Continuer' not in text
        sent = {"vu": page.context["plan"].mark, "confirmer": "1"}
        assert writer.post(address(Campagne, "lancer", campagne.pk), sent).status_code == 403
        assert reviser.post(address(Campagne, "lancer", campagne.pk), sent).status_code == 302
        for name, more in (("gerer", {"pause": "1"}), ("relancer", {"confirmer": "1"})):
            assert writer.post(address(Campagne, name, campagne.pk), more).status_code == 403
        campagne.refresh_from_db()
        assert (campagne.lancee_par.username, campagne.en_pause) == ("révision", False)


def cost(browser, url) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert browser.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize(
    ("nature", "valeur", "valid"),
    [
        ("courriel", "info@example.org", True),
        ("courriel", "a@example.org, b@example.org", False),
        ("courriel", "Info <info@example.org>", False),
        ("courriel", "info", False),
        ("telephone", "418 555-0100, poste 12", True),
        ("telephone", "211", True),
        ("telephone", "sur demande", False),
        ("telephone", "info@example.org 12345", False),
        ("site-web", "https://example.org/aide", True),
        ("site-web", "example.org", False),
        ("site-web", "javascript:alert(1)", False),
        ("adresse", "au coin de la rue", True),
        ("municipalite", "Matane", True),
    ],
)
def test_a_contact_is_of_its_kind(workshop, nature, valeur, valid):
    url = address(Initiative, "change", 145)
    page = workshop.get(url)
    contact = {"nature": nature, "valeur": valeur, "visibilite": "editeurs", "precision": ""}
    rows = {f"contacts-0-{name}": value for name, value in contact.items()} | {"contacts-TOTAL_FORMS": "1"}
    answer = workshop.post(url, form_data(page) | rows | {"version_vue": page.context["version_vue"]})
    assert answer.status_code == (302 if valid else 200)
    assert Contact.objects.filter(valeur=valeur).count() == int(valid)
