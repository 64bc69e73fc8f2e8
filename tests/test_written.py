"""Statements written once answer as the querysets that they were written from; the near fiches are those that are."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler

from initiatives.core.versioned import data_version
from initiatives.core.written import Written
from initiatives.finding.index import index_at, present, reading
from initiatives.models import Initiative
from initiatives.views import fiche

pytestmark = pytest.mark.django_db


@pytest.fixture
def undone(monkeypatch):
    """Nothing is written yet."""
    for name in ("FICHE", "NEAR"):
        known = getattr(fiche, name)
        monkeypatch.setattr(fiche, name, Written(known.make, *known.kinds))


def test_every_fiche_is_read_as_its_queryset_reads_it(undone, django_assert_num_queries):
    public = Initiative.objects.publiees()
    expected = {row.slug: row for row in public.entieres()}
    assert len(expected) == 152
    with django_assert_num_queries(152):
        for slug, row in expected.items():
            (found,) = fiche.FICHE.rows(slug)
            assert type(found) is Initiative
            assert found._state.adding is False
            assert found.source == row.source
            assert plain(found) == plain(row)
            assert found.get_deferred_fields() == row.get_deferred_fields()
    for slug in ("", "nulle-part", "□ 0", "%s", "mobilis' OR ''='"):
        assert fiche.FICHE.rows(slug) == []


def plain(row) -> dict:
    return {name: value for name, value in vars(row).items() if name not in ("_state", "_prefetched_objects_cache")}


def test_it_is_written_once(undone, visitor, monkeypatch):
    visitor.page("/initiatives/mobilis/")
    monkeypatch.setattr(SQLCompiler, "pre_sql_setup", None)
    assert [row.numero for row in fiche.FICHE.rows("les-survivantes")] == [145]


def test_the_server_parses_what_is_asked_again_once(visitor):
    for slug in Initiative.objects.publiees().values_list("slug", flat=True)[:3]:
        visitor.page(f"/initiatives/{slug}/")
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        assert any("corrections_faites" in statement for (statement,) in cursor.fetchall())


def test_a_value_that_no_parameter_stands_for_is_refused():
    forgetful = Written(lambda slug, numero: Initiative.objects.filter(slug=slug), str, int)
    with pytest.raises(ValueError, match=r"values \[1\]"):
        forgetful.rows("mobilis", 3)


def test_threads_that_write_it_at_once(undone):
    slugs = list(Initiative.objects.publiees().values_list("slug", flat=True)[:8])
    ready = Barrier(len(slugs))

    def ask(slug):
        ready.wait(10)
        try:
            return [row.slug for _again in range(5) for row in fiche.FICHE.rows(slug)]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(slugs)) as threads:
        assert list(threads.map(ask, slugs)) == [[slug] * 5 for slug in slugs]


def near_by_hand(one: Initiative, others: list[Initiative]) -> dict[str, list[str]]:
    """The near fiches, said plainly: the first four of each kind, those of the same kind of help before."""
    found = {"famille": [], "porteur": [], "besoin": []}
    carried = {row.pk for row in one.porteurs}
    for row in sorted(others, key=lambda row: (row.modalite != one.modalite, row.numero)):
        same_help = set(row.types) & set(one.types) or (row.modalite == one.modalite != "")
        if row.pk == one.pk:
            continue
        if one.famille and row.famille == one.famille:
            found["famille"].append(row.slug)
        elif carried & {organisme.pk for organisme in row.porteurs}:
            found["porteur"].append(row.slug)
        elif row.region_id == one.region_id and set(row.clienteles) & set(one.clienteles) and same_help:
            found["besoin"].append(row.slug)
    return {lien: slugs[:4] for lien, slugs in found.items() if slugs}


def rewritten() -> None:
    """Fiches with what those of the report all have, or lack."""
    Initiative.objects.filter(numero__in=[3, 20, 41]).update(statut="archivee")
    Initiative.objects.filter(numero__in=[5, 60, 90, 120]).update(modalite="")
    Initiative.objects.filter(numero__in=[7, 70]).update(clienteles=[], types=[])
    Initiative.objects.filter(numero__in=range(10, 20)).update(famille="Une même famille")


@pytest.fixture
def no_index(monkeypatch):
    monkeypatch.setattr(present, "_INDEX", reading.Index())


@pytest.mark.parametrize("indexed", [False, True])
def test_the_near_fiches_of_every_fiche(no_index, indexed, django_assert_num_queries):
    rewritten()
    version = data_version()
    assert bool(indexed and index_at(version)) is indexed
    public = list(Initiative.objects.publiees().avec_relations())
    titles = {"Du même organisme": "porteur", "Pour un même besoin, dans la région": "besoin"}
    said = set()
    for one in public:
        with django_assert_num_queries(0 if indexed else 1):
            near = fiche.nearby(one, version)
        if indexed:
            assert near == fiche.nearby(one, None)  # said in the same words
        shown = {titles.get(title, "famille"): [row.slug for row in rows] for title, rows in near}
        assert list(shown) == [lien for lien in ("famille", "porteur", "besoin") if lien in shown]
        assert shown == near_by_hand(one, public)
        said.update((lien, len(slugs)) for lien, slugs in shown.items())
    assert {("famille", 4), ("porteur", 1), ("porteur", 4), ("besoin", 1), ("besoin", 4)} <= said


def test_a_fiche_costs_two_queries_and_is_never_near_once_it_is_not_public(
    no_index, visitor, django_assert_num_queries
):
    """With the index in the process, its version; and neither that of before."""
    first, near = Initiative.objects.get(numero=9), "Même programme"
    pages = [visitor.page(first.get_absolute_url(), discret=1)]
    visitor.page("/initiatives/")
    with django_assert_num_queries(2):
        pages.append(visitor.page(first.get_absolute_url(), f=9))
    assert all(near in page for page in pages)
    Initiative.objects.filter(numero=97).update(statut="archivee")
    assert near not in visitor.page(first.get_absolute_url())
    visitor.page("/initiatives/")
    assert near not in visitor.page(first.get_absolute_url(), f=9)
