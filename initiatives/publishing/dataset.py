"""The public columns, declared once: JSON, CSV and the data dictionary derive from them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from initiatives.core import enums
from initiatives.core.cells import SEPARATOR, as_cell
from initiatives.models import Contact, Initiative

from . import reaching, saying, words


@dataclass(frozen=True)
class Column:
    """One public column. `value` gives what JSON prints; `enum` adds, in CSV, a column with the labels in words."""

    name: str
    help: str
    value: Callable[[Initiative], object]
    enum: type | None = None
    cell: Callable[[Initiative], object] | None = None

    def cells(self, initiative: Initiative) -> list[str]:
        """The column's CSV cells for a fiche: the value, and its labels when it is a code."""
        value = (self.cell or self.value)(initiative)
        cells = [as_cell(value)]
        if self.enum is not None:
            codes = value if isinstance(value, list) else [value] if value else []
            cells.append(SEPARATOR.join(str(self.enum(code).label) for code in codes))
        return cells

    def headings(self) -> list[str]:
        """The names of those cells: stable, the same in both languages."""
        return [self.name, f"{self.name}_libelle"] if self.enum is not None else [self.name]


def field(name: str, help: str, enum=None) -> Column:  # noqa: A002
    """A column that is the model's own field."""
    return Column(name, help, lambda initiative: getattr(initiative, name), enum)


def porteurs(initiative: Initiative) -> list[dict]:
    return [{"slug": row.slug, "nom": row.nom, "sigle": row.sigle} for row in initiative.porteurs]


def source(initiative: Initiative) -> dict | None:
    """Where the facts come from: the document, the number of its fiche, and when the facts were gathered."""
    document = initiative.source
    if document is None:
        return None
    return {
        "titre": document.titre,
        "auteur": document.auteur,
        "annee": document.annee,
        "isbn": document.isbn,
        "fiche": initiative.fiche_du_rapport,
        "collecte_debut": document.collecte_debut.isoformat() if document.collecte_debut else None,
        "collecte_fin": document.collecte_fin.isoformat() if document.collecte_fin else None,
        "verifiee_le": initiative.verifiee_le.isoformat() if initiative.verifiee_le else None,
    }


def source_in_words(initiative: Initiative) -> str:
    """The citation that the report's licence asks for."""
    document = initiative.source
    if document is None:
        return ""
    parts = [document.auteur, document.titre, str(document.annee or ""), document.isbn and f"ISBN {document.isbn}"]
    if initiative.fiche_du_rapport:
        parts.append(f"fiche {initiative.fiche_du_rapport}")
    return ", ".join(part for part in parts if part)


def contacts(initiative: Initiative) -> list[dict]:
    """Every public contact by which a fiche can be reached, nearest first."""
    return [
        {
            "de": holder.role,
            "organisme": holder.organisme.slug if holder.organisme else None,
            "nature": contact.nature,
            "valeur": contact.valeur,
            "precision": contact.precision,
        }
        for holder in reaching.chain(initiative).holders
        for contact in holder.contacts
    ]


def contacts_in_words(initiative: Initiative) -> list[str]:
    """« PIPQ, Courriel : … », a text each."""

    def said(holder: reaching.Holder, contact: Contact) -> str:
        whose = f"{holder.organisme.nom_bref}, " if holder.organisme else ""
        after = f" ({contact.precision})" if contact.precision else ""
        return f"{whose}{contact.get_nature_display()}{words.colon()}{contact.valeur}{after}"

    return [said(holder, row) for holder in reaching.chain(initiative).holders for row in holder.contacts]


def entry_points(initiative: Initiative) -> list[dict]:
    points = reaching.chain(initiative).entry_points
    return [{"nom": row.nom, "telephone": row.telephone, "note": row.note} for row in points]


def to_say(initiative: Initiative) -> str:
    return saying.to_say(initiative, reaching.chain(initiative))


COLUMNS = [
    field("numero", _("Numéro permanent : 1 à 152 viennent du rapport.")),
    field("slug", _("Fin de l'adresse de la fiche, permanente.")),
    Column("url", _("Adresse de la fiche."), lambda initiative: initiative.get_absolute_url()),
    field("titre", _("Titre imprimé.")),
    Column(
        "porteurs",
        _("Organismes porteurs, dans l'ordre."),
        porteurs,
        cell=lambda initiative: [row.nom for row in initiative.porteurs],
    ),
    field("porteur_mention", _("Porteur, tel qu'imprimé.")),
    Column("region", _("Région administrative."), lambda initiative: initiative.region_id, enums.Regions),
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
    Column("source", _("Document d'où viennent les faits, et période de leur collecte."), source, cell=source_in_words),
    Column(
        "contacts",
        _(
            "Coordonnées publiques, de la plus proche à la plus lointaine. « de » dit de qui : initiative, porteur, ou "
            "parent (l'organisme dont un porteur fait partie)."
        ),
        contacts,
        cell=contacts_in_words,
    ),
    Column(
        "points_entree",
        _("Qui peut mettre en lien, dans la région : celui à appeler d'abord, puis les autres."),
        entry_points,
        cell=lambda initiative: [f"{row['nom']}{words.colon()}{row['telephone']}" for row in entry_points(initiative)],
    ),
    Column("a_dire", _("Ce qu'on peut dire à qui répond, dans la langue demandée."), to_say),
]


def as_json(initiative: Initiative, absolute: Callable[[str], str]) -> dict:
    """A fiche as the contract prints it. `absolute` turns a path into an address."""
    row = {column.name: column.value(initiative) for column in COLUMNS}
    row["url"] = absolute(row["url"])
    return row


def headings() -> list[str]:
    return [heading for column in COLUMNS for heading in column.headings()]


def csv_row(initiative: Initiative, absolute: Callable[[str], str]) -> list[str]:
    cells = []
    for column in COLUMNS:
        cells += [absolute(column.value(initiative))] if column.name == "url" else column.cells(initiative)
    return cells


def dictionary() -> str:
    """The data dictionary of docs/donnees.md, in French."""
    with override("fr-ca"):
        lines = ["| Colonne | Ce qu'elle dit | Codes |", "|---|---|---|"]
        for column in COLUMNS:
            codes = ", ".join(f"`{code}` {label}" for code, label in column.enum.choices) if column.enum else ""
            lines.append(f"| `{column.name}` | {column.help} | {codes} |")
    return "\n".join(lines) + "\n"
