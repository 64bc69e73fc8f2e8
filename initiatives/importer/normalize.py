"""From raw rows to typed records. Words are kept; what a type cannot hold is kept beside it; every loss is reported."""

import re
from dataclasses import dataclass, field

from initiatives.core import enums

from .parse import RawFiche, join_lines, straighten

NOT_APPLICABLE = "Ne s'applique pas"
STADES = {"En application": "en-application", "En développement": "en-developpement", "En suspens": "en-suspens"}
SEXES = {"Tous les sexes": "tous", "Féminin": "feminin", "Masculin": "masculin", NOT_APPLICABLE: "sans-objet"}
IMPLICATIONS = {
    "Victime & Proxénète": ["victime", "proxenete"],
    "Victime": ["victime"],
    "Proxénète": ["proxenete"],
    NOT_APPLICABLE: [],
}
# What the cell « Autre clientèle ciblée » may say, with its code. The rest of the cell must be link words.
CLIENTELES = {
    "réseau de la santé et des services sociaux": "sante-services-sociaux",
    "réseau communautaire": "communautaire",
    "population générale": "population-generale",
    "parents": "parents",
    "policiers": "police",
    "judiciaires": "justice",
    "scolaires": "scolaire",
}
CLIENTELE_LINKS = {"praticiens", "gestionnaires", "milieux", "et", "du", "des"}
TAG = re.compile(r"<[^>]+>")
AGE_RANGE = re.compile(r"(\d+) à (\d+) ans")
AGE_FROM = re.compile(r"(\d+) ans et plus")
BREAK = "\N{SYMBOL FOR NEWLINE}"  # a place where the source itself ends an item
FINISHED = (*".;:!?)»", BREAK)


class NormalizeError(ValueError):
    """A value that no rule understands; the message names the fiche, the field and the value."""


@dataclass
class Record:
    """A fiche as the fields of the model, with its corrections and what was lost or read in our own way."""

    numero: int
    fields: dict
    porteurs: list[str]
    corrections: list[dict] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def code_of(enum, label: str) -> str:
    """The code whose French label is `label`. Raises NormalizeError."""
    for member in enum:
        if member.label == label:
            return member.value
    raise NormalizeError(f"{enum.__name__}: unknown label {label!r}")


def normalize(raw: RawFiche, organismes: dict[str, str], lectures: dict, corrections: list[dict]) -> Record:
    """One fiche, typed. `organismes`: printed name → slug. Raises NormalizeError on anything not understood."""
    cells = {name: join_lines(" ".join(TAG.sub(" ", row) for row in rows)) for name, rows in raw.cells.items()}
    fields = {
        "titre": raw.titre,
        "description": raw.description,
        "porteur_mention": raw.porteur,
        "partenaires": cells["partenaires"],
        "frequence": cells["frequence"],
        "autre_clientele_mention": cells["autre_clientele"],
        "region": [code_of(enums.Regions, cells["region"])],
        "lieu": code_of(enums.Lieu, cells["lieu"]),
        "modalite": code_of(enums.Modalite, straighten(cells["modalite"])),
        "sexe": SEXES[cells["sexe"]],
        "implications": IMPLICATIONS[cells["implication"]],
        "objectifs": split_objectives(raw.cells["objectifs"]),
        "clienteles": read_clienteles(raw.numero, cells),
        "langue": "fr",
        **read_year(cells["annee"]),
        **read_stade(cells["stade"]),
        **read_cible(raw.numero, cells),
        **read_age(raw.numero, cells["age"], lectures["ages"]),
        **read_types(raw.ticks),
    }
    record = Record(raw.numero, fields, porteurs=[])
    number = str(raw.numero)
    if number in lectures["partenaires_tronques"]:
        fields["partenaires_tronques"] = True
        record.notices.append(f"partenaires : tronqués ({lectures['partenaires_tronques'][number]})")
    if number in lectures["langue_objectifs"]:
        fields["langue_objectifs"] = lectures["langue_objectifs"][number]["langue"]
    if cells["age"] in lectures["ages"]:
        record.notices.append(f"âge : {cells['age']} lu {fields['age_min']} à {fields['age_max']} ans")
    if not fields["types_connus"]:
        record.notices.append("types : cases perdues par la source, inconnus")
    apply_corrections(record, corrections)
    record.porteurs = read_porteurs(raw.numero, fields["porteur_mention"], organismes, lectures["porteurs"])
    return record


def read_year(text: str) -> dict:
    return {"annee": int(text), "annee_mention": ""} if text.isdigit() else {"annee": None, "annee_mention": text}


def read_stade(text: str) -> dict:
    """« En suspens (covid) » is a stade and a mention; a plain stade needs none."""
    label = text.partition(" (")[0]
    return {"stade": STADES[label], "stade_mention": "" if text == label else text}


def read_cible(numero: int, cells: dict) -> dict:
    """The target question; in 86 fiches its two rows are printed as one (« Non Éducation sexuelle »)."""
    if "cible_et_mention" in cells:
        answer, _, mention = cells["cible_et_mention"].partition(" ")
    else:
        answer, mention = cells["cible"], cells["cible_mention"]
    if answer == "Oui" and mention == NOT_APPLICABLE:
        return {"cible": "exploitation-sexuelle", "cible_mention": ""}
    if answer == "Non" and mention and mention != NOT_APPLICABLE:
        return {"cible": "autre", "cible_mention": mention}
    raise NormalizeError(f"Fiche {numero}, cible: {answer!r} {mention!r}")


def read_age(numero: int, text: str, lectures: dict) -> dict:
    """Whole years, inclusive. The words stay in `age_mention`, always."""
    bounds = {"age_min": None, "age_max": None, "tous_ages": False, "age_mention": text}
    if text in lectures:
        return {**bounds, "age_min": lectures[text]["age_min"], "age_max": lectures[text]["age_max"]}
    if match := AGE_RANGE.fullmatch(text):
        return {**bounds, "age_min": int(match[1]), "age_max": int(match[2])}
    if match := AGE_FROM.fullmatch(text):
        return {**bounds, "age_min": int(match[1])}
    if text.startswith("Tous les âges"):
        return {**bounds, "tous_ages": True}
    if text == NOT_APPLICABLE:
        return bounds
    raise NormalizeError(f"Fiche {numero}, âge: {text!r}")


def read_types(ticks: list[str] | None) -> dict:
    """Lost ticks are never guessed."""
    if ticks is None:
        return {"types": [], "types_connus": False}
    codes = {code_of(enums.Type, label) for label in ticks}
    return {"types": [code for code in enums.Type.values if code in codes], "types_connus": True}


def read_clienteles(numero: int, cells: dict) -> list[str]:
    """The codes named in the cell, plus `jeunes` if and only if the source says « Oui »."""
    if cells["jeunes"] not in ("Oui", "Non"):
        raise NormalizeError(f"Fiche {numero}, jeunes: {cells['jeunes']!r}")
    found, rest = {"jeunes"} if cells["jeunes"] == "Oui" else set(), cells["autre_clientele"].lower()
    for expression, code in CLIENTELES.items():
        if expression in rest:
            found.add(code)
            rest = rest.replace(expression, " ")
    if unknown := set(re.findall(r"\w+", rest)) - CLIENTELE_LINKS:
        raise NormalizeError(f"Fiche {numero}, autre clientèle: {sorted(unknown)}")
    return [code for code in enums.Clientele.values if code in found]


def split_objectives(rows: list[str]) -> list[str]:
    """The items of the cell: numbered (tagged or not), dashed, or paragraphs; numbers and tags are dropped.

    A continuation row that begins in lower case, or after an unfinished sentence, goes on with the sentence above.
    """
    text = ""
    for row in rows:
        item = re.sub(r"</p>|<p[^>]*>|<ol[^>]*>|<ul[^>]*>", BREAK, row)
        item = join_lines(TAG.sub(" ", item))
        lead = item.lstrip(BREAK + " ")
        joined = bool(text) and not text.rstrip().endswith(FINISHED)
        joined = joined or (bool(text) and lead[:1].islower())
        text = f"{text.rstrip(BREAK + ' ')} {lead}" if joined else f"{text}{BREAK}{item}"
    items, expected = [], 1
    for part in text.split(BREAK):
        pieces, expected = split_numbers(part.strip(), expected)
        items += pieces
    return [item for item in items if item]


def split_numbers(text: str, expected: int) -> tuple[list[str], int]:
    """Cuts « 1. … 2. … » where the numbers follow one another; dashes at the start of a list likewise."""
    if text.startswith("- "):
        return [piece.strip() for piece in re.split(r"(?:^|\s)- (?=[A-ZÀ-Ý])", text)], expected
    if expected == 1 and not text.startswith("1. "):
        return [text], expected
    pieces = []
    while match := re.search(rf"(?:^|\s){expected}\.\s", text):
        pieces.append(text[: match.start()].strip())
        text, expected = text[match.end() :], expected + 1
    return [*pieces, text.strip()], expected


def apply_corrections(record: Record, corrections: list[dict]) -> None:
    """Applies the listed corrections of this fiche; each must find its text exactly once."""
    for correction in (row for row in corrections if row["fiche"] == record.numero):
        name, before, after = correction["champ"], correction["avant"], correction["apres"]
        value = record.fields[name]
        texts = value if isinstance(value, list) else [value]
        if sum(text.count(before) for text in texts) != 1:
            raise NormalizeError(f"Fiche {record.numero}, {name}: {before!r} does not occur exactly once.")
        texts = [text.replace(before, after) for text in texts]
        record.fields[name] = texts if isinstance(value, list) else texts[0]
        record.corrections.append({"champ": name, "avant": before, "apres": after, "motif": correction["pourquoi"]})
        record.notices.append(f"{name} : « {before} » corrigé en « {after} »")


def read_porteurs(numero: int, mention: str, organismes: dict[str, str], lectures: dict) -> list[str]:
    """Slugs of the organisations named, in order: our listed reading, else the one whose name or variant this is."""
    if str(numero) in lectures:
        return lectures[str(numero)]["organismes"]
    if mention in organismes:
        return [organismes[mention]]
    raise NormalizeError(f"Fiche {numero}: no organisation is called {mention!r}")
