"""Two fiches that are one: the one that stays, the address of the other that leads to it, both histories kept."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.core.enums import EtatContribution, NatureVersion, Statut
from initiatives.models import ExceptionBesoin, FusionFiches, Initiative, PaireEcartee, Proposition, Signalement

from . import history, moderation, revisions, state
from .personal import refuse_personal

# Fields that say one thing together. Each fiche says it rightly: a merge takes all of them from one of the two.
TOGETHER = [
    ("annee", "annee_mention"),
    ("stade", "stade_mention"),
    ("porteur_mention", "porteurs"),
    ("partenaires", "partenaires_tronques"),
    ("financement", "financement_source"),
    ("clienteles", "autre_clientele_mention"),
    ("age_min", "age_max", "tous_ages", "age_mention"),
    ("objectifs", "langue_objectifs"),
    ("types", "types_connus"),
    ("cible", "cible_mention"),
    ("verifiee_le", "a_verifier_le"),
]
GROUP = {name: group for group in TOGETHER for name in group}
# What says how much is known of another field, and nothing by itself.
BESIDE = {"types_connus", "partenaires_tronques", "langue_objectifs"}
# What points to a fiche, and what becomes of it when the fiche goes into another. « stays »: it tells what the other
# fiche was, and is read there (tests/test_merging.py finds the relation that is in neither list).
FOLLOWS = {
    *("Revision.initiative", "Proposition.initiative", "Signalement.initiative"),
    *("Envoi.initiatives", "Envoi_initiatives.initiative", "ExceptionBesoin.initiative"),
    *("Ressource.fiches", "Ressource_fiches.initiative"),
}
STAYS = {
    *("Initiative.fusionnee_dans", "Porteur.initiative", "Contact.initiative", "Correction.initiative"),
    *("Decision.initiative", "Version.initiative", "PaireEcartee.premiere", "PaireEcartee.seconde"),
    *("FusionFiches.garde", "FusionFiches.autre", "Classement.initiative", "Lecture.initiative"),
    *("Citation.fiches", "Citation_fiches.initiative"),
}


def together(name: str) -> tuple[str, ...]:
    """The fields that say one thing with this one, itself first where it is alone."""
    return GROUP.get(name, (name,))


@dataclass(frozen=True)
class Choice:
    """What two fiches say otherwise: which stays by default (« gardee », « autre », « deux »), in words of both."""

    champ: str
    libelle: str
    avant: str
    apres: str
    defaut: str
    joignable: bool = False


def choices(kept: Initiative, other: Initiative) -> list[Choice]:
    """What is to be chosen, a group of fields at a time, in the order of the fiche. What is filled wins by default."""
    one, two = state.state_of(kept), state.state_of(other)
    differ = {row.champ: row for row in state.differences(Initiative, one, two) if row.champ not in state.NOT_RESTORED}
    found = []
    for names in dict.fromkeys(together(name) for name in differ):
        rows = [differ[name] for name in names if name in differ]
        both = names == ("contacts",) and one["contacts"] and two["contacts"]
        default = "deux" if both else "autre" if says(two, names) and not says(one, names) else "gardee"
        label = ", ".join(row.libelle if number == 0 else row.libelle.lower() for number, row in enumerate(rows))
        found.append(Choice(names[0], label, in_words(one, names), in_words(two, names), default, bool(both)))
    return found


def says(values: dict, names: Iterable[str]) -> bool:
    """Whether these fields say something."""
    return any(values[name] not in (None, "", [], False) for name in names if name not in BESIDE)


def in_words(values: dict, names: tuple[str, ...]) -> str:
    """What these fields say, each under its name where there are several."""
    said = [(state.label_of(Initiative, name), state.value_in_words(Initiative, name, values[name])) for name in names]
    if len(names) == 1:
        return said[0][1]
    return "\n".join(f"{label} : {words}" for label, words in said if words)


def joined(one: list[dict], two: list[dict]) -> list[dict]:
    """The contacts of both, each once."""
    known = {(row["nature"], row["valeur"].strip().lower()) for row in one}
    return [*one, *(row for row in two if (row["nature"], row["valeur"].strip().lower()) not in known)]


@dataclass(frozen=True)
class Pending:
    """What waits on a fiche, and follows it into another. `heurts`: the fields of which a revision waits on both."""

    revision: object
    propositions: int
    signalements: int
    envois: int
    besoins: int
    heurts: tuple[str, ...]


def pending(kept: Initiative, other: Initiative) -> Pending:
    """What will follow. Six queries."""
    theirs, ours = revisions.open_revision(other), revisions.open_revision(kept)
    heurts = sorted(theirs.apres.keys() & ours.apres.keys()) if theirs and ours else []
    return Pending(
        revision=theirs,
        propositions=undecided(Proposition, other).count(),
        signalements=undecided(Signalement, other).count(),
        envois=len(unanswered(other)),
        besoins=exceptions(kept, other).count(),
        heurts=tuple(state.label_of(Initiative, name) for name in heurts),
    )


def undecided(model, fiche: Initiative):
    return model.objects.filter(initiative=fiche, etat=EtatContribution.RECUE)


def unanswered(fiche: Initiative) -> list:
    """The e-mails of campaigns that ask about the fiche, and which nobody answered about it."""
    return list(fiche.envois.exclude(pk__in=answers_about(fiche).values("envoi")))


def answers_about(fiche: Initiative):
    """What organisations answered of a fiche by the link of an e-mail, and did not take back."""
    said = Proposition.objects.filter(initiative=fiche, envoi__isnull=False)
    return said.exclude(etat=EtatContribution.RETIREE)


def exceptions(kept: Initiative, other: Initiative):
    """The needs decided by hand of the other, of which nothing is decided for the one that stays."""
    decided = ExceptionBesoin.objects.filter(initiative=kept).values("besoin")
    return ExceptionBesoin.objects.filter(initiative=other).exclude(besoin__in=decided)


@transaction.atomic
def merge(
    kept: Initiative,
    other: Initiative,
    par,
    motif: str,
    taken: Iterable[str],
    confirmed: bool = False,
    both_contacts: bool = False,
) -> FusionFiches:
    """Merges `other` into `kept`, which takes these fields from it, with those that each goes with; the contacts of
    both with `both_contacts`. Raises ValidationError, by field where it is about one.

    Nothing is lost: the other is archived with its history, and what waits on it waits on the one that stays.
    `separating.separate` gives each back what it had.
    """
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    if kept.pk == other.pk:
        raise ValidationError(_("Une fiche ne se fusionne pas avec elle-même."))
    rows = history.locked(Initiative, [kept.pk, other.pk])
    kept, other = rows[kept.pk], rows[other.pk]
    if kept.fusionnee_dans_id or other.fusionnee_dans_id:
        raise ValidationError(_("L'une des deux est déjà fusionnée."))
    wanted, was, statut = state.state_of(other), state.state_of(kept), other.statut
    names = {name for first in taken for name in together(first)}
    with history.change(kept, NatureVersion.FUSION, par, f"{motif.strip()} (n° {other.pk})", always=True) as fiche:
        before = state.state_of(fiche)["contacts"]
        if both_contacts:
            names, wanted = names | {"contacts"}, wanted | {"contacts": joined(before, wanted["contacts"])}
        if "contacts" in names and not confirmed:
            try:
                refuse_personal(before, wanted["contacts"])
            except ValidationError as refusal:
                raise ValidationError({"contacts": refusal.messages}) from None
        state.apply_state(fiche, wanted, names, confirmed=True)
    with history.change(other, NatureVersion.FUSION, par, f"{motif.strip()} (n° {kept.pk})") as fiche:
        fiche.fusionnee_dans = kept
        fiche.save(update_fields=["fusionnee_dans"])
    is_now = state.state_of(kept)
    fields = {name: {"avant": was[name], "apres": is_now[name]} for name in was if was[name] != is_now[name]}
    moved = {"statut": statut, "champs": fields, **follow(kept, other)}
    if other.statut != Statut.ARCHIVEE:
        moderation.archive(other, par, motif)
    return FusionFiches.objects.create(garde=kept, autre=other, par=par, motif=motif.strip(), deplace=moved)


def follow(kept: Initiative, other: Initiative) -> dict:
    """Leads what waits on a fiche to the one that stays, and says what the way back needs."""
    moved = {"revision": revisions.carry(kept, other, TOGETHER), "envois": [], "besoins": []}
    asked = unanswered(other)
    for name, model in (("propositions", Proposition), ("signalements", Signalement)):
        moved[name] = list(undecided(model, other).values_list("pk", flat=True))
        model.objects.filter(pk__in=moved[name]).update(initiative=kept)
    for envoi in asked:
        moved["envois"].append({"pk": envoi.pk, "avait": envoi.initiatives.filter(pk=kept.pk).exists()})
        envoi.initiatives.remove(other)
        envoi.initiatives.add(kept)
    # The other keeps its resources too: it has them should it be separated again.
    moved["ressources"] = list(other.ressources.exclude(pk__in=kept.ressources.all()).values_list("pk", flat=True))
    kept.ressources.add(*moved["ressources"])
    moved["besoins"] = list(exceptions(kept, other).values("besoin_id", "sens", "motif"))
    ExceptionBesoin.objects.bulk_create(ExceptionBesoin(initiative=kept, **row) for row in moved["besoins"])
    return moved


def lives_in(former: Initiative) -> Initiative | None:
    """The public fiche that a former one was merged into, through others if need be. A query for each further step."""
    row, seen = former, set()
    while row is not None and row.pk not in seen:
        seen.add(row.pk)
        if row.est_publique:
            return row
        row = row.fusionnee_dans
    return None


def kept_of(fiche: Initiative) -> Initiative:
    """The fiche that stays of one that was merged, itself where it was not. A query for each step."""
    seen = set()
    while fiche.fusionnee_dans_id and fiche.pk not in seen:
        seen.add(fiche.pk)
        fiche = fiche.fusionnee_dans
    return fiche


def set_aside(a: int, b: int, par) -> None:
    """Remembers that two fiches are not the same."""
    first, second = sorted((a, b))
    PaireEcartee.objects.get_or_create(premiere_id=first, seconde_id=second, defaults={"par": par})
