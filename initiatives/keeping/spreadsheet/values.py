"""What a cell means, and what it may hold."""

import re
from difflib import get_close_matches
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from initiatives.core.cells import SEPARATOR, whole_number
from initiatives.models import Besoin, Initiative, Organisme, Source
from initiatives.models.fields import CodesField, LinesField

from .columns import COLUMNS, FIELDS, NEEDS, VERSION, Names, choices_of, codes, folded, label_of, unprotect
from .contacts import contacts_in_words, contacts_of, form_of

YES, NO = {"1", "oui", "vrai", "x", "yes", "true"}, {"0", "non", "faux", "no", "false"}
# What a message names of a list before it says that there are others, and of a cell that it does not know.
NAMED, SHOWN = 12, 60
# How many organisations are offered for a name that none has, and how much of it they share.
NEAR, CLOSE = 3, 0.8
# What parts the values of a cell.
SPLITS = re.compile(r"[|;\r\n]")


class Known:
    """What cells may name that the database holds, each read once, when a column asks for it."""

    @cached_property
    def organismes(self) -> Names:
        every = Organisme.objects.order_by("slug")
        rows = list(every.actuels().values_list("slug", "nom", "sigle", "nom_court", "variantes"))
        # The address of one that was merged into another says that other: files made before name it.
        merged = every.exclude(fusionne_dans=None).values_list("slug", "fusionne_dans__slug")
        return Names(
            [*((slug, slug) for slug, *_names in rows), *merged],
            [(name, slug) for slug, nom, sigle, *_names in rows for name in (nom, f"{nom} ({sigle})")],
            [(name, slug) for slug, _nom, *short, _others in rows for name in short],
            [(name, slug) for slug, *_names, others in rows for name in others],
        )

    @cached_property
    def sources(self) -> Names:
        rows = self.titles
        return Names([(slug, slug) for slug, _title in rows], [(title, slug) for slug, title in rows])

    @cached_property
    def titles(self) -> list[tuple[str, str]]:
        return list(Source.objects.order_by("titre").values_list("slug", "titre"))

    @cached_property
    def organisation_names(self) -> dict[str, str]:
        """What each organisation is called where no other is called so; its address otherwise."""
        rows = Organisme.objects.values_list("slug", "nom")
        return {
            slug: nom if self.organismes.find(nom) == slug and not SPLITS.search(nom) else slug for slug, nom in rows
        }

    @cached_property
    def needs(self) -> list[tuple[str, str]]:
        return [(need.slug, str(need)) for need in Besoin.objects.all()]

    @cached_property
    def needs_called(self) -> Names:
        rows = Besoin.objects.values_list("slug", "nom_fr", "nom_en")
        return Names(
            [(slug, slug) for slug, *_names in rows], [(name, slug) for slug, *names in rows for name in names]
        )

    @cached_property
    def familles(self) -> list[str]:
        rows = Initiative.objects.exclude(famille="").order_by("famille")
        return list(rows.values_list("famille", flat=True).distinct())

    @cached_property
    def families(self) -> Names:
        return Names([(name, name) for name in self.familles])


def in_words(name: str, value, known: Known) -> str:
    """A value as an editor reads it in a cell, and as `value_of` reads it again."""
    if value in (None, "", []):
        return ""
    if name == "contacts":
        return contacts_in_words(value)
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if name == "porteurs":
        names = known.organisation_names
    elif name == NEEDS:
        names = dict(known.needs)
    else:
        names = dict(known.titles if name == "source" else choices_of(name))
    values = value if isinstance(value, list) else [value]
    return SEPARATOR.join(str(names.get(item, item)) for item in values)


def offered(name: str, known: Known) -> list[str]:
    """What a column may hold, as an editor reads it; nothing where it may hold anything."""
    if name == "porteurs":
        return list(Organisme.objects.actuels().order_by("nom").values_list("nom", flat=True))
    if name == "source":
        return [title for _slug, title in known.titles]
    if name == "famille":
        return known.familles
    if isinstance(FIELDS.get(name), models.BooleanField):
        return [_("Oui"), _("Non")]
    return [str(label) for _code, label in choices_of(name)]


def is_open(name: str) -> bool:
    """Whether a column may hold something else than one of what is offered: several of them, or a new name."""
    return name in ("porteurs", "famille") or isinstance(FIELDS.get(name), CodesField)


def legend() -> list[tuple[str, str, str]]:
    """(code, label, what it may hold) of each column. No query."""
    lists = [name for name in COLUMNS if name not in ("porteurs", "source", "famille")]
    known = Known()
    allowed = {name: " · ".join(offered(name, known)) for name in lists} | {"contacts": form_of()}
    allowed[VERSION] = _("Ce que l'export a lu : ce que d'autres ont publié depuis n'est pas défait.")
    return [(name, label_of(name), allowed.get(name, "")) for name in [*COLUMNS, VERSION]]


def value_of(name: str, text: str, known: Known):
    """The JSON value that a cell means. Raises ValidationError."""
    text = unprotect(text).strip()
    if name == "porteurs":
        return organisations(text, known.organismes)
    if name == "contacts":
        return contacts_of(text)
    if name == VERSION:
        return number_or_date(None, text)
    if name == NEEDS:
        return sorted(several(text, known.needs_called, lambda unknown: not_allowed(unknown, [])))
    field = FIELDS[name]
    if isinstance(field, CodesField):
        found = several(text, codes(name), lambda unknown: not_allowed(unknown, offered(name, known)))
        return [code for code, _label in choices_of(name) if code in found]
    if isinstance(field, LinesField):
        return [part.strip() for part in re.split(r"[|\r\n]", text) if part.strip()]
    if isinstance(field, models.BooleanField):
        return yes_or_no(field, text)
    if isinstance(field, models.IntegerField | models.DateField):
        return number_or_date(field, text)
    return one(name, text, known)


def one(name: str, text: str, known: Known) -> str | None:
    """The text of a cell, or the one value of a list that it names. Raises ValidationError."""
    names = known.sources if name == "source" else codes(name)
    if not text:
        return emptied(FIELDS[name])
    if name == "famille":
        return known.families.find(text) or text
    if names is None:
        return text
    found = names.find(text)
    if found is None:
        raise ValidationError(not_allowed([text], offered(name, known)))
    return found


def emptied(field):
    """What an empty cell means: what a new fiche would have, where the field holds something always."""
    if field.editable and not field.blank and field.has_default():
        return field.get_default()
    return None if field.null else ""


def not_allowed(texts: list[str], labels: list[str]) -> str:
    """Which values are unknown, and what is allowed instead."""
    permis = " · ".join(labels[:NAMED])
    if len(labels) > NAMED:
        permis = _("%(premiers)s… (%(n)s en tout)") % {"premiers": permis, "n": len(labels)}
    valeurs = ", ".join(f"« {text.strip()[:SHOWN]} »" for text in texts[:5])
    return _("Inconnu : %(valeurs)s. Permis : %(permis)s.") % {"valeurs": valeurs, "permis": permis}


def several(text: str, names: Names, sentence) -> list[str]:
    """The values that a cell names, apart by « | », « ; », commas or lines.

    Raises ValidationError with the `sentence` of all that is unknown.
    """
    found, unknown = [], []
    for part in [part.strip() for part in SPLITS.split(text) if part.strip()]:
        # A label may hold commas: it is looked for whole before.
        pieces = [part] if names.find(part) else [piece.strip() for piece in part.split(",") if piece.strip()]
        values = [names.find(piece) for piece in pieces]
        if not any(values):
            pieces, values = [part], [None]
        found += [value for value in values if value]
        unknown += [piece for piece, value in zip(pieces, values, strict=True) if not value]
    if unknown:
        raise ValidationError(sentence(unknown))
    return list(dict.fromkeys(found))


def organisations(text: str, names: Names) -> list[str]:
    """The organisations of a cell, by address, name, short name or acronym. Raises ValidationError."""

    def sentence(unknown: list[str]) -> list[str]:
        sentences = []
        for name in unknown[:5]:
            if slugs := names.several(name):
                words = {"nom": name[:SHOWN], "adresses": " · ".join(slugs[:NAMED])}
                sentences.append(_("« %(nom)s » : plusieurs s'appellent ainsi. Écrivez : %(adresses)s.") % words)
            else:
                sentences.append(unknown_organisation(name, names))
        return sentences

    return several(text, names, sentence)


def unknown_organisation(name: str, names: Names) -> str:
    """That no organisation is called so, and those that nearly are."""
    close = get_close_matches(folded(name), names.sure, NEAR, CLOSE)
    if not close:
        return _("Organisme inconnu : %(slug)s") % {"slug": name[:SHOWN]}
    near = " · ".join(dict.fromkeys(names.sure[spelling] for spelling in close))
    return _("Organisme inconnu : %(slug)s. Serait-ce %(proches)s?") % {"slug": name[:SHOWN], "proches": near}


def yes_or_no(field, text: str) -> bool:
    word = folded(text)
    if not text:
        return field.get_default()
    if word not in YES | NO:
        raise ValidationError(_("Oui ou non est attendu."))
    return word in YES


def number_or_date(field, text: str) -> int | str | None:
    if not text:
        return None
    if not isinstance(field, models.DateField):
        number = whole_number(text)
        if number is None:
            raise ValidationError(_("Un nombre entier est attendu."))
        return number
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    if found is None:
        said = _("« %(texte)s » n'est pas une date : année-mois-jour, comme 2024-01-15.")
        raise ValidationError(said % {"texte": text[:SHOWN]})
    return found.isoformat()
