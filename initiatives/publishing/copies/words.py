"""What the search of a copy looks through: for each fiche, its title, who offers it, where, and every word of it."""

import json
import unicodedata
from collections.abc import Iterable, Mapping

# What is read in a fiche, as the JSON prints it: its texts, and its codes by their names.
TEXTS = (
    *("titre", "description", "objectifs", "porteur_mention", "autre_clientele_mention", "partenaires", "frequence"),
    *("age_mention", "annee_mention", "stade_mention", "cible_mention", "composantes", "pour_en_savoir_plus"),
)
CODES = {
    "besoins": "besoin",
    "region": "region",
    "clienteles": "clientele",
    "types": "type",
    "modalite": "modalite",
    "lieu": "lieu",
    "stade": "stade",
    "implications": "implication",
    "pour_qui": "pour-qui",
    "mentions": "mention",
    "cible": "cible",
}
SHOWN = 220  # characters of a description under its title


def folded(text: str) -> list[str]:
    """Its words without accents nor capitals, as static/js/copie.js folds what is typed."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    return "".join(letter if letter.isalnum() else " " for letter in plain).split()


def listed(value) -> list[str]:
    return [str(item) for item in value if item] if isinstance(value, list) else [value] if value else []


def row(fiche: Mapping, names: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What is shown of a fiche, then its words. `names`: of each code, by facet."""
    who = [part for porteur in fiche["porteurs"] for part in (porteur["nom"], porteur["sigle"]) if part]
    texts = [text for name in TEXTS for text in listed(fiche.get(name))]
    codes = [names[facet].get(code, "") for name, facet in CODES.items() for code in listed(fiche.get(name))]
    region = names["region"].get(fiche["region"], "")
    words = dict.fromkeys(word for text in [*who, *texts, *codes] for word in folded(text))
    shown = fiche["description"][:SHOWN] + ("…" if len(fiche["description"]) > SHOWN else "")
    porteurs = ", ".join(porteur["nom"] for porteur in fiche["porteurs"])
    return [fiche["slug"], fiche["titre"], porteurs, region, fiche["langue"], shown, " ".join(words)]


def script(fiches: Iterable[Mapping], names: Mapping[str, Mapping[str, str]]) -> bytes:
    """A file that a page reads as a script: a browser reads no data from a disk."""
    rows = ",\n".join(json.dumps(row(fiche, names), ensure_ascii=False) for fiche in fiches)
    return f"var COPIE = [\n{rows}\n];\n".encode()
