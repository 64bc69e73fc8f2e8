"""Accounts: roles see what they may do, a second factor guards every path, wrong passwords lock out, nobody climbs."""

import base64
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, User
from django.core.management import CommandError, call_command
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from initiatives.admin.second_factor import digest, new_device, verified_device
from initiatives.hearing import client
from initiatives.keeping import acts
from initiatives.keeping.roles import ROLES, apply_roles
from initiatives.models import Initiative

from .people import PASSWORD, account, code, code_of, first_code, log_in, session

pytestmark = [pytest.mark.django_db, pytest.mark.ignore_template_errors]


class TestRoles:
    def test_they_come_with_the_migrations_and_staff_s_additions_stay(self):
        from django.apps import apps

        assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
        group = Group.objects.get(name="rédaction")
        group.permissions.add(*Group.objects.get(name="administration").permissions.all())
        before = group.permissions.count()
        apply_roles(apps.get_app_config("initiatives"))
        assert group.permissions.count() == before

    @pytest.mark.parametrize("role", list(ROLES))
    def test_every_permission_of_the_table_exists(self, role):
        found = set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))
        assert found == set(ROLES[role])

    @pytest.mark.parametrize(
        ("role", "actions", "models"),
        [
            ("rédaction", {"nothing_changed"}, {"initiative", "organisme"}),
            ("révision", {"nothing_changed", "publish", "archive", "refuse"}, {"initiative", "organisme"}),
            (
                "administration",
                {"nothing_changed", "publish", "archive", "refuse"},
                {"initiative", "organisme", "ligneaide", "entreethesaurus", "localite", "region", "source", "sondage"},
            ),
        ],
    )
    def test_what_a_role_may_not_do_is_not_shown(self, role, actions, models):
        browser = session(account(role))
        page = browser.get("/admin/initiatives/initiative/").content.decode()
        assert actions <= set(re.findall(r'<option value="(\w+)">', page))
        assert {"publish", "archive", "refuse"} & set(re.findall(r'<option value="(\w+)">', page)) == actions - {
            "nothing_changed"
        }
        index = browser.get("/admin/").content.decode()
        changeable = set(re.findall(r'/admin/initiatives/(\w+)/" class="changelink"', index))
        assert models <= changeable
        assert not (changeable & {"ligneaide", "entreethesaurus", "localite"}) or role == "administration"
        assert ("/admin/auth/user/" in index) == (role == "administration")

    def test_an_editor_cannot_publish_by_hand_either(self, draft):
        browser = session(account("rédaction"))
        data = {"geste": "publier", "fiche": [acts.mark(draft)], "motif": "Moi aussi"}
        assert browser.post("/admin/initiatives/initiative/ensemble/", data).status_code == 403
        draft.refresh_from_db()
        assert not draft.est_publique
        session(account("révision")).post("/admin/initiatives/initiative/ensemble/", data)
        draft.refresh_from_db()
        assert draft.est_publique

    def test_an_editor_edits_and_adds(self):
        browser = session(account("rédaction"))
        assert browser.get("/admin/initiatives/initiative/add/").status_code == 200
        assert "Enregistrer" in browser.get("/admin/initiatives/initiative/145/change/").content.decode()
        assert browser.get("/admin/initiatives/ligneaide/add/").status_code == 403


class TestNobodyClimbs:
    def test_an_administrator_does_not_see_superusers_nor_their_powers(self, editor):
        browser = session(account("administration"))
        assert "editrice" not in browser.get("/admin/auth/user/").content.decode()
        for page in ("change", "password"):
            assert browser.get(f"/admin/auth/user/{editor.pk}/{page}/").status_code in (302, 404)
        other = account("rédaction")
        form = browser.get(f"/admin/auth/user/{other.pk}/change/").content.decode()
        assert 'name="is_superuser"' not in form
        assert 'name="user_permissions"' not in form
        data = {"username": "rédaction", "role": "révision", "is_active": "on", "is_superuser": "on", "groups": "1"}
        assert browser.post(f"/admin/auth/user/{other.pk}/change/", data).status_code == 302
        other.refresh_from_db()
        assert not other.is_superuser
        assert [group.name for group in other.groups.all()] == ["révision"]

    def test_one_s_own_role_and_account_are_not_one_s_own_to_change(self):
        user = account("administration")
        browser = session(user)
        form = browser.get(f"/admin/auth/user/{user.pk}/change/").content.decode()
        assert 'name="role"' not in form
        assert 'name="is_active"' not in form
        browser.post(f"/admin/auth/user/{user.pk}/change/", {"username": "administration", "role": "rédaction"})
        user.refresh_from_db()
        assert user.is_active
        assert [group.name for group in user.groups.all()] == ["administration"]

    def test_a_form_shows_the_highest_role_and_the_list_shows_them_all(self, workshop):
        other, unnamed = account("rédaction"), account("aucun", "sans-rôle")
        colleagues = Group.objects.create(name="collègues")
        url, shown = f"/admin/auth/user/{other.pk}/change/", []
        for names in (["rédaction"], ["rédaction", "révision"], ["rédaction", "révision", "administration"]):
            other.groups.set([*Group.objects.filter(name__in=names), colleagues])
            shown.append(workshop.get(url).context["adminform"].form["role"].value())
        assert shown == ["rédaction", "révision", "administration"]
        form = workshop.get(f"/admin/auth/user/{unnamed.pk}/change/").context["adminform"].form
        assert (form["role"].value(), form.fields["role"].required) == (None, True)
        screen = workshop.get("/admin/auth/user/").context["cl"].model_admin
        assert sorted(screen.roles(other).split(", ")) == ["Administration", "Rédaction", "Révision", "collègues"]
        assert screen.roles(unnamed) == ""

    def test_older_and_newer_accounts_are_changed_alike(self):
        older, boss, newer = account("rédaction"), account("administration"), account("révision")
        browser = session(boss)
        for other in (older, newer):
            page = browser.get(f"/admin/auth/user/{other.pk}/change/").content.decode()
            assert [f'name="{name}"' in page for name in ("role", "is_active")] == [True, True]
            data = {"username": other.username, "role": "administration"}
            assert browser.post(f"/admin/auth/user/{other.pk}/change/", data).status_code == 302
            other.refresh_from_db()
            assert (other.is_active, other.is_staff) == (False, True)
            assert [group.name for group in other.groups.all()] == ["administration"]

    def test_a_lost_telephone_is_told_on_the_page_of_its_account(self, workshop):
        other = account("rédaction")
        TOTPDevice.objects.create(user=other, confirmed=True)
        url = f"/admin/auth/user/{other.pk}/change/"
        page = workshop.get(url)
        assert "pbkdf2" not in page.content.decode()
        assert 'href="../password/"' in page.content.decode()
        sent = {"username": other.username, "role": "rédaction", "is_active": "on", "_sans_facteur": "1"}
        assert workshop.post(url, sent).url == url
        assert not TOTPDevice.objects.exists()

    def test_accounts_are_closed_not_deleted(self, workshop):
        other = account("rédaction")
        assert workshop.get(f"/admin/auth/user/{other.pk}/delete/").status_code == 403

    def test_a_new_account_has_a_role_and_a_strong_password_in_french(self, workshop):
        data = {"username": "nouvelle", "role": "rédaction"}
        weak = workshop.post("/admin/auth/user/add/", data | {"password1": "court", "password2": "court"})
        assert "au minimum 12 caractères" in weak.content.decode()
        data |= {"password1": PASSWORD, "password2": PASSWORD}
        assert workshop.post("/admin/auth/user/add/", data).status_code == 302
        user = User.objects.get(username="nouvelle")
        assert user.is_staff
        assert [group.name for group in user.groups.all()] == ["rédaction"]


@pytest.fixture
def strict(settings):
    """As outside development."""
    settings.SECOND_FACTOR = True


@pytest.mark.usefixtures("strict")
class TestSecondFactor:
    def enrol(self, user):
        """A browser that set its second factor up, and the recovery codes that it was shown."""
        browser = Client()
        assert log_in(browser, user.username).status_code == 302
        page = browser.get("/admin/", follow=True)
        assert page.redirect_chain[-1][0].startswith("/admin/second-facteur/")
        answer = browser.post("/admin/second-facteur/", {"code": first_code(browser)})
        return browser, re.findall(r"<li><code>(\w{10})</code></li>", answer.content.decode())

    def test_from_password_to_the_workshop(self):
        browser, codes = self.enrol(account("révision"))
        assert len(set(codes)) == 10
        assert browser.get("/admin/initiatives/initiative/").status_code == 200
        assert codes[0] not in browser.get("/admin/second-facteur/").content.decode()

    def test_no_path_of_the_admin_opens_with_a_password_alone(self):
        browser = Client()
        log_in(browser, account("administration").username)
        paths = []
        for prefix, pattern in admin_patterns():
            route = re.sub(r"<path:object_id>|<int:\w+>|<id>", "1", prefix + str(pattern.pattern))
            if not re.search(r"[(<\\]", route):
                paths.append("/admin/" + route)
        assert len(paths) > 60
        allowed = {"/admin/login/", "/admin/logout/", "/admin/second-facteur/", "/admin/r/1/1/"}
        for path in set(paths) - allowed:
            answer = browser.get(path)
            assert answer.status_code in (302, 404), path
            if answer.status_code == 302 and "/admin/login/" not in answer.url:
                assert browser.get(answer.url).status_code == 302, path
        assert browser.get("/admin/initiatives/initiative/153/apercu/").status_code == 302

    def test_a_code_serves_once_and_a_recovery_code_too(self):
        user = account("révision")
        _browser, codes = self.enrol(user)
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
        again = Client()
        log_in(again, user.username)
        used = again.post("/admin/second-facteur/", {"code": code(user)})
        assert "il a déjà servi" in used.content.decode()
        assert again.post("/admin/second-facteur/", {"code": codes[3].upper()}).status_code == 302
        assert again.get("/admin/").status_code == 200
        third = Client()
        log_in(third, user.username)
        assert third.post("/admin/second-facteur/", {"code": codes[3]}).status_code == 200
        assert third.get("/admin/").status_code == 302

    def test_the_key_that_is_typed_is_the_one_that_is_drawn(self):
        browser = Client()
        log_in(browser, account("révision").username)
        page = browser.get("/admin/second-facteur/")
        key = bytes.fromhex(browser.session["second_facteur_montre"])
        assert page.context["secret"] == base64.b32encode(key).decode()
        assert f"<code>{page.context['secret']}</code>" in page.content.decode()
        assert page.context["title"] == "Installer un second facteur"
        assert re.findall(r'<svg [^>]*class="qr"[^>]*><title>([^<]*)</title>', page.content.decode()) == ["Code QR"]
        assert [page.context[name] for name in ("connu", "verifie", "codes", "suite")] == [False, False, [], "/admin/"]

    def test_what_nobody_was_shown_opens_nothing(self):
        """The code of an empty key is known to everybody."""
        user, empty = account("révision"), TOTPDevice(key="")
        browser = Client()
        log_in(browser, user.username)
        page = browser.post("/admin/second-facteur/", {"code": code_of(empty)})
        assert page.context["form"].errors == {
            "code": ["Ce code n'est pas le bon. Écrivez celui que l'application affiche pour ce code QR."]
        }
        assert not TOTPDevice.objects.exists()

    def test_whoever_mistypes_reads_the_same_drawing(self):
        """And whoever comes to the page is shown another (below)."""
        browser = Client()
        log_in(browser, account("révision").username)
        drawn = browser.get("/admin/second-facteur/").context["secret"]
        assert browser.post("/admin/second-facteur/", {"code": "000000"}).context["secret"] == drawn
        assert browser.get("/admin/second-facteur/").context["secret"] != drawn

    def test_there_is_one_telephone(self):
        user, key = account("révision"), default_key()
        assert new_device(user, key, code_of(TOTPDevice(key=key))).name == "téléphone"
        other = default_key()
        assert new_device(user, other, code_of(TOTPDevice(key=other))) is None
        assert TOTPDevice.objects.get().key == key

    @pytest.mark.parametrize("typed", ["{}", " {} ", "x{}", "{}x", "²{}", ""])
    def test_a_first_code_is_six_digits(self, typed):
        browser = Client()
        log_in(browser, account("révision").username)
        browser.get("/admin/second-facteur/")
        sent = typed.format(first_code(browser)) if typed else ""
        answer = browser.post("/admin/second-facteur/", {"code": sent})
        assert len(answer.context["codes"]) == (10 if sent.strip().isdecimal() and "²" not in sent else 0)
        assert TOTPDevice.objects.count() == len(answer.context["codes"]) / 10

    @pytest.mark.parametrize(("length", "sentence"), [(32, "Ce code n'est pas le bon"), (33, "au plus 32")])
    def test_a_code_has_a_length(self, length, sentence):
        browser = Client()
        log_in(browser, account("révision").username)
        ((error,),) = browser.post("/admin/second-facteur/", {"code": "1" * length}).context["form"].errors.values()
        assert sentence in error

    def test_a_code_that_enrolled_does_not_open_a_second_session(self):
        user = account("révision")
        browser = Client()
        log_in(browser, user.username)
        browser.get("/admin/second-facteur/")
        used, before = first_code(browser), browser.session.session_key
        browser.post("/admin/second-facteur/", {"code": used})
        assert browser.session.session_key != before
        again = Client()
        log_in(again, user.username)
        page = again.post("/admin/second-facteur/", {"code": used})
        assert page.context["form"].errors == {
            "code": ["Ce code n'est pas le bon, ou il a déjà servi. Attendez le suivant."]
        }
        assert (page.context["title"], page.context["connu"]) == ("Mon second facteur", True)

    def test_a_recovery_code_is_typed_as_one_likes(self):
        user = account("révision")
        _browser, codes = self.enrol(user)
        for written in (codes[0].upper(), f" {codes[1][:5]} {codes[1][5:]} "):
            again = Client()
            log_in(again, user.username)
            assert again.post("/admin/second-facteur/", {"code": written}).status_code == 302
        assert set("".join(codes)) <= set("abcdefghjkmnpqrstuvwxyz23456789")

    def test_a_wrong_recovery_code_does_not_slow_the_telephone_down(self):
        user = account("révision")
        self.enrol(user)
        TOTPDevice.objects.update(last_t=-1)
        browser = Client()
        log_in(browser, user.username)
        browser.post("/admin/second-facteur/", {"code": "pasuncode"})
        assert browser.post("/admin/second-facteur/", {"code": code(user)}).status_code == 302

    def test_a_wrong_number_does_not_slow_the_recovery_codes_down(self):
        user = account("révision")
        _browser, codes = self.enrol(user)
        browser = Client()
        log_in(browser, user.username)
        browser.post("/admin/second-facteur/", {"code": "000000"})
        assert browser.post("/admin/second-facteur/", {"code": codes[0]}).status_code == 302

    def test_what_is_not_confirmed_proves_nothing(self):
        user = account("révision")
        device = TOTPDevice.objects.create(user=user, confirmed=False)
        spare = StaticDevice.objects.create(user=user, confirmed=False)
        spare.token_set.create(token=digest("abcdefghjk"))
        assert [verified_device(user, given) for given in (code_of(device), "abcdefghjk")] == [None, None]
        StaticDevice.objects.update(confirmed=True)
        assert verified_device(user, "abcdefghjk") == spare

    def test_another_site_s_form_is_refused(self):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(account("révision"))
        browser.get("/admin/second-facteur/")
        assert browser.post("/admin/second-facteur/", {"code": first_code(browser)}).status_code == 403
        assert browser.get("/admin/second-facteur/").headers["Cache-Control"] == "no-store"

    def test_a_secret_shown_earlier_opens_nothing(self):
        """Whoever had the password and saw a secret before her keeps no way in."""
        user = account("révision")
        thief, owner = Client(), Client()
        for browser in (thief, owner):
            log_in(browser, user.username)
            browser.get("/admin/second-facteur/")
        seen = first_code(thief)
        assert seen != first_code(owner)
        owner.get("/admin/second-facteur/")
        shown_before, shown = seen, first_code(owner)
        assert (
            "Ce code n&#x27;est pas le bon"
            in owner.post("/admin/second-facteur/", {"code": shown_before}).content.decode()
        )
        assert not TOTPDevice.objects.exists()
        shown = first_code(owner)
        answer = owner.post("/admin/second-facteur/", {"code": shown})
        assert len(re.findall(r"<li><code>(\w{10})</code></li>", answer.content.decode())) == 10
        assert TOTPDevice.objects.get().confirmed
        assert thief.post("/admin/second-facteur/", {"code": seen}).status_code == 200
        assert TOTPDevice.objects.count() == 1
        assert thief.get("/admin/").status_code == 302

    def test_one_session_s_secret_serves_once(self):
        user = account("révision")
        browser, _codes = self.enrol(user)
        assert "second_facteur_montre" not in browser.session

    def test_recovery_codes_are_not_kept_in_clear(self):
        _browser, codes = self.enrol(account("révision"))
        assert not set(codes) & set(StaticToken.objects.values_list("token", flat=True))

    def test_guessing_is_slowed_down(self):
        user = account("révision")
        self.enrol(user)
        browser = Client()
        log_in(browser, user.username)
        for guess in ("000000", "111111"):
            browser.post("/admin/second-facteur/", {"code": guess})
        assert TOTPDevice.objects.get(user=user).throttling_failure_count >= 1
        good = browser.post("/admin/second-facteur/", {"code": code(user, ahead=1)})
        assert good.status_code == 200  # refused, though right: too soon after a wrong one

    def test_a_lost_telephone(self, workshop):
        user = account("révision")
        browser, _codes = self.enrol(user)
        boss, _codes = self.enrol(User.objects.create_superuser("cheffe", password=PASSWORD))
        data = {"action": "reset_second_factor", "_selected_action": [user.pk]}
        answer = boss.post("/admin/auth/user/", data, follow=True)
        assert [(notice.level_tag, str(notice)) for notice in answer.context["messages"]] == [
            ("success", "À la prochaine connexion, un nouveau second facteur sera demandé.")
        ]
        assert LogEntry.objects.get(object_id=user.pk).change_message == "Second facteur retiré"
        assert TOTPDevice.objects.count() == StaticDevice.objects.count() == 1  # her own
        assert browser.get("/admin/").status_code == 302
        assert not TOTPDevice.objects.filter(user=user, confirmed=True).exists()

    def test_new_codes_and_a_new_telephone_ask_for_a_code(self):
        user = account("révision")
        browser, codes = self.enrol(user)
        answer = browser.post("/admin/second-facteur/", {"code": codes[0]})
        fresh = re.findall(r"<li><code>(\w{10})</code></li>", answer.content.decode())
        assert len(fresh) == 10
        assert not set(fresh) & set(codes)
        answer = browser.post("/admin/second-facteur/", {"code": fresh[0], "remplacer": "1"})
        assert answer.url == "/admin/"
        assert "otp_device_id" not in browser.session
        assert browser.get("/admin/").status_code == 302
        assert "Installer un second facteur" in browser.get("/admin/second-facteur/").content.decode()

    def test_a_wrong_code_renews_nothing(self):
        user = account("révision")
        browser, codes = self.enrol(user)
        for asked in ({}, {"remplacer": "1"}):
            page = browser.post("/admin/second-facteur/", {"code": "pasuncode"} | asked)
            assert (page.context["codes"], bool(page.context["form"].errors)) == ([], True)
        assert StaticToken.objects.filter(token__in=map(digest, codes)).count() == 10
        assert TOTPDevice.objects.filter(user=user, confirmed=True).count() == 1

    def test_where_one_was_going_but_never_elsewhere(self):
        user = account("révision")
        _browser, codes = self.enrol(user)
        for target, expected in (
            ("/admin/initiatives/initiative/", "/admin/initiatives/initiative/"),
            ("//example.org/", "/admin/"),
        ):
            browser = Client()
            log_in(browser, user.username)
            answer = browser.post(f"/admin/second-facteur/?next={target}", {"code": codes.pop()})
            assert answer.url == expected

    def test_the_page_asked_for_survives_the_two_steps(self):
        user = account("révision")
        _browser, codes = self.enrol(user)
        browser, target = Client(), "/admin/initiatives/initiative/?attente=brouillons&o=1"
        first = browser.post("/admin/login/", {"username": user.username, "password": PASSWORD, "next": target})
        second = browser.get(browser.get(first.url).url)
        third = browser.post(second.url, {"code": codes[0]})
        assert third.url == target

    def test_a_stranger_is_sent_to_the_password(self):
        assert Client().get("/admin/second-facteur/").url == "/admin/login/"


def test_nobody_reads_the_devices(workshop):
    assert "otp_totp" not in workshop.get("/admin/").content.decode()
    assert workshop.get("/admin/otp_totp/totpdevice/").status_code == 404


def admin_patterns():
    """Every pattern under the admin, with what stands before it."""
    admin = next(item for item in get_resolver().url_patterns if str(item.pattern) == "admin/")

    def walk(patterns, prefix):
        for item in patterns:
            if hasattr(item, "url_patterns"):
                yield from walk(item.url_patterns, prefix + str(item.pattern))
            else:
                yield prefix, item

    return walk(admin.url_patterns, "")


class TestLockOut:
    def test_a_name_of_any_length_is_only_a_wrong_name(self):
        answer = log_in(Client(), "a" * 5000)
        assert answer.status_code == 200
        assert "au plus 150" in answer.content.decode()

    def test_five_wrong_passwords_close_that_account_to_that_address_alone(self):
        account("rédaction")
        account("révision")
        for _try in range(5):
            last = log_in(Client(), "rédaction", "faux", REMOTE_ADDR="192.0.2.1")
        assert last.status_code == 429
        assert "quinze minutes" in last.content.decode()
        assert log_in(Client(), "rédaction", REMOTE_ADDR="192.0.2.1").status_code == 429
        assert log_in(Client(), "rédaction", REMOTE_ADDR="192.0.2.2").status_code == 302
        assert log_in(Client(), "révision", REMOTE_ADDR="192.0.2.1").status_code == 302

    def test_nothing_tells_which_accounts_exist(self):
        account("rédaction")
        known, unknown = (log_in(Client(), name, "faux").context["form"].errors for name in ("rédaction", "personne"))
        assert known == unknown
        assert known
        assert User.objects.filter(username="personne").count() == 0

    def test_a_forged_header_neither_escapes_nor_frames(self, settings):
        factory = RequestFactory()
        request = factory.get("/", HTTP_X_FORWARDED_FOR="198.51.100.9, 192.0.2.7", REMOTE_ADDR="10.0.0.1")
        assert client.address(request) == "10.0.0.1"
        settings.PROXY_DEPTH = 1
        assert client.address(request) == "192.0.2.7"
        settings.PROXY_DEPTH = 2
        assert client.address(request) == "198.51.100.9"
        settings.PROXY_DEPTH = 3
        assert client.address(request) == "10.0.0.1"


class TestSession:
    def test_thirty_minutes_idle(self):
        browser = session(account("rédaction"))
        browser.get("/admin/")
        assert 29 * 60 < browser.session.get_expiry_age() <= 30 * 60
        cookie = browser.cookies["sessionid"]
        assert (cookie["path"], cookie["samesite"], bool(cookie["httponly"])) == ("/admin/", "Lax", True)

    def test_the_admin_speaks_french(self):
        assert 'lang="fr-ca"' in Client().get("/admin/login/", HTTP_ACCEPT_LANGUAGE="en").content.decode()


class TestCommand:
    def test_the_first_account(self, capsys):
        call_command("create_account", "premiere", "--generate")
        user = User.objects.get(username="premiere")
        password = capsys.readouterr().out.rpartition(": ")[2].strip()
        assert user.check_password(password)
        assert [group.name for group in user.groups.all()] == ["administration"]
        assert not user.is_superuser

    @pytest.mark.parametrize("typed", ["redaction", "Rédaction", "REDACTION", "re\u0301daction"])
    def test_a_role_needs_no_accent(self, typed):
        call_command("create_account", "autre", "--generate", f"--role={typed}")
        assert User.objects.get(username="autre").groups.get().name == "rédaction"

    def test_a_role_that_is_none_is_refused(self):
        with pytest.raises(CommandError, match="redactrice"):
            call_command("create_account", "autre", "--generate", "--role=redactrice")

    def test_a_weak_password_and_a_taken_name_are_told(self, monkeypatch):
        monkeypatch.setattr("getpass.getpass", lambda prompt: "court")
        with pytest.raises(CommandError, match="12 caractères"):
            call_command("create_account", "premiere")
        call_command("create_account", "premiere", "--generate")
        with pytest.raises(CommandError, match="existe déjà"):
            call_command("create_account", "premiere", "--generate")


@pytest.mark.parametrize(("sent", "role"), [("revision", "révision"), ("révision", "révision"), ("relecture", None)])
def test_the_form_of_an_account_needs_no_accent(workshop, sent, role):
    data = dict.fromkeys(("password1", "password2"), "un long mot de passe 42")
    data |= {"username": "nouvelle", "usable_password": "true"}
    workshop.post("/admin/auth/user/add/", data | {"role": sent})
    assert [group.name for user in User.objects.filter(username="nouvelle") for group in user.groups.all()] == (
        [role] if role else []
    )
    assert User.objects.filter(username="nouvelle").exists() is bool(role)


def test_public_pages_ask_nothing_of_the_accounts(visitor):
    assert Initiative.objects.count() > 0
    visitor.page("/")  # SELECT alone, no cookie: the guard checks
