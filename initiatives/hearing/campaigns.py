"""Verification campaigns: who is asked about which fiches and who is not, launched once, reminded once."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.core.enums import ChoixFiches, NatureContact
from initiatives.models import Campagne, Contact, Desabonnement, Envoi, Initiative, Organisme
from initiatives.models.campagne import ANSWERED, FAILED, silenced

from . import answering

REMINDER_DAYS = 21
CALL_DAYS = 14  # without an answer, before somebody telephones
NO_EMAIL, INVALID, SILENT, RECENT, ANSWERS, NOTHING_DUE = (
    *("sans-courriel", "invalide", "silence", "recent", "reponse", "rien"),
)
# Why an organisation is not written to, in the order of the page; the first two are called instead.
REASONS = {
    NO_EMAIL: gettext_lazy("Aucun courriel : à joindre par téléphone"),
    INVALID: gettext_lazy("Courriel mal écrit : à corriger, ou à joindre par téléphone"),
    SILENT: gettext_lazy("A demandé qu'on ne lui écrive plus"),
    RECENT: gettext_lazy("On lui a écrit il y a peu"),
    ANSWERS: gettext_lazy("Sa réponse attend d'être relue"),
    NOTHING_DUE: gettext_lazy("Rien à vérifier pour l'instant"),
}
CALLED = (NO_EMAIL, INVALID)
CHANGED = gettext_lazy("La liste a changé depuis que vous l'avez lue : relisez-la. Rien n'est parti.")


def due(choix: str = ChoixFiches.DUES, region: str | None = None):
    """The public fiches never verified, or whose date is past: both, or one of the two; of a region or of all."""
    late = Q(a_verifier_le__lt=timezone.localdate())
    rows = Initiative.objects.publiees().avec_relations().filter(Q(a_verifier_le=None) | late)
    if choix == ChoixFiches.JAMAIS:
        rows = rows.filter(verifiee_le=None)
    elif choix == ChoixFiches.PASSEES:
        rows = rows.filter(late)
    return rows.filter(region_id=region) if region else rows


def is_email(value: str) -> bool:
    """Whether an e-mail can be written to: those typed before contacts were checked may not be."""
    try:
        validate_email(value)
    except ValidationError:
        return False
    return True


def emails_of(organismes: Iterable[int]) -> dict[int, list[str]]:
    """The e-mails of organisations, those that can be written to or not, the first typed first. One query."""
    found = defaultdict(list)
    rows = Contact.objects.filter(organisme__in=organismes, nature=NatureContact.COURRIEL).order_by("pk")
    for pk, value in rows.values_list("organisme_id", "valeur"):
        found[pk].append(value)
    return found


@dataclass(frozen=True)
class Asked:
    """An organisation, its fiches to verify, where it would be written to, and what more there is to say of it."""

    organisme: Organisme
    fiches: list[Initiative] = field(default_factory=list)
    courriel: str = ""
    detail: str = ""


@dataclass
class Plan:
    """Who would be written to and who would not: reason → organisations."""

    written: list[Asked]
    left: dict[str, list[Asked]]
    orphans: list[Initiative]  # due, and carried by no organisation

    @property
    def called(self) -> list[Asked]:
        return [row for reason in CALLED for row in self.left[reason]]

    @property
    def mark(self) -> str:
        """What tells whether a plan is still the one that somebody read."""
        rows = [*self.written, *self.called]
        text = repr([(row.organisme.pk, row.courriel, sorted(fiche.pk for fiche in row.fiches)) for row in rows])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def plan(campagne: Campagne) -> Plan:
    """Who this campaign would ask, as things stand. Eight queries, whatever their number.

    What an organisation answered and nobody read yet is not asked again.
    """
    fiches, said, orphans, unread = defaultdict(list), defaultdict(list), [], answering.unread()
    for fiche in due(campagne.choix, campagne.region_id).order_by("titre"):
        for organisme in fiche.porteurs:
            (said if fiche.pk in unread.get(organisme.pk, ()) else fiches)[organisme].append(fiche)
        if not fiche.porteurs:
            orphans.append(fiche)
    silent = dict(Desabonnement.objects.values_list("organisme_id", "courriel"))
    addresses = set(silent.values()) - {""}
    recent, emails = written_lately(campagne), emails_of([row.pk for row in fiches])
    found = Plan([], {reason: [] for reason in REASONS}, orphans)
    for organisme in sorted(fiches, key=lambda row: row.nom):
        known = emails[organisme.pk]
        valid = next((value for value in known if is_email(value) and value.lower() not in addresses), "")
        if organisme.pk in silent:
            reason, row = SILENT, Asked(organisme, fiches[organisme])
        elif not valid and (quiet := [value for value in known if value.lower() in addresses]):
            reason, row = SILENT, Asked(organisme, fiches[organisme], detail=", ".join(quiet))
        elif organisme.pk in recent:
            reason, row = RECENT, Asked(organisme, fiches[organisme], detail=recent[organisme.pk])
        elif valid:
            found.written.append(Asked(organisme, fiches[organisme], valid))
            continue
        else:
            reason = INVALID if known else NO_EMAIL
            row = Asked(organisme, fiches[organisme], detail=", ".join(known))
        found.left[reason].append(row)
    rest = sorted(said.keys() - fiches.keys(), key=lambda row: row.nom)
    found.left[ANSWERS] = [Asked(row, said[row]) for row in rest]
    asked = fiches.keys() | said.keys()
    found.left[NOTHING_DUE] = [Asked(row) for row in carrying(campagne.region_id) if row not in asked]
    return found


def carrying(region: str | None):
    """The organisations that carry a public fiche, of a region or of all. One query."""
    fiches = Initiative.objects.publiees()
    fiches = fiches.filter(region_id=region) if region else fiches
    return Organisme.objects.filter(liens_porteurs__initiative__in=fiches).distinct().order_by("nom")


def written_lately(campagne: Campagne) -> dict[int, str]:
    """Who another campaign wrote to within the days of respite, or is about to: organisation → when. One query."""
    since = timezone.now() - timedelta(days=campagne.repit)
    rows = Envoi.objects.filter(campagne__lancee_le__isnull=False).exclude(campagne=campagne).exclude(courriel="")
    rows = rows.exclude(FAILED & Q(envoye_le=None)).exclude(ANSWERED & Q(envoye_le=None))
    rows = rows.filter(Q(envoye_le=None) | Q(envoye_le__gt=since) | Q(relance_le__gt=since))
    found = {}
    for envoi in rows.select_related("campagne"):
        last = envoi.relance_le or envoi.envoye_le
        when = date_format(timezone.localtime(last)) if last else _("pas encore parti")
        found[envoi.organisme_id] = f"{envoi.campagne}, {when}"
    return found


@transaction.atomic
def launch(campagne: Campagne, par, seen: str, without: set[int]) -> int:
    """Writes down who is written to, but for those left out, and who is to be called; e-mails leave from then on.

    `seen`: the mark of the plan that was read. Returns how many will be written to. Raises ValidationError.
    """
    # All campaigns: two launched at once could write to the same organisation.
    rows = {row.pk: row for row in Campagne.objects.select_for_update(of=("self",)).order_by("pk")}
    row = rows[campagne.pk]
    if row.lancee_le:
        raise ValidationError(_("Cette campagne est déjà lancée : rien n'est parti deux fois."))
    found = plan(row)
    if found.mark != seen:
        raise ValidationError(CHANGED)
    written = [one for one in found.written if one.organisme.pk not in without]
    called = [one for one in found.called if one.organisme.pk not in without]
    if not (written or called):
        raise ValidationError(_("Il n'y a personne à joindre."))
    if written and not settings.EMAIL_CONFIGURED:
        raise ValidationError(_("Aucun serveur de courriel n'est configuré : EMAIL_HOST (voir docs/operations.md)."))
    asked = {one.organisme.pk: one for one in [*written, *called]}
    envois = Envoi.objects.bulk_create(
        Envoi(campagne=row, organisme=one.organisme, courriel=one.courriel) for one in asked.values()
    )
    link = Envoi.initiatives.through
    link.objects.bulk_create(
        link(envoi=envoi, initiative=fiche) for envoi in envois for fiche in asked[envoi.organisme_id].fiches
    )
    row.lancee_le, row.lancee_par = timezone.now(), par
    row.save(update_fields=["lancee_le", "lancee_par"])
    return len(written)


def pause(campagne: Campagne, paused: bool) -> None:
    """Stops the e-mails that are left, or lets them leave again."""
    Campagne.objects.filter(pk=campagne.pk).update(en_pause=paused)


def to_remind(campagne: Campagne, days: int = REMINDER_DAYS):
    """Who was written to so many days ago, did not answer, and was not reminded: once and never more."""
    limit = timezone.now() - timedelta(days=days)
    waiting = campagne.envois.filter(envoye_le__lte=limit, relance_demandee_le=None, relance_le=None, tente_le=None)
    return waiting.exclude(ANSWERED).exclude(courriel="").exclude(silenced())


@transaction.atomic
def remind(campagne: Campagne, envois: set[int], days: int = REMINDER_DAYS) -> int:
    """Asks for the reminder of these e-mails, all or none; how many. Raises ValidationError."""
    if not envois:
        raise ValidationError(_("Il n'y a personne à relancer."))
    if not settings.EMAIL_CONFIGURED:
        raise ValidationError(_("Aucun serveur de courriel n'est configuré : EMAIL_HOST (voir docs/operations.md)."))
    Campagne.objects.select_for_update(of=("self",)).get(pk=campagne.pk)  # of two clicks, the second finds nobody
    rows = to_remind(campagne, days).filter(pk__in=envois)
    asked = rows.update(relance_demandee_le=timezone.now(), echec="", essais=0, pas_avant=None)
    if asked != len(envois):
        raise ValidationError(CHANGED)
    return asked


def to_call(campagne: Campagne):
    """Who is to be reached by telephone: without an e-mail, whose e-mail failed, or who did not answer in so many days.
    Never who asked not to be reached.
    """
    waiting = Q(courriel="") | FAILED | (Q(envoye_le__isnull=False) & ~lately())
    return campagne.envois.filter(waiting).exclude(ANSWERED).exclude(silenced())


def lately() -> Q:
    """What left, or was left again, too few days ago for its silence to say anything."""
    since = timezone.now() - timedelta(days=CALL_DAYS)
    return Q(envoye_le__gt=since) | Q(relance_le__isnull=False, relance_le__gt=since)


def may_answer_yet(campagne: Campagne) -> int:
    """How many were written to too few days ago to be called. One query."""
    return campagne.envois.filter(lately()).exclude(ANSWERED | FAILED | silenced()).count()


def in_words(number: int) -> str:
    return ngettext("%(n)s organisme", "%(n)s organismes", number) % {"n": number}


def unsubscribe(envoi: Envoi) -> None:
    """No more e-mail to the organisation, nor to the address that it was written at, whoever has it."""
    organisme = envoi.organisme.actuel
    row, made = Desabonnement.objects.get_or_create(organisme=organisme, defaults={"courriel": envoi.courriel})
    if not (made or row.courriel):
        row.courriel = envoi.courriel
        row.save(update_fields=["courriel"])


def refusals(envoi: Envoi):
    """What keeps the organisation of an e-mail from being written to at its address."""
    address = Q(courriel=envoi.courriel.lower()) & ~Q(courriel="")
    return Desabonnement.objects.filter(Q(organisme=envoi.organisme.actuel) | address)


def subscribe(envoi: Envoi) -> None:
    """Undoes `unsubscribe`."""
    refusals(envoi).delete()
