"""A proposition poured into a fiche that is there already: compared with it, then written field by field, once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.core.enums import EtatContribution, NatureVersion
from initiatives.keeping import history, merging, revisions, state
from initiatives.keeping.personal import refuse_personal
from initiatives.models import Initiative, Proposition, Revision

from .contributions import Named, organisation, record_decision
from .questionnaire import in_order

# The questionnaire asks them together: what it leaves blank of them is an answer.
AGES = ("age_min", "age_max", "tous_ages", "age_mention")
# What a fiche says beside an answer, and which would no longer be true of another one.
BESIDE = {
    "annee": ("annee", "annee_mention"),
    "stade": ("stade", "stade_mention"),
    "partenaires": ("partenaires", "partenaires_tronques"),
    "objectifs": ("objectifs", "langue_objectifs"),
}
LONG = 120


@dataclass(frozen=True)
class Line:
    """What a fiche and a proposition say otherwise: the fields written together, the first their name.

    `coche`: whether it is poured by default; `parties`: the words that differ, of a long text.
    """

    champs: tuple[str, ...]
    libelle: str
    avant: str
    apres: str
    coche: bool
    parties: list[tuple[str, str]]

    @property
    def champ(self) -> str:
        return self.champs[0]


def seen(fiche: Initiative, par, rang: int | None = None) -> str:
    """A mark of what this account sees of a fiche: its version, and what waits where it goes on from there."""
    revision = revisions.open_revision(fiche) if revisions.must_wait(fiche, par) else None
    return f"{rang or history.rank_seen(fiche)}-{revision.pk if revision else ''}"


def state_seen(fiche: Initiative, par) -> dict:
    """The fiche as this account goes on from it."""
    waits = revisions.must_wait(fiche, par)
    return revisions.with_revision(fiche, revisions.open_revision(fiche) if waits else None)


def wanted(proposition: Proposition, now: dict) -> dict:
    """The state that the whole proposition would give a fiche which is `now`."""
    answers, fields = proposition.reponses, state.fields_of(Initiative)
    found = {name: value for name, value in answers.items() if name in now}
    for group in (*BESIDE.values(), AGES):
        if any(name in answers for name in (group if group is AGES else group[:1])):
            found |= {name: fields[name].get_default() for name in group if name not in answers}
    if "contacts" in found:
        found["contacts"] = merging.joined(now["contacts"], found["contacts"])
    return now | found


def compared(proposition: Proposition, now: dict) -> list[Line]:
    """What differs, in the order of the questionnaire; what fills what is empty is poured by default."""
    then, lines = wanted(proposition, now), []
    asked = [AGES if name in AGES else BESIDE.get(name, (name,)) for name in in_order(proposition.reponses)]
    for names in dict.fromkeys(asked):
        if names[0] not in now or all(now[name] == then[name] for name in (names if names is AGES else names[:1])):
            continue
        told = [name for name in names if not (empty(now[name]) and empty(then[name]))] or names[:1]
        avant, apres = merging.in_words(now, tuple(told)), merging.in_words(then, tuple(told))
        fills = not merging.says(now, [name for name in merging.together(names[0]) if name != "porteurs"])
        longue = min(len(avant), len(apres)) > LONG
        lines.append(
            Line(
                names,
                ", ".join(state.label_of(Initiative, name) for name in told),
                avant,
                apres,
                coche=fills and not all(empty(then[name]) for name in names),
                parties=state.word_parts(avant, apres) if longue else [],
            )
        )
    return lines


def empty(value) -> bool:
    return value in (None, "", [], False)


@transaction.atomic
def pour(
    proposition: Proposition,
    fiche: Initiative,
    par,
    raison: str,
    champs: Iterable[str],
    porteur: Named,
    vue: str,
    confirmed: bool = False,
) -> Revision | None:
    """Writes what is chosen of a proposition into a fiche, decides it, once; the revision where it must be read again.

    `vue`: the mark of what the editor compared with. Raises ValidationError, by field where it is about one.
    """
    if not raison.strip():
        raise ValidationError({"raison": _("Dites pourquoi.")})
    proposition = record_decision(proposition, EtatContribution.RETENUE, par, raison)
    motif = _("Proposition n° %(n)s : %(raison)s") % {"n": proposition.pk, "raison": raison.strip()}
    chosen, made = set(champs), organisation(proposition, porteur, par)

    def change(row: Initiative) -> None:
        if vue != seen(row, par, history.last_version(row).rang):
            raise ValidationError(_("La fiche a changé entre-temps : relisez ce qu'elle dit maintenant."))
        now = state.state_of(row)
        names = [name for line in compared(proposition, now) if line.champ in chosen for name in line.champs]
        then = wanted(proposition, now)
        if made and made.slug not in now["porteurs"]:
            then, names = then | {"porteurs": [*now["porteurs"], made.slug]}, [*names, "porteurs"]
        if "contacts" in names and not confirmed:
            ask(now, then)
        state.apply_state(row, then, names, confirmed=True)
        if state.state_of(row) == now:
            raise ValidationError(_("Rien ne changerait : cochez ce qui doit être versé, ou écartez la proposition."))

    revision = revisions.write(fiche, par, NatureVersion.MODIFICATION, motif, change)
    proposition.initiative = fiche
    proposition.save(update_fields=["initiative"])
    return revision


def ask(now: dict, then: dict) -> None:
    """Raises ValidationError, beside the contacts, where one looks like a person's own."""
    try:
        refuse_personal(now["contacts"], then["contacts"])
    except ValidationError as refusal:
        raise ValidationError({"contacts": refusal.messages}) from None
