"""The public columns, declared once: JSON, CSV and the data dictionary derive from them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from operator import attrgetter

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.cells import SEPARATOR, as_cell, as_cells, as_lines
from initiatives.models import Contact, Initiative, Organisme, PointEntree

from . import reaching, saying, shapes, words
from .rows import Fiche
from .shapes import Shape


@dataclass(frozen=True)
class Column:
    """One public column. `value` gives what JSON prints; `enum` adds, in CSV, a column with the labels in words.

    `shape`: what the value looks like, as JSON Schema; without it, that of the model's field of that name. `leaves`:
    the day on which it was said that the column will go, twelve months later; none goes without.
    """

    name: str
    help: str
    value: Callable[[Fiche], object]
    enum: type | None = None
    cell: Callable[[Fiche], object] | None = None
    shape: Shape | None = None
    leaves: date | None = None

    @property
    def schema(self) -> Shape:
        """What JSON prints there, with what it says, in the active language."""
        codes = self.enum.values if self.enum else ()
        shape = self.shape or shapes.of_field(Initiative._meta.get_field(self.name), codes)
        return {"description": str(self.help)} | shape | ({"deprecated": True} if self.leaves else {})

    def cells(self, fiches: list[Fiche]) -> list[list[str]]:
        """The column's CSV cells for fiches read in the active language: the values, and their labels when they are
        codes."""
        values = map(self.cell or self.value, fiches)
        if self.enum is None:
            return [as_cells(values)]
        language = get_language()
        pairs = [coded(self.enum, tuple(v) if type(v) is list else v, language) for v in values]
        return [list(cells) for cells in zip(*pairs, strict=True)]

    def headings(self) -> list[str]:
        """The names of those cells: stable, the same in both languages."""
        return [self.name, f"{self.name}_libelle"] if self.enum is not None else [self.name]


@lru_cache(maxsize=4096)
def coded(enum: type, value: str | tuple[str, ...], _language: str) -> tuple[str, str]:
    """The cells of a code, or of several: as they are, and in words."""
    codes = value if isinstance(value, tuple) else (value,) if value else ()
    return as_cell(list(codes)), SEPARATOR.join(str(enum(code).label) for code in codes)


def of(name: str) -> Callable:
    """What a column says of something that several fiches have, a `Kept` under that name: made once for all of them, in
    a language."""

    def column(make: Callable[[list], object]) -> Callable[[Fiche], object]:
        return lambda fiche: getattr(fiche, name).told(make, fiche.language)

    return column


def field(name: str, help: str, enum=None) -> Column:  # noqa: A002
    """A column that is the model's own field."""
    return Column(name, help, attrgetter(name), enum)


@of("porteurs")
def porteurs(organismes: list[Organisme]) -> list[dict]:
    return [{"slug": row.slug, "nom": row.nom, "sigle": row.sigle} for row in organismes]


@of("porteurs")
def porteurs_in_words(organismes: list[Organisme]) -> str:
    return SEPARATOR.join(row.nom for row in organismes)


def source(fiche: Fiche) -> dict | None:
    """Where the facts come from: the document, the number of its fiche, and when the facts were gathered."""
    document = fiche.source
    if document is None:
        return None
    return {
        "titre": document.titre,
        "auteur": document.auteur,
        "annee": document.annee,
        "isbn": document.isbn,
        "fiche": fiche.fiche_du_rapport,
        "collecte_debut": document.collecte_debut.isoformat() if document.collecte_debut else None,
        "collecte_fin": document.collecte_fin.isoformat() if document.collecte_fin else None,
        "verifiee_le": fiche.verifiee_le.isoformat() if fiche.verifiee_le else None,
    }


def source_in_words(fiche: Fiche) -> str:
    """The citation that the report's licence asks for."""
    document, numero = fiche.source, fiche.fiche_du_rapport
    if document is None:
        return ""
    return cited(document.auteur, document.titre, document.annee, document.isbn, f"fiche {numero}" if numero else "")


def cited(author: str, title: str, year: int | None, isbn: str, part: str) -> str:
    parts = [author, title, str(year or ""), isbn and f"ISBN {isbn}", part]
    return ", ".join(part for part in parts if part)


@of("holders")
def contacts(holders: list[reaching.Holder]) -> list[dict]:
    """Every public contact by which a fiche can be reached, nearest first."""
    return [
        {
            "de": holder.role,
            "organisme": holder.organisme.slug if holder.organisme else None,
            "nature": contact.nature,
            "valeur": contact.valeur,
            "precision": contact.precision,
        }
        for holder in holders
        for contact in holder.contacts
    ]


@of("holders")
def contacts_in_words(holders: list[reaching.Holder]) -> str:
    """« PIPQ, Courriel : … » and so on."""

    def said(holder: reaching.Holder, contact: Contact) -> str:
        whose = f"{holder.organisme.nom_bref}, " if holder.organisme else ""
        after = f" ({contact.precision})" if contact.precision else ""
        return f"{whose}{contact.get_nature_display()}{words.colon()}{contact.valeur}{after}"

    return SEPARATOR.join(said(holder, row) for holder in holders for row in holder.contacts)


@of("entry_points")
def entry_points(points: list[PointEntree]) -> list[dict]:
    return [{"nom": row.nom, "telephone": row.telephone, "note": row.note} for row in points]


@of("entry_points")
def entry_points_in_words(points: list[PointEntree]) -> str:
    return SEPARATOR.join(f"{row.nom}{words.colon()}{row.telephone}" for row in points)


def to_say(fiche: Fiche) -> str:
    return saying.to_say(fiche, fiche.chain, fiche.language)


def corrections_in_words(fiche: Fiche) -> str:
    return SEPARATOR.join(f"« {row['avant']} » → « {row['apres']} »" for row in fiche.corrections)


def licence(fiche: Fiche) -> str:
    """What the source of the facts allows, in its own words; empty where no document is named."""
    return fiche.source.reproduction if fiche.source else ""


def day(name: str) -> Callable[[Fiche], str | None]:
    """A date of the fiche, as 2026-11-29."""
    return lambda fiche: date.isoformat() if (date := getattr(fiche, name)) else None


def moment(name: str) -> Callable[[Fiche], str | None]:
    """A moment of the fiche to the second, with its offset from universal time."""

    def said(fiche: Fiche) -> str | None:
        value = getattr(fiche, name)
        return timezone.localtime(value).isoformat(timespec="seconds") if value else None

    return said


COLUMNS = [
    field("numero", _("Numéro permanent : 1 à 152 viennent du rapport.")),
    field("slug", _("Fin de l'adresse de la fiche, permanente.")),
    Column("url", _("Adresse de la fiche."), attrgetter("slug"), shape=shapes.URI),
    field("titre", _("Titre imprimé.")),
    Column(
        "porteurs",
        _("Organismes porteurs, dans l'ordre."),
        porteurs,
        cell=porteurs_in_words,
        shape=shapes.some(shapes.having(slug=shapes.TEXT, nom=shapes.TEXT, sigle=shapes.TEXT)),
    ),
    field("porteur_mention", _("Porteur, tel qu'imprimé.")),
    Column(
        "region",
        _("Région administrative."),
        attrgetter("region_id"),
        enums.Regions,
        shape=shapes.one_of(enums.Regions.values),
    ),
    field("annee", _("Année de création, vide si elle est inconnue.")),
    field("annee_mention", _("Ce que la source dit à la place de l'année.")),
    field("stade", _("Stade de développement au moment de la collecte."), enums.Stade),
    field("stade_mention", _("Stade tel qu'imprimé, quand il précise le code.")),
    field("types", _("Types de projet cochés."), enums.Type),
    field("types_connus", _("Faux là où la source a perdu les cases cochées.")),
    field("cible", _("L'exploitation sexuelle est-elle la cible principale?"), enums.Cible),
    field("cible_mention", _("Cible principale, si autre, telle qu'imprimée.")),
    field("clienteles", _("À qui l'initiative s'adresse; vide si la source ne nomme personne."), enums.Clientele),
    field("autre_clientele_mention", _("Autre clientèle, telle qu'imprimée.")),
    field("age_min", _("Plus jeune âge accepté, en années, inclus.")),
    field("age_max", _("Plus grand âge accepté, en années, inclus.")),
    field("age_mention", _("Tranche d'âge, telle qu'imprimée.")),
    field("sexe", _("Sexe des jeunes acceptés."), enums.Sexe),
    field("implications", _("Types d'implication des jeunes."), enums.Implication),
    field("description", _("Description, telle qu'imprimée.")),
    field("lieu", _("Lieu de déploiement."), enums.Lieu),
    field("frequence", _("Fréquence des activités, telle qu'imprimée.")),
    field("objectifs", _("Objectifs, un par élément.")),
    field("modalite", _("Principale modalité d'intervention."), enums.Modalite),
    field("partenaires", _("Partenaires officiels, tels qu'imprimés.")),
    field("partenaires_tronques", _("Vrai là où la source coupe la liste.")),
    field("langue", _("Langue de la fiche.")),
    Column(
        "source",
        _("Document d'où viennent les faits, et période de leur collecte."),
        source,
        cell=source_in_words,
        shape=shapes.SOURCE,
    ),
    Column(
        "contacts",
        _(
            "Coordonnées publiques, de la plus proche à la plus lointaine. « de » dit de qui : initiative, porteur, ou "
            "parent (l'organisme dont un porteur fait partie)."
        ),
        contacts,
        cell=contacts_in_words,
        shape=shapes.some(shapes.CONTACT),
    ),
    Column(
        "points_entree",
        _("Qui peut mettre en lien, dans la région : celui à appeler d'abord, puis les autres."),
        entry_points,
        cell=entry_points_in_words,
        shape=shapes.some(shapes.having(nom=shapes.TEXT, telephone=shapes.TEXT, note=shapes.TEXT)),
    ),
    Column("a_dire", _("Ce qu'on peut dire à qui répond, dans la langue demandée."), to_say, shape=shapes.TEXT),
    field("strategies", _("Stratégies du rapport auxquelles l'initiative participe."), enums.Strategie),
    Column(
        "strategie_principale",
        _("La principale de ces stratégies."),
        attrgetter("strategie"),
        enums.Strategie,
        shape=shapes.one_of(enums.Strategie.values, blank=True),
    ),
    Column(
        "strategies_provenance",
        _("Qui le dit de chaque stratégie, dans leur ordre."),
        attrgetter("provenances"),
        enums.ProvenanceClassement,
        shape=shapes.some(shapes.one_of(enums.ProvenanceClassement.values)),
    ),
    field("pour_qui", _("Pour qui seulement, lu strictement dans les autres colonnes."), enums.PourQui),
    field("mentions", _("Ce que seuls les mots de la fiche disent qu'elle sert."), enums.Theme),
    field("tous_ages", _("Vrai là où la source dit « Tous les âges » : ni plus jeune ni plus grand âge.")),
    field("besoins", _("Besoins auxquels elle répond : les codes de /besoins/.")),
    field("famille", _("Programme dont elle est une déclinaison.")),
    field("langue_objectifs", _("Langue des objectifs, si elle est autre que celle de la fiche.")),
    field("financement", _("Est-elle financée?"), enums.Financement),
    field("financement_source", _("Qui la finance.")),
    field("niveaux_risque", _("Jeunes visés, selon le risque."), enums.NiveauRisque),
    field("composantes", _("Composantes essentielles.")),
    field("pour_en_savoir_plus", _("Où en savoir plus.")),
    Column(
        "corrections",
        _("Bruits de conversion du document corrigés ici : le champ, ce qu'il disait, ce qu'il dit, et pourquoi."),
        attrgetter("corrections"),
        cell=corrections_in_words,
        shape=shapes.some(shapes.having(champ=shapes.TEXT, avant=shapes.TEXT, apres=shapes.TEXT, motif=shapes.TEXT)),
    ),
    Column("licence", _("Ce que le document permet, dans ses mots."), licence, shape=shapes.TEXT),
    Column("modifiee_le", _("Dernière modification ici; vide si elle n'a jamais changé."), moment("modifiee_le")),
    Column("publiee_le", _("Publication ici."), moment("publiee_le")),
    Column("verifiee_le", _("Dernière vérification; vide si elle n'en a jamais eu."), day("verifiee_le")),
    Column("a_verifier_le", _("Jour avant lequel la vérifier de nouveau."), day("a_verifier_le")),
    field("rubriques", _("Sous-rubriques du rapport qui la nomment : celles de /strategies/."), enums.SousRubrique),
]


def schema() -> Shape:
    """What a fiche looks like in JSON, as JSON Schema, in the active language."""
    return shapes.having(**{column.name: column.schema for column in COLUMNS})


CHOSEN = {True: ', "choisie": true}', False: ', "choisie": false}'}


def addresses(absolute: Callable[[str], str]) -> Callable[[str], str]:
    """Gives the address of a fiche from its slug, in the active language. `absolute` turns a path into an address."""
    before, _slug, after = absolute(reverse("initiative", args=["slug"])).rpartition("slug")
    return lambda slug: f"{before}{slug}{after}"


def as_text(fiche: Fiche, address: Callable[[str], str]) -> str:
    """A fiche as the contract prints it, in JSON. `address`: as `addresses` gives it."""
    row = {column.name: column.value(fiche) for column in COLUMNS}
    row["url"] = address(row["url"])
    return json.dumps(row, ensure_ascii=False)


def facets_as_text(facets: dict[str, list]) -> str:
    """The values of the facets as the contract prints them (finding.facets.FacetValue), in JSON."""
    lists = []
    for name, values in facets.items():
        said = [f"{said_always(one.valeur, one.libelle)}{one.nombre}{CHOSEN[one.choisie]}" for one in values]
        lists.append(f'"{name}": [{", ".join(said)}]')
    return f"{{{', '.join(lists)}}}"


@lru_cache(maxsize=8192)
def said_always(valeur: str, libelle: str) -> str:
    """What a value says whatever is asked for, up to how many fiches it has."""
    return json.dumps({"valeur": valeur, "libelle": libelle, "nombre": 0}, ensure_ascii=False).removesuffix("0}")


def csv_headings() -> str:
    return as_lines([[heading for column in COLUMNS for heading in column.headings()]])


def csv_lines(fiches: list[Fiche], address: Callable[[str], str]) -> str:
    """A line for each fiche read in the active language; column by column, which is quicker than fiche by fiche."""
    columns = []
    for column in COLUMNS if fiches else ():
        columns += [[address(fiche.slug) for fiche in fiches]] if column.name == "url" else column.cells(fiches)
    return as_lines(zip(*columns, strict=True))


def dictionary() -> str:
    """The data dictionary of docs/donnees.md, in French."""
    with override("fr-ca"):
        lines = ["| Colonne | Ce qu'elle dit | Codes |", "|---|---|---|"]
        for column in COLUMNS:
            codes = ", ".join(f"`{code}` {label}" for code, label in column.enum.choices) if column.enum else ""
            lines.append(f"| `{column.name}` | {column.help} | {codes} |")
    return "\n".join(lines) + "\n"
