"""Why a fiche is in the list: what was asked for that it answers, in words, besides what its card always says."""

from django.utils.translation import gettext as _

from initiatives.core import enums
from initiatives.models import Initiative

from .filters import InitiativeFilter
from .index.found import Said

# The fields of a fiche where a facet looks, and the words of their codes: those that its card does not say already.
FIELDS = {
    "implication": ("implications", enums.Implication),
    "lieu": ("lieu", enums.Lieu),
    "cible": ("cible", enums.Cible),
}


def reasons(filterset: InitiativeFilter, initiative: Initiative | Said) -> list[str]:
    """The reasons, who is accepted first; none for a list that no facet narrows. No query."""
    asked = filterset.form.cleaned_data
    said = [accepted(asked["sexe"], common(asked["age"], initiative))] if asked["sexe"] or asked["age"] else []
    for name, (field, enum) in FIELDS.items():
        value = getattr(initiative, field) if asked[name] else []
        has = value if isinstance(value, list) else [value]
        said += [str(enum(code).label) for code in asked[name] if code in has]
    if len(asked["besoin"]) > 1:  # one need alone is every card's: what is chosen says it once, above them
        said += [need.nom for need in asked["besoin"] if need.slug in initiative.besoins]
    return said


def common(ages: tuple[int, int] | None, initiative: Initiative | Said) -> tuple[int, int] | None:
    """Of the ages asked for, those that the fiche accepts."""
    if ages is None or initiative.tous_ages:
        return ages
    lowest, highest = initiative.age_min, initiative.age_max
    return max(ages[0], lowest or 0), min(ages[1], enums.AGE_MAX if highest is None else highest)


def accepted(sexe: str, ages: tuple[int, int] | None) -> str:
    """« accepte les filles de 14 ans »: of whom the visitor asked for, whom the fiche accepts."""
    if sexe not in ("", "feminin", "masculin"):
        return str(enums.Sexe(sexe).label)
    adult = ages is not None and ages[0] >= enums.MAJORITE
    who = {
        ("feminin", False): _("accepte les filles"),
        ("feminin", True): _("accepte les femmes"),
        ("masculin", False): _("accepte les garçons"),
        ("masculin", True): _("accepte les hommes"),
    }.get((sexe, adult), _("accepte les personnes"))
    if ages is None:
        return who
    low, high = ages
    if low == high:
        age = _("de %(age)s ans") % {"age": low}
    elif low == 0:
        age = _("de moins de %(age)s ans") % {"age": high + 1}
    elif high == enums.AGE_MAX:
        age = _("de plus de %(age)s ans") % {"age": low - 1}
    else:
        age = _("de %(low)s à %(high)s ans") % {"low": low, "high": high}
    return f"{who} {age}"
