"""What the database knows of how it goes, for Prometheus: asked in little time, and absent where it does not answer."""

from time import monotonic

from django.db import DatabaseError, InterfaceError, connection
from django.db.models import Count, Min, Q
from prometheus_client.core import GaugeMetricFamily

from initiatives.core.database.servers import Purpose, taken_for
from initiatives.core.enums import EtatContribution
from initiatives.core.limits import Limits, limited
from initiatives.models import Envoi, Execution, Panne, Proposition, Signalement, VersionDonnees
from initiatives.models.campagne import kinds
from repertoire.release import code_version

from . import standby

KEPT = 15  # seconds
LITTLE = Limits(1_000, 500)


def gauge(name: str, help_text: str, rows, labels=()) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"repertoire_{name}", help_text, labels=labels)
    for *values, number in rows:
        family.add_metric(values, number)
    return family


def e_mails() -> GaugeMetricFamily:
    wanted = ("a_envoyer", "partis", "en_echec", "incertains")
    counts = Envoi.objects.filter(campagne__lancee_le__isnull=False).aggregate(
        **{name: Count("pk", filter=condition) for name, condition in kinds().items() if name in wanted}
    )
    return gauge("courriels", "E-mails of campaigns, by what became of them", counts.items(), ["etat"])


def contributions() -> list[GaugeMetricFamily]:
    numbers, oldest = [], []
    for model in (Proposition, Signalement):
        row = model.objects.filter(etat=EtatContribution.RECUE).aggregate(n=Count("pk"), oldest=Min("recue_le"))
        name = model._meta.model_name
        numbers.append((name, row["n"]))
        oldest += [(name, row["oldest"].timestamp())] if row["oldest"] else []
    return [
        gauge("contributions_recues", "What was sent and waits for an editor", numbers, ["genre"]),
        gauge("contributions_depuis", "When the oldest that waits was sent (Unix time)", oldest, ["genre"]),
    ]


def runs() -> list[GaugeMetricFamily]:
    rows = list(Execution.objects.values_list("tache", "reussi", "fini_le", "duree_s"))
    ends = [(task, "oui" if succeeded else "non", end.timestamp()) for task, succeeded, end, _seconds in rows]
    took = [(task, seconds) for task, succeeded, _end, seconds in rows if succeeded and seconds is not None]
    return [
        gauge("execution_fin", "When a task last ended (Unix time)", ends, ["tache", "reussie"]),
        gauge("execution_secondes", "How long its last success took", took, ["tache"]),
    ]


def following() -> list[GaugeMetricFamily]:
    """Absent where nobody knows."""
    late = standby.behind()
    seconds = [] if late is None else [(late.total_seconds(),)]
    return [gauge("copie_en_retard_secondes", "For how long the copy that is read lacks the last change", seconds)]


def known() -> list[GaugeMetricFamily]:
    """Six queries. Raises what the database raises."""
    version = VersionDonnees.objects.get().numero
    faults = Panne.objects.aggregate(n=Count("pk", filter=Q(reglee_le=None)))["n"]
    return [
        gauge("version_des_donnees", "The version of the data", [(version,)]),
        gauge("pannes_ouvertes", "Errors of the site that nobody settled", [(faults,)]),
        e_mails(),
        *contributions(),
        *runs(),
    ]


class Known:
    """A collector: what it found is given again for a while."""

    def __init__(self):
        self.found, self.until = [], 0.0

    def collect(self) -> list[GaugeMetricFamily]:
        if monotonic() >= self.until:
            self.found = [gauge("version_du_code", "Always 1", [(code_version(), 1)], ["version"]), *asked()]
            self.until = monotonic() + KEPT
        return self.found


def asked() -> list[GaugeMetricFamily]:
    try:
        with limited(LITTLE), taken_for(Purpose.READ):
            found = known()
    except (DatabaseError, InterfaceError):
        found = []
    finally:
        if not connection.in_atomic_block:
            connection.close()
    found += following() if found else []
    return [gauge("base_repond", "Whether the database answers", [(bool(found),)]), *found]
