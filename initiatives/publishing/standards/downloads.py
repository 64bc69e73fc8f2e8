"""Every whole copy of the data that is offered, declared once: the page for people, the catalogue and the dataset that
engines read name the same ones."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Download:
    """`name`: of its address; `media`: its type on the web; `kind`: its code in the European list of file types."""

    name: str
    title: str | Promise
    help: str | Promise
    media: str
    kind: str
    standard: str = ""


DOWNLOADS = [
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
        "initiatives-atom",
        _("Ce qui change (Atom)"),
        _("Pour un lecteur de fils : être averti de chaque changement, d'une région ou de toutes."),
        "application/atom+xml",
        "ATOM",
        "https://www.rfc-editor.org/rfc/rfc4287",
    ),
]
