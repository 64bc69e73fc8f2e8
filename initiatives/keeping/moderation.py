"""Publish, archive, refuse: the only writer of the editorial status, with who and why."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from initiatives.core import enums
from initiatives.core.enums import NatureVersion, Statut
from initiatives.core.slugs import plain_slug, with_suffix
from initiatives.models import Initiative

from . import history

# What is decided of a fiche, and what undoing it brings back.
STANDING = ["statut", "publiee_le", "verifiee_le", "a_verifier_le"]
MOST_ALIKE = 1000  # fiches of one title, porteur, region and year


def publish(initiative: Initiative, par, motif: str) -> Initiative:
    """Makes a fiche public; its address is permanent from then on. Raises ValidationError."""
    return _decide(initiative, Statut.PUBLIEE, par, motif)


def archive(initiative: Initiative, par, motif: str) -> Initiative:
    """Takes a fiche out of the public pages without losing anything of it. Raises ValidationError."""
    return _decide(initiative, Statut.ARCHIVEE, par, motif)


def refuse(initiative: Initiative, par, motif: str) -> Initiative:
    """Refuses a draft. Raises ValidationError."""
    return _decide(initiative, Statut.REFUSEE, par, motif)


def submit(initiative: Initiative, par, motif: str = "") -> Initiative:
    """Hands a draft to who may publish it. Raises ValidationError."""
    return _decide(initiative, Statut.A_RELIRE, par, motif or _("Prête à relire"))


def send_back(initiative: Initiative, par, motif: str) -> Initiative:
    """Makes a draft again of what was handed in, or refused. Raises ValidationError."""
    return _decide(initiative, Statut.BROUILLON, par, motif)


def verify(initiative: Initiative, par, motif: str = "") -> Initiative:
    """Somebody says that the fiche holds true today: it is to be verified again in a year. A version in itself."""
    with history.change(initiative, NatureVersion.VERIFICATION, par, motif, always=True) as fiche:
        verified_today(fiche)
    return fiche


def verified_today(fiche: Initiative) -> None:
    fiche.verifiee_le = timezone.localdate()
    fiche.a_verifier_le = enums.a_year_after(fiche.verifiee_le)
    fiche.save(update_fields=["verifiee_le", "a_verifier_le"])


@dataclass(frozen=True)
class Step:
    """What an account may do next with a fiche. `motif`: whether it asks why."""

    code: str
    libelle: str
    decide: Callable[[Initiative, object, str], Initiative]
    motif: bool = True


def steps(initiative: Initiative, user) -> list[Step]:
    """What an account may do of the status of a fiche, the likeliest first."""
    if not user.has_perm("initiatives.decider_initiative"):
        drafted = initiative.statut == Statut.BROUILLON and user.has_perm("initiatives.change_initiative")
        return [Step("soumettre", _("Envoyer à la révision"), submit, motif=False)] if drafted else []
    publishes, refuses = Step("publier", _("Publier"), publish), Step("refuser", _("Refuser"), refuse)
    return {
        Statut.BROUILLON: [publishes, refuses],
        Statut.A_RELIRE: [publishes, Step("renvoyer", _("Renvoyer à la rédaction"), send_back), refuses],
        Statut.PUBLIEE: [Step("archiver", _("Archiver"), archive)],
        Statut.ARCHIVEE: [] if initiative.fusionnee_dans_id else [Step("publier", _("Publier de nouveau"), publish)],
        Statut.REFUSEE: [Step("renvoyer", _("En refaire un brouillon"), send_back)],
    }[Statut(initiative.statut)]


def why_not(fiche: Initiative, statut: Statut) -> str:
    """Why a fiche cannot take this status; nothing where it can."""
    if fiche.statut == statut:
        return _("Cette fiche a déjà ce statut.")
    if fiche.fusionnee_dans_id and statut == Statut.PUBLIEE:
        said = _("Cette fiche est fusionnée dans la fiche n° %(numero)s : défaites plutôt cette fusion.")
        return said % {"numero": fiche.fusionnee_dans_id}
    if fiche.publiee_le and statut not in (Statut.PUBLIEE, Statut.ARCHIVEE):
        return _("Une fiche déjà publiée s'archive; seul un brouillon se refuse.")
    if statut == Statut.A_RELIRE and fiche.statut != Statut.BROUILLON:
        return _("Seul un brouillon s'envoie à la révision.")
    return ""


def _decide(initiative: Initiative, statut: Statut, par, motif: str) -> Initiative:
    """Writes the status, the decision and the version together; what is allowed is read under the lock."""
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    with history.change(initiative, NatureVersion.DECISION, par, motif) as fiche:
        if refusal := why_not(fiche, statut):
            raise ValidationError(refusal)
        ancien, fiche.statut = fiche.statut, statut
        if statut == Statut.PUBLIEE:
            fiche.slug = fiche.slug or free_slug(fiche)
            fiche.publiee_le = fiche.publiee_le or timezone.now()
        fiche.save(update_fields=["statut", "slug", "publiee_le"])
        fiche.decisions.create(ancien_statut=ancien, nouveau_statut=statut, par=par, motif=motif.strip())
    return fiche


def standing(fiche: Initiative) -> dict:
    """What moderation may change of a fiche, as JSON keeps it exactly: a moment to the microsecond."""
    values = {name: getattr(fiche, Initiative._meta.get_field(name).attname) for name in STANDING}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def bring_back(fiche: Initiative, before: dict, par, motif: str = "") -> None:
    """Gives a fiche the standing that it had: a version, and a decision where the status changes. Its address stays."""
    motif = motif or str(_("Action annulée"))
    nature = NatureVersion.RESTAURATION if before["statut"] == fiche.statut else NatureVersion.DECISION
    with history.change(fiche, nature, par, motif, always=True) as row:
        now = row.statut
        for name, value in before.items():
            field = Initiative._meta.get_field(name)
            setattr(row, field.attname, field.to_python(value))
        row.save(update_fields=list(before))
        if row.statut != now:
            row.decisions.create(ancien_statut=now, nouveau_statut=row.statut, par=par, motif=motif)


def save_new(fiche: Initiative) -> None:
    """Saves a new fiche under a free address. Of two at once the second waits for the first, then takes another."""
    while True:
        fiche.slug = free_slug(fiche)
        try:
            with transaction.atomic():
                return fiche.save()
        except IntegrityError:
            if fiche.slug == free_slug(fiche):  # it was not the address
                raise


def free_slug(initiative: Initiative) -> str:
    """An address that no other fiche has: the title, then with the porteur, the region, the year; then numbered.

    The fiches of the report name the porteur in *all* the addresses of a repeated title; here the others' addresses
    are already permanent, so only the newcomer gives way. A query, two where it is numbered. An unsaved fiche needs its
    `porteurs`. Raises ValidationError.
    """
    base = plain_slug(initiative.titre) or "initiative"
    porteurs = initiative.porteurs
    parts = [porteurs[0].nom_bref if porteurs else "", initiative.region_id, str(initiative.annee or "")]
    named = [with_suffix(base, *parts[:depth]) for depth in range(4)]
    if slug := first_free(initiative, named):
        return slug
    # Made only where they are needed: a thousand addresses take longer than all the rest of a fiche.
    if slug := first_free(initiative, [with_suffix(base, *parts, str(number)) for number in range(2, MOST_ALIKE)]):
        return slug
    raise ValidationError(_("Trop de fiches portent ce titre."))


def first_free(initiative: Initiative, candidates: list[str]) -> str | None:
    """The first address that no other fiche has. One query."""
    taken = Initiative.objects.exclude(pk=initiative.pk).filter(slug__in=candidates)
    taken = set(taken.values_list("slug", flat=True))
    return next((slug for slug in candidates if slug not in taken), None)
