"""What the restore drill compares: every public address, every table that is kept, and no value."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.http import HttpResponse

from initiatives.management.commands import fingerprint
from initiatives.models import Execution, Initiative, Version
from initiatives.urls import urlpatterns

pytestmark = pytest.mark.django_db


def lines() -> dict[str, str]:
    """What is printed of the tables: digest by table."""
    said = StringIO()
    call_command("fingerprint", tables=True, stdout=said)
    *rows, version = said.getvalue().splitlines()
    assert re.fullmatch(r"version \d+", version)
    found = [re.fullmatch(r"([0-9a-f]{64})  (\w+) \(\d+\)", row).groups() for row in rows]
    return {table: digest for digest, table in found}


def test_a_change_in_history_or_in_private_is_seen():
    before = lines()
    assert lines() == before
    Version.objects.filter(pk=Version.objects.order_by("pk").first().pk).update(motif="autre")
    Initiative.objects.filter(numero=153).update(frequence="autre")  # a draft
    after = lines()
    assert {table for table in before if before[table] != after[table]} >= {
        *("initiatives_version", "initiatives_initiative"),
    }


def test_what_moves_by_itself_is_left_out():
    before = lines()
    Execution.objects.update_or_create(
        tache="sauvegarde", reussi=True, defaults={"fini_le": "2026-11-29T00:00:00Z", "duree_s": 3}
    )
    assert lines() == before
    assert not {"django_session", "initiatives_passage", "axes_accessattempt"} & before.keys()


def test_the_order_in_which_rows_lie_is_no_change():
    """A restored table has them in another."""
    before, first = lines(), Version.objects.order_by("pk")[:1]
    motif = first[0].motif
    for other in ("autre", motif):
        Version.objects.filter(pk=first[0].pk).update(motif=other)
    assert lines()["initiatives_version"] == before["initiatives_version"]


def test_the_same_page_with_another_status_is_another(monkeypatch):
    statuses = iter([200, 404])
    monkeypatch.setattr(fingerprint, "ask", lambda path: HttpResponse(b"a", status=next(statuses)))
    assert fingerprint.digest("/") != fingerprint.digest("/")


def test_every_kind_of_public_address_is_asked():
    every = fingerprint.every_address(without_documents=False)
    assert {"/", "/en/", "/initiatives/mobilis/", "/en/initiatives/mobilis.pdf", "/initiatives/mobilis.json"} <= {
        *every
    }
    assert {"/initiatives.xlsx", "/donnees/repertoire.zip", "/organismes/pipq.json", "/portrait.csv"} <= {*every}
    assert len(every) > 1600
    named = {pattern.name for pattern in urlpatterns if not pattern.pattern.converters}
    left = {name for name in named if fingerprint.FORMS.match(name) or name.startswith("selection")}
    assert left == {
        *("proposer", "merci", "signaler-site", "integrer", "navigation-discrete"),
        *("selection", "selection-csv", "selection-pdf", "selection-code"),
    }


def test_two_workbooks_of_the_same_list_are_the_same():
    assert fingerprint.digest("/initiatives.xlsx") == fingerprint.digest("/initiatives.xlsx")
    assert fingerprint.digest("/initiatives/mobilis.pdf") != fingerprint.digest("/initiatives/les-survivantes.pdf")
