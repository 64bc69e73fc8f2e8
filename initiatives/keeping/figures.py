"""The ministry's figures: what was verified, since when things wait, who answered, how complete the fiches are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from initiatives.core.enums import EtatContribution, IssueRevision, Regions, Statut
from initiatives.models import Campagne, Contact, Envoi, Initiative, Porteur, Proposition, Revision, Signalement
from initiatives.models.campagne import ANSWERED, silenced

SOON, YEAR = timedelta(days=30), timedelta(days=365)


@dataclass(frozen=True)
class Figure:
    """A number, and of how many where it is a part of something. `depuis`: days since the oldest, where it waits."""

    libelle: str
    nombre: int
    total: int | None = None
    depuis: int | None = None

    @property
    def part(self) -> int | None:
        """In per cent, whole; None of nothing."""
        return round(100 * self.nombre / self.total) if self.total else None


def reached() -> Q:
    """The fiches that the public can reach somebody by: theirs, or an organisation's."""
    known = Contact.objects.publics()
    theirs = Porteur.objects.filter(initiative=OuterRef("pk"), organisme__contacts__in=known)
    return Exists(known.filter(initiative=OuterRef("pk"))) | Exists(theirs)


# What makes a fiche complete: (what it is called, condition), in the order of the page.
COMPLETE = {
    "joignable": (lambda: _("une coordonnée publique"), reached),
    "annee": (lambda: _("une année"), lambda: Q(annee__isnull=False)),
    "types": (lambda: _("des types"), lambda: ~Q(types=[])),
    "ages": (lambda: _("un âge"), lambda: Q(tous_ages=True) | Q(age_min__isnull=False) | Q(age_max__isnull=False)),
    "objectifs": (lambda: _("des objectifs"), lambda: ~Q(objectifs=[])),
    "mois": (
        lambda: _("vérifiée ce mois-ci"),
        lambda: Q(verifiee_le__gte=timezone.localdate().replace(day=1)),
    ),
    "verifiee": (
        lambda: _("vérifiée depuis un an"),
        lambda: Q(verifiee_le__gt=timezone.localdate() - YEAR),
    ),
}


def verified() -> list[Figure]:
    """How many public fiches were verified, and when. One query."""
    today = timezone.localdate()
    asked = {
        _("Vérifiées ce mois-ci"): Q(verifiee_le__gte=today.replace(day=1)),
        _("Vérifiées depuis un an"): Q(verifiee_le__gt=today - YEAR),
        _("Jamais vérifiées"): Q(verifiee_le=None),
        _("Date de vérification passée"): Q(a_verifier_le__lt=today),
        _("À vérifier d'ici trente jours"): Q(a_verifier_le__range=(today, today + SOON)),
    }
    counts = {f"n{place}": Count("pk", filter=condition) for place, condition in enumerate(asked.values())}
    found = Initiative.objects.publiees().aggregate(total=Count("pk"), **counts)
    return [Figure(label, found[f"n{place}"], found["total"]) for place, label in enumerate(asked)]


def waiting() -> list[Figure]:
    """What waits for somebody's decision, and for how many days the oldest does. Four queries."""
    # The last time: what was sent back and handed in again waits since then.
    handed_in = Max("decisions__prise_le", filter=Q(decisions__nouveau_statut=Statut.A_RELIRE))
    handed_in = Initiative.objects.filter(statut=Statut.A_RELIRE).annotate(depuis=handed_in)
    queues = [
        (_("Propositions reçues"), Proposition.objects.filter(etat=EtatContribution.RECUE), "recue_le"),
        (_("Signalements reçus"), Signalement.objects.filter(etat=EtatContribution.RECUE), "recue_le"),
        (_("Modifiées, à relire"), Revision.objects.filter(issue=IssueRevision.EN_ATTENTE), "faite_le"),
        (_("Nouvelles, à relire"), handed_in, "depuis"),
    ]
    return [waiting_in(label, rows, moment) for label, rows, moment in queues]


def waiting_in(label: str, rows, moment: str) -> Figure:
    found = rows.aggregate(nombre=Count("pk"), premier=Min(moment))
    since = found["premier"] and (timezone.now() - found["premier"]).days
    return Figure(label, found["nombre"], depuis=since)


def answered() -> list[Figure]:
    """Of each campaign that was launched, the last first, how many of its organisations answered, by link or by
    telephone. One query.
    """
    rows = [row for row in Campagne.objects.comptees() if row.lancee_le]
    return [Figure(f"{row.nom}, {date_format(localtime(row.lancee_le))}", row.repondus, row.organismes) for row in rows]


def never_answered() -> list[dict]:
    """The organisations that were written to and never answered, by link or by telephone, in order: `organisme`, `nom`,
    `ecrits` (how many e-mails), `dernier` (when), `silences` (more than none where it asked for no more). One query.
    """
    sent = Count("pk", filter=Q(envoye_le__isnull=False)) + Count("pk", filter=Q(relance_le__isnull=False))
    rows = Envoi.objects.values("organisme", nom=F("organisme__nom")).annotate(
        ecrits=sent,
        dernier=Max(Greatest("envoye_le", "relance_le")),
        reponses=Count("pk", filter=ANSWERED),
        silences=Count("pk", filter=silenced()),
    )
    return list(rows.filter(ecrits__gt=0, reponses=0).order_by("nom", "organisme"))


def complete() -> list[tuple[str, int, list[Figure]]]:
    """(region, number of public fiches, what they have) of each region and of all of them, in order. One query."""
    counts = {code: Count("pk", filter=condition()) for code, (_label, condition) in COMPLETE.items()}
    rows = Initiative.objects.publiees().values("region").annotate(total=Count("pk"), **counts).order_by()
    found = {row["region"]: row for row in rows}
    nothing = dict.fromkeys([*COMPLETE, "total"], 0)
    lines = [(str(region.label), found.get(region.value, nothing)) for region in Regions]
    lines.append((_("Toutes les régions"), {name: sum(row[name] for row in found.values()) for name in nothing}))
    return [(name, row["total"], has(row)) for name, row in lines]


def has(row: dict) -> list[Figure]:
    return [Figure(label(), row[code], row["total"]) for code, (label, _condition) in COMPLETE.items()]


def as_rows() -> Iterator[tuple]:
    """All of it as a table: what it is about, of what, what is counted, how many, of how many, days of waiting."""
    yield _("rubrique"), _("objet"), _("mesure"), _("nombre"), _("sur"), _("jours d'attente du plus ancien")
    for rubrique, figures in (
        (_("Vérification"), verified()),
        (_("Attente"), waiting()),
        (_("Campagnes"), answered()),
    ):
        for row in figures:
            yield rubrique, "", row.libelle, row.nombre, row.total, row.depuis
    for region, _total, figures in complete():
        for row in figures:
            yield _("Complétude"), region, row.libelle, row.nombre, row.total, None
