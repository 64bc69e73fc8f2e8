"""The whole directory as one ZIP: a data package that is whole without the site."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.addresses import absolute
from initiatives.models import Source

from . import packages

JSON_NAME, ORGANISATIONS_NAME = "initiatives.json", "organismes.json"


def others() -> list[dict[str, Any]]:
    """What is in the package besides its table."""
    named = {
        "fiches": (JSON_NAME, _("Les mêmes fiches en JSON")),
        "organismes": (ORGANISATIONS_NAME, _("Les organismes en JSON")),
    }
    return [
        {"name": name, "path": path, "title": title, "format": "json", "mediatype": "application/json", "type": "json"}
        for name, (path, title) in named.items()
    ]


def write(path: Path, files: Mapping[str, Iterable[bytes]], documents: list[Source], changed: datetime) -> None:
    """Writes the ZIP. `files`: what it holds, by name, in pieces; what describes them is added. `changed`: when the
    data became what they are, which every file says of itself."""
    described = {
        "datapackage.json": as_text(packages.datapackage(documents, changed, *others())),
        f"{packages.CSV_NAME}-metadata.json": as_text(packages.csv_metadata(documents)),
        _("LISEZMOI.txt"): read_me(changed),
        "LICENCES.txt": allowed(documents),
    }
    moment = timezone.localtime(changed).timetuple()[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in {**files, **{name: [text.encode()] for name, text in described.items()}}.items():
            info = zipfile.ZipInfo(name, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            with archive.open(info, "w") as file:
                for piece in pieces:
                    file.write(piece)


def as_text(data) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


def read_me(changed: datetime) -> str:
    return "\r\n".join(
        [
            packages.title(),
            "",
            packages.about(),
            "",
            f"{absolute(reverse('accueil'))}  ·  {packages.version(changed)}",
            "",
            _("initiatives.csv : une ligne par fiche; s'ouvre dans un tableur (UTF-8, points-virgules)."),
            _("initiatives.json : les mêmes fiches, avec tout ce qu'une cellule dit en mots."),
            _("organismes.json : les organismes, et comment les joindre."),
            _("datapackage.json : ce que dit chaque colonne, ses types et ses codes (Frictionless)."),
            _("LICENCES.txt : ce que permet chaque document d'où viennent les faits."),
            "",
        ]
    )


def allowed(documents: list[Source]) -> str:
    """What each document allows, in its own words, and how to cite it."""
    lines = [_("La colonne « licence » le dit de chaque fiche."), ""]
    for document in documents:
        lines += [packages.citation(document), document.reproduction or _("Rien n'en est dit."), ""]
    return "\r\n".join(lines)
