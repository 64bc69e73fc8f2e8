"""How the service goes, for the first screen: what runs by itself, the e-mails, the errors; and what needs somebody."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.core.enums import Tache
from initiatives.core.watching.state import Told, moment, tasks
from initiatives.models import Envoi, Panne
from initiatives.models.campagne import kinds

SHOWN = (Tache.SAUVEGARDE, Tache.EXERCICE, Tache.EFFACEMENT, Tache.ANNONCE)
WEEK = timedelta(days=7)
QUIET = timedelta(minutes=5)  # without a sign, whoever sends is not there
MOST = 200


@dataclass(frozen=True)
class Line:
    """`faire`: what somebody is to do about it; empty where all is well."""

    libelle: str
    dit: str
    faire: str = ""
    adresse: str = ""


def told_to_the_operator() -> str:
    return _("Dites-le à qui exploite le site.")


def service() -> tuple[list[Line], list[Panne]]:
    """What the first screen says, and the faults that nobody settled, the last first. Three queries."""
    known = {told.tache: told for told in tasks()}
    since = timezone.now() - WEEK
    faults = list(Panne.objects.filter(Q(reglee_le=None) | Q(derniere_le__gt=since))[:MOST])
    waiting = [fault for fault in faults if fault.reglee_le is None]
    seen = sum(fault.derniere_le > since for fault in faults)
    lines = [of_a_task(known[task]) for task in SHOWN if task != Tache.ANNONCE or known[task].besoin]
    return [*lines, *e_mails(known[Tache.COURRIELS], since), of_the_faults(seen, len(waiting))], waiting


def of_a_task(told: Told) -> Line:
    """When it last did what it should."""
    last = moment(told.succes.fini_le) if told.succes else _("jamais")
    return Line(str(told.tache.label), last, f"{told.phrase} {told_to_the_operator()}" if told.besoin else "")


def e_mails(sender: Told, since) -> list[Line]:
    """What became of the e-mails, and whether somebody sends them. One query."""
    known = kinds()
    counted = {name: Count("pk", filter=known[name]) for name in ("en_echec", "incertains", "a_envoyer")}
    row = Envoi.objects.filter(campagne__lancee_le__isnull=False).aggregate(
        derniere=Max("relance_le"),
        semaine=Count("pk", filter=Q(envoye_le__gt=since)) + Count("pk", filter=Q(relance_le__gt=since)),
        **counted,
    )
    campaigns = reverse("admin:initiatives_campagne_changelist")
    return [
        Line(_("Dernière relance"), moment(row["derniere"]) if row["derniere"] else _("jamais"), adresse=campaigns),
        Line(_("Courriels partis cette semaine"), str(row["semaine"]), adresse=campaigns),
        Line(
            _("Courriels en échec"),
            str(row["en_echec"]),
            _("Ouvrez la campagne : elle dit pourquoi, et permet de réessayer.") if row["en_echec"] else "",
            campaigns,
        ),
        Line(
            _("Courriels incertains"),
            str(row["incertains"]),
            _("Demandez à l'organisme s'il l'a reçu, puis dites-le dans la campagne.") if row["incertains"] else "",
            campaigns,
        ),
        of_the_sender(sender, row["a_envoyer"]),
    ]


def of_the_sender(sender: Told, waiting: int) -> Line:
    """Whether it lives: who has nothing to send may be away."""
    signs = [row.fini_le for row in (sender.succes, sender.echec) if row]
    last = max(signs, default=None)
    if last and timezone.now() - last < QUIET:
        return Line(_("L'envoi des courriels"), _("en marche"), of_a_task(sender).faire if sender.besoin else "")
    said = _("sans nouvelles depuis le %(quand)s") % {"quand": moment(last)} if last else _("jamais vu")
    sentence = ngettext(
        "%(nombre)s courriel attend et rien ne l'envoie.",
        "%(nombre)s courriels attendent et rien ne les envoie.",
        waiting,
    )
    todo = f"{sentence % {'nombre': waiting}} {told_to_the_operator()}" if waiting else ""
    return Line(_("L'envoi des courriels"), said, todo)


def of_the_faults(seen: int, waiting: int) -> Line:
    sentence = ngettext("%(nombre)s n'est pas réglée.", "%(nombre)s ne sont pas réglées.", waiting)
    todo = f"{sentence % {'nombre': waiting}} {told_to_the_operator()}" if waiting else ""
    return Line(_("Pannes du site cette semaine"), str(seen), todo)
