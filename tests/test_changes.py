"""What changed of the public fiches, as the database tells it at each commit."""

import pytest
from django.db import connection, transaction

from initiatives.models import Changement, Contact, Correction, Initiative, Organisme, PointEntree, Porteur, Source
from initiatives.publishing import dataset

from .sessions import committing

pytestmark = pytest.mark.django_db


@pytest.fixture
def told():
    """What was told since, as (number, nature, columns)."""
    last = max(Changement.objects.values_list("version", flat=True), default=0)

    def since() -> list[tuple[int, str, list[str]]]:
        rows = Changement.objects.filter(version__gt=last).order_by("version", "numero")
        return [(row.numero, row.nature, row.colonnes) for row in rows]

    return since


def test_loading_tells_that_each_fiche_came():
    rows = Changement.objects.order_by("numero")
    assert [row.numero for row in rows if row.nature == "publication"] == list(range(1, 153))


def test_a_draft_says_nothing_and_a_publication_that_it_came(told, draft):
    Initiative.objects.filter(pk=draft.pk).update(titre="Autrement")
    Initiative.objects.filter(pk=145).update(note_interne="Rien")
    assert told() == []


OTHER = {
    **dict.fromkeys(("titre", "porteur_mention", "annee_mention", "stade_mention", "cible_mention"), "Essai"),
    **dict.fromkeys(("autre_clientele_mention", "age_mention", "description", "frequence", "partenaires"), "Essai"),
    **dict.fromkeys(("famille", "financement_source", "composantes", "pour_en_savoir_plus"), "Essai"),
    **dict.fromkeys(("annee",), 1999),
    **dict.fromkeys(("age_min", "age_max"), 14),
    **dict.fromkeys(("verifiee_le", "a_verifier_le"), "2026-03-04"),
    "types": ["outil"],
    "types_connus": False,
    "clienteles": ["police"],
    "implications": ["tierce-partie"],
    "niveaux_risque": ["a-risque"],
    "objectifs": ["Un seul"],
    "stade": "en-suspens",
    "cible": "autre",
    "sexe": "autre",
    "lieu": "autre",
    "modalite": "autre",
    "langue": "en",
    "langue_objectifs": "en",
    "financement": "finance",
    "partenaires_tronques": True,
    "tous_ages": True,
    "region": "gaspesie",
}
# Written by the database from the rest, or told by what hangs on the fiche.
DEDUCED = {"strategies", "strategie_principale", "strategies_provenance", "pour_qui", "mentions", "besoins"}
DEDUCED |= {"rubriques"}
BESIDE = {"porteurs", "source", "contacts", "points_entree", "corrections", "licence"}
# The number and the address never change; what is said from the rest is told with it; dates are those of the change.
UNTOLD = {"numero", "slug", "url", "a_dire", "modifiee_le", "publiee_le"}


def test_every_public_column_is_told():
    assert {column.name for column in dataset.COLUMNS} == {*OTHER, *DEDUCED, *BESIDE, *UNTOLD}


@pytest.mark.parametrize("name", OTHER)
def test_a_column_that_changes_is_told_by_its_public_name(visitor, told, name):
    changes = {name: OTHER[name]}
    if name in ("tous_ages", "annee_mention"):
        blank = {"tous_ages": {"age_min": None, "age_max": None}, "annee_mention": {"annee": None}}
        Initiative.objects.filter(numero=104).update(**blank[name])
    if name == "types_connus":
        Initiative.objects.filter(numero=104).update(types=[])
    before, version = visitor.json("/initiatives/" + slug(104) + ".json"), latest()
    Initiative.objects.filter(numero=104).update(**changes)
    after = visitor.json("/initiatives/" + slug(104) + ".json")
    assert after[name] == OTHER[name]
    (change,) = Changement.objects.filter(version__gt=version)
    differ = {column for column in after if after[column] != before[column]}
    assert (change.numero, change.nature) == (104, "modification")
    # A verification is said of the document too.
    assert set(change.colonnes) == differ - UNTOLD - ({"source"} if name == "verifiee_le" else set())


def slug(numero: int) -> str:
    return Initiative.objects.get(numero=numero).slug


def latest() -> int:
    return max(Changement.objects.values_list("version", flat=True))


def test_what_is_written_again_as_it_was_is_not_told(told):
    Initiative.objects.filter(numero=104).update(titre=Initiative.objects.get(numero=104).titre, recherche=None)
    Organisme.objects.filter(pk__gt=0).update(categorie="")
    assert told() == []


@pytest.mark.parametrize("statut", ["archivee", "refusee"])
def test_a_fiche_that_leaves_is_told_with_its_number_alone(told, statut):
    Initiative.objects.filter(numero=104).update(statut=statut, titre="Autrement")
    assert told() == [(104, "retrait", [])]


def test_a_fiche_merged_into_another_is_told_with_the_number_of_the_other(told):
    Initiative.objects.filter(numero=104).update(statut="archivee", fusionnee_dans=103)
    assert told() == [(104, "fusion", [])]
    assert Changement.objects.order_by("version", "numero").last().vers == 103


def test_a_fiche_that_comes_back_and_one_that_is_new_are_told(told, draft):
    Initiative.objects.filter(pk=draft.pk).update(statut="publiee")
    Initiative.objects.filter(numero=104).update(statut="archivee")
    Initiative.objects.filter(numero=104).update(statut="publiee")
    assert told() == [(draft.pk, "publication", []), (104, "retrait", []), (104, "publication", [])]


def test_what_hangs_on_a_fiche_is_told_of_it(told):
    porteur = Porteur.objects.filter(initiative=104).first()
    Correction.objects.create(initiative_id=104, champ="titre", avant="a", apres="b", motif="c")
    assert told() == [(104, "modification", ["corrections"])]
    contact = Contact.objects.create(initiative_id=104, nature="courriel", valeur="a@exemple.org")
    assert len(told()) == 1  # an editor's contact is nobody else's
    Contact.objects.filter(pk=contact.pk).update(visibilite="publique")
    assert told()[1:] == [(104, "modification", ["contacts"])]
    Contact.objects.filter(pk=contact.pk).update(valeur="b@exemple.org")
    contact.delete()
    assert told()[2:] == [(104, "modification", ["contacts"])] * 2
    porteur.delete()
    assert told()[4:] == [(104, "modification", ["porteurs"])]


def test_what_an_organisation_says_is_told_of_its_fiches_and_of_its_parts(told):
    spvm = Organisme.objects.get(slug="spvm")
    own = sorted(spvm.initiatives.publiees().values_list("pk", flat=True))
    other = Porteur.objects.exclude(initiative__in=own).exclude(organisme=spvm).first().organisme
    Organisme.objects.filter(pk=spvm.pk).update(nom="Autre nom")
    assert told() == [(numero, "modification", ["porteurs"]) for numero in own]
    Organisme.objects.filter(pk=other.pk).update(fait_partie_de=spvm)
    parts = sorted(other.initiatives.publiees().values_list("pk", flat=True))
    assert told()[len(own) :] == [(numero, "modification", ["contacts"]) for numero in parts]
    Contact.objects.create(organisme=spvm, nature="telephone", valeur="514 555-0100", visibilite="publique")
    rest = told()[len(own) + len(parts) :]
    assert rest == [(numero, "modification", ["contacts"]) for numero in sorted({*own, *parts})]


def test_a_document_and_a_way_in_are_told_of_the_fiches_that_show_them(told):
    Source.objects.filter(slug="recension-2022").update(reproduction="Autrement")
    assert {tuple(columns) for _numero, _nature, columns in told()} == {("licence", "source")}
    assert len(told()) == 152
    local = sorted(Initiative.objects.publiees().filter(region="laval").values_list("pk", flat=True))
    point = PointEntree.objects.create(slug="essai", nom_fr="Essai", telephone="418 555-0199", region_id="laval")
    assert told()[152:] == [(numero, "modification", ["points_entree"]) for numero in local]
    PointEntree.objects.filter(pk=point.pk).update(region=None)
    assert len(told()) == 152 + len(local) + 152


def test_a_transaction_is_told_once_whatever_it_did():
    kept = list(Initiative.objects.filter(pk__in=[102, 103, 104]))
    with committing():
        before = latest()
        try:
            with transaction.atomic():
                Initiative.objects.filter(numero=104).update(titre="Un")
                Initiative.objects.filter(numero=104).update(frequence="Deux")
                Initiative.objects.filter(numero=103).update(statut="archivee")
                Initiative.objects.filter(numero=102).update(statut="archivee")
                Initiative.objects.filter(numero=102).update(statut="publiee")
            rows = list(Changement.objects.filter(version__gt=before).values_list("numero", "nature", "colonnes"))
            assert rows == [(103, "retrait", []), (104, "modification", ["frequence", "titre"])]
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM initiatives_a_dire")
                assert cursor.fetchone() == (0,)
        finally:
            Initiative.objects.bulk_update(kept, ["titre", "frequence", "statut"])
