"""What a fiche, an organisation or a text is: read whole, applied, compared, said in words.

A state is a plain dict: field → JSON value, with `porteurs` (slugs, in order) and `contacts` beside the model's own
fields, and the keys of the rows that a plain relation leads to. Versions are states; imports, merges, conflicts and
restorations all go through `state_of` and `apply_state`.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import takewhile
from operator import and_

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives.core.enums import Visibilite
from initiatives.models import Contact, Initiative, Organisme, Porteur

from .personal import refuse_personal

# What a version does not hold: what the database makes, and what says when.
LEFT_OUT = {
    *("id", "code", "numero", "titre_tri", "recherche", "mots", "porteurs_ids", "besoins"),
    *("strategies", "strategie", "provenances", "pour_qui", "mentions", "rubriques"),
    *("creee_le", "modifiee_le", "publiee_le", "modifie_le"),
}
# What a restoration leaves alone: the status is moderation's, an address is permanent.
NOT_RESTORED = {"statut", "slug", "fusionnee_dans", "fusionne_dans"}
# What is decided of a fiche or an organisation, checked or noted, and which it does not tell.
NOT_TOLD = NOT_RESTORED | {"verifiee_le", "a_verifier_le", "note_interne", "variantes"}
MAX_PAIRS = 100_000
# A text of so many words of which so few are kept, and so few together, is read beside the other rather than inside it.
LONG, KEPT, TOGETHER = 8, 0.5, 3
# What the constraints of the database compare with one another; codes are checked field by field.
CONSTRAINED = {
    *("age_min", "age_max", "tous_ages", "annee", "annee_mention", "types", "types_connus"),
    *("telephone", "texto", "clavardage_fr", "clavardage_en", "langue", "titre_fr", "titre_en"),
}
CONTACT = ["nature", "valeur", "precision", "visibilite"]


def fields_of(model) -> dict[str, models.Field]:
    """The fields of the model that a version holds, by name, in the model's order."""
    return {field.name: field for field in model._meta.concrete_fields if field.name not in LEFT_OUT}


def relations_of(model) -> dict[str, models.ManyToManyField]:
    """The plain relations of the model to several rows, which a version holds by their keys."""
    return {row.name: row for row in model._meta.many_to_many if row.remote_field.through._meta.auto_created}


def subject_name(subject) -> str:
    """The column of Version that points to the subject."""
    return subject._meta.model_name


def state_of(subject) -> dict:
    """What the subject is, as the database holds it now. Three queries at most."""
    return states_of(type(subject), [subject.pk])[subject.pk]


def states_of(model, pks: Iterable) -> dict:
    """What each of these subjects is, by key, as the database holds them now. Three queries at most."""
    fields = fields_of(model)
    related = [name for name, field in fields.items() if field.is_relation]
    rows = model.objects.select_related(*related).in_bulk(list(pks))
    found = {pk: {name: told_value(row, field) for name, field in fields.items()} for pk, row in rows.items()}
    for name, field in relations_of(model).items():
        for state in found.values():
            state[name] = []
        owner, other = field.m2m_column_name(), field.m2m_reverse_name()
        links = field.remote_field.through.objects.filter(**{f"{owner}__in": rows}).order_by(other)
        for pk, key in links.values_list(owner, other):
            found[pk][name].append(key)
    if model is Initiative:
        for state in found.values():
            state["porteurs"] = []
        links = Porteur.objects.filter(initiative__in=rows).order_by("rang", "pk")
        for pk, slug in links.values_list("initiative_id", "organisme__slug"):
            found[pk]["porteurs"].append(slug)
    if model in (Initiative, Organisme):
        for state in found.values():
            state["contacts"] = []
        owner = model._meta.model_name
        for row in Contact.objects.filter(**{f"{owner}__in": rows}).order_by("pk").values(owner, *CONTACT):
            found[row.pop(owner)]["contacts"].append(row)
    return found


def told_value(row, field):
    """The value of a field as a state holds it."""
    value = getattr(row, field.attname)
    if field.is_relation and value is not None:
        return getattr(row, field.name).natural_key()[0]
    return value.isoformat() if isinstance(value, date) else value


def apply_state(subject, wanted: dict, only: Iterable[str] | None = None, confirmed: bool = False) -> None:
    """Writes a state, or some of its fields, into the row that `change` gave: what differs, and nothing else.

    `confirmed`: somebody said that the contacts which become public are a service's. Raises ValidationError.
    """
    if isinstance(subject, Organisme) and subject.fusionne_dans_id:
        raise ValidationError(_("Cet organisme est fusionné dans « %(nom)s ».") % {"nom": subject.fusionne_dans.nom})
    before = values_of(subject)
    names = [name for name in wanted if name not in NOT_RESTORED and (only is None or name in only)]
    for name, field in fields_of(type(subject)).items():
        if name in names:
            setattr(subject, field.attname, stored_value(field, wanted[name]))
    check(subject, [name for name, value in values_of(subject).items() if value != before[name]])
    if changed := [name for name, value in values_of(subject).items() if value != before[name]]:
        subject.save(update_fields=changed)
    for name in relations_of(type(subject)):
        if name in names:
            getattr(subject, name).set(wanted[name])
    if "porteurs" in names and isinstance(subject, Initiative):
        set_porteurs(subject, wanted["porteurs"])
    if "contacts" in names:
        if not confirmed:
            refuse_personal(list(subject.contacts.values(*CONTACT)), wanted["contacts"])
        set_contacts(subject, wanted["contacts"])


def values_of(subject) -> dict:
    """The fields that a version holds, as the object has them now."""
    return {name: getattr(subject, field.attname) for name, field in fields_of(type(subject)).items()}


def check(subject, changed: Iterable[str], unread: Iterable[str] = ()) -> None:
    """Checks the fields that change, and what the database compares of them. Raises ValidationError with all of it.

    A constraint is a query, and the database holds to it anyway: it is asked before only where it may say no.
    `unread`: the fields of which what is wanted is not known; nothing is compared with them.
    """
    fields, errors = {field.name for field in subject._meta.fields}, {}
    try:
        subject.full_clean(exclude=fields - set(changed), validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    left = (fields - CONSTRAINED) | errors.keys() | set(unread)
    if CONSTRAINED & set(changed) and not holds(subject, left):
        try:
            subject.validate_constraints(exclude=left)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def holds(subject, left: set[str]) -> bool:
    """Whether what the database compares is right: one query where Django asks one a constraint. `left`: out of it."""
    asked = [rule.condition for rule in subject._meta.constraints if isinstance(rule, models.CheckConstraint)]
    asked = [condition for condition in asked if not condition.referenced_base_fields & left]
    return not asked or reduce(and_, asked).check(subject._get_field_expression_map(subject._meta, exclude=left))


def tell_the_same(before: dict, after: dict) -> bool:
    """Whether two states of a fiche or an organisation tell the public the same. A field that one of them does not know
    tells nothing.
    """

    def told(state, names):
        contacts = [row for row in state.get("contacts", []) if row["visibilite"] == Visibilite.PUBLIQUE]
        return [contacts, *(state[name] for name in names)]

    names = (before.keys() & after.keys()) - NOT_TOLD - {"contacts"}
    return told(before, names) == told(after, names)


def stored_value(field, value):
    """The value of a state as the model's attribute wants it."""
    if value is None:
        return None
    if field.is_relation:
        target = field.remote_field.model
        key = "numero" if target is Initiative else "slug"
        found = target.objects.filter(**{key: value}).values_list("pk", flat=True).first()
        if found is None:
            raise ValidationError({field.name: _("« %(valeur)s » n'existe plus.") % {"valeur": value}})
        return found
    return parse_date(value) if isinstance(field, models.DateField) else value


def carriers(slugs: list[str]) -> list[Organisme]:
    """These organisations, in order, each once; of one that was merged, the one that it was merged into. One query.

    Raises ValidationError for an unknown one.
    """
    known = {row.slug: row for row in Organisme.objects.filter(slug__in=slugs).select_related("fusionne_dans")}
    if unknown := [slug for slug in slugs if slug not in known]:
        raise ValidationError(_("Organisme inconnu : %(slug)s") % {"slug": ", ".join(unknown)})
    return list(dict.fromkeys(known[slug].actuel for slug in slugs))


def set_porteurs(initiative: Initiative, slugs: list[str]) -> None:
    """Makes these organisations the porteurs, in this order. Raises ValidationError for an unknown one."""
    organismes = carriers(slugs)
    initiative.liens_porteurs.exclude(organisme__in=organismes).delete()
    for rang, organisme in enumerate(organismes, start=1):
        Porteur.objects.update_or_create(initiative=initiative, organisme=organisme, defaults={"rang": rang})
    initiative.__dict__.pop("porteurs", None)


def set_contacts(subject, contacts: list[dict]) -> None:
    """Makes these the contacts. Those that are already there are left as they are. Three queries at most."""
    wanted, gone = [tuple(contact[name] for name in CONTACT) for contact in contacts], []
    for row in subject.contacts.all():
        key = tuple(getattr(row, name) for name in CONTACT)
        if key in wanted:
            wanted.remove(key)
        else:
            gone.append(row.pk)
    if gone:
        subject.contacts.filter(pk__in=gone).delete()
    owner = {subject_name(subject): subject}
    new = [Contact(**owner, **dict(zip(CONTACT, key, strict=True))) for key in wanted]
    for contact in new:
        contact.clean_fields(exclude=owner)
        contact.clean()
    Contact.objects.bulk_create(new)


@dataclass(frozen=True)
class Difference:
    """A field that differs, in words: `parties` are (what became of it, text), for `del`, `ins` and the same."""

    champ: str
    libelle: str
    avant: str
    apres: str
    parties: list[tuple[str, str]]

    @property
    def reecrit(self) -> bool:
        """Whether the two texts are to be read side by side: here alone is it decided."""
        longest = max(len(self.avant.split()), len(self.apres.split()))
        if min(len(self.avant.split()), len(self.apres.split())) < LONG:
            return False
        runs = [len(text.split()) for kind, text in self.parties if kind == "egal"]
        return sum(run for run in runs if run >= TOGETHER) < KEPT * longest

    def cote(self, lost: str) -> list[tuple[str, str]]:
        """One of the two texts, whole: the parts but those of the other, which are `lost`."""
        return [part for part in self.parties if part[0] != lost]


def differences(model, before: dict, after: dict) -> list[Difference]:
    """What differs between two states, in the model's order. Few queries."""
    found = []
    for name in [*fields_of(model), *relations_of(model), "porteurs", "contacts"]:
        if before.get(name) != after.get(name) and (name in before or name in after):
            old, new = value_in_words(model, name, before.get(name)), value_in_words(model, name, after.get(name))
            found.append(Difference(name, label_of(model, name), old, new, word_parts(old, new)))
    return found


def label_of(model, name: str) -> str:
    """What a field of a state is called on screen."""
    names = {"porteurs": _("organismes porteurs"), "contacts": _("contacts")}
    text = str(names.get(name) or model._meta.get_field(name).verbose_name)
    return text[:1].upper() + text[1:]


def state_in_words(model, wanted: dict) -> list[tuple[str, str]]:
    """A state as an editor reads it: (label, words) of each field that says something."""
    said = [(label_of(model, name), value_in_words(model, name, value)) for name, value in wanted.items()]
    return [row for row in said if row[1]]


def value_in_words(model, name: str, value) -> str:
    """The value of a field as an editor reads it; empty for nothing."""
    if value in (None, "", []):
        return ""
    if name == "contacts":
        rows = [Contact(**contact) for contact in value]
        return "\n".join(
            f"{row}{f' ({row.precision})' if row.precision else ''} · {row.get_visibilite_display()}" for row in rows
        )
    if name == "porteurs":
        known = dict(Organisme.objects.filter(slug__in=value).values_list("slug", "nom"))
        return "\n".join(known.get(slug, slug) for slug in value)
    field = model._meta.get_field(name)
    if field.many_to_many:
        return "\n".join(map(str, field.remote_field.model.objects.filter(pk__in=value)))
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if isinstance(field, models.DateField):
        return date_format(parse_date(value))
    if field.is_relation:
        target = field.remote_field.model.objects.filter(pk=stored_value(field, value)).first()
        return str(target or value)
    choices = dict(getattr(field, "base_field", field).choices or [])
    values = value if isinstance(value, list) else [value]
    return "\n".join(str(choices.get(item, item)) for item in values)


def opcodes(before: list[str], after: list[str]):
    """What became of the words and of the white space between them, as `difflib` says it."""
    old, new = with_their_words(before), with_their_words(after)
    counts = Counter(old)
    if sum(counts[piece] for piece in new) <= MAX_PAIRS:
        return difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start = same_start(before, after)
    end = same_start(before[start:][::-1], after[start:][::-1])
    middle, last = len(before) - end, len(after) - end
    return [
        ("equal", 0, start, 0, start),
        ("replace", start, middle, start, last),
        ("equal", middle, len(before), last, len(after)),
    ]


def with_their_words(pieces: list[str]) -> list[str]:
    """White space told by the word before it: every space would else be equal to every other."""
    return [f"{last}{piece}" if piece.isspace() else piece for last, piece in zip(["", *pieces], pieces, strict=False)]


def same_start(one: list[str], other: list[str]) -> int:
    """How many words two texts begin with in common."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def word_parts(old: str, new: str) -> list[tuple[str, str]]:
    """Two texts as pieces: « egal », « retire » and « ajoute », by whole words.

    Comparing costs the pairs of equal words, again for each piece found: one word repeated would take minutes.
    Past `MAX_PAIRS` the middle that differs is shown whole, between the beginning and the end that do not.
    """
    before, after = re.findall(r"\s+|\S+", old), re.findall(r"\s+|\S+", new)
    parts = []
    for kind, a, b, c, d in opcodes(before, after):
        if kind == "equal" and a < b:
            parts.append(("egal", "".join(before[a:b])))
            continue
        if a < b:
            parts.append(("retire", "".join(before[a:b])))
        if c < d:
            parts.append(("ajoute", "".join(after[c:d])))
    return parts
