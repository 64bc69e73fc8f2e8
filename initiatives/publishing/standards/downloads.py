"""Every whole copy of the data that is offered, declared once: the page for people, the catalogue and the dataset that
engines read name the same ones."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .workbook import TYPE as XLSX


@dataclass(frozen=True)
class Download:
    """`name`: of its address; `media`: its type on the web; `kind`: its code in the European list of file types, if it
    has one there."""

    name: str
    title: str | Promise
    help: str | Promise
    media: str
    kind: str = ""
    standard: str = ""


DOWNLOADS = [
    Download(
        "initiatives-xlsx",
        _("Classeur (XLSX)"),
        _("Pour Excel et LibreOffice : une ligne par initiative, et une feuille qui explique chaque colonne."),
        XLSX,
        "XLSX",
    ),
    Download(
        "initiatives-csv",
        _("Tableau (CSV)"),
        _("S'ouvre dans Excel et LibreOffice : une ligne par initiative."),
        "text/csv",
        "CSV",
        "https://www.w3.org/TR/tabular-data-primer/",
    ),
    Download(
        "donnees-initiatives",
        _("Liste entière (JSON)"),
        _("Pour un programme : toutes les initiatives en un fichier."),
        "application/json",
        "JSON",
    ),
    Download(
        "donnees-zip",
        _("Tout, en un paquet (ZIP)"),
        _("Pour garder une copie : tableau, liste, organismes, ce que dit chaque colonne et ce qui est permis."),
        "application/zip",
        "ZIP",
        "https://specs.frictionlessdata.io/data-package/",
    ),
    Download(
        "donnees-sqlite",
        _("Base de données (SQLite)"),
        _("Pour interroger : les initiatives, les organismes et leurs liens, et une recherche par mots."),
        "application/vnd.sqlite3",
    ),
    Download(
        "initiatives-atom",
        _("Ce qui change (Atom)"),
        _("Pour un lecteur de fils : être averti de chaque changement, d'une région ou de toutes."),
        "application/atom+xml",
        "ATOM",
        "https://www.rfc-editor.org/rfc/rfc4287",
    ),
]
