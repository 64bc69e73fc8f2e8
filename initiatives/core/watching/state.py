"""How it goes: which tasks need somebody, from what was noted of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from initiatives.core.enums import Tache
from initiatives.models import Execution

# After how long without a success a task is late. The others run when somebody wants them.
LATE = {
    Tache.SAUVEGARDE: timedelta(hours=26),
    Tache.EXERCICE: timedelta(days=35),
    Tache.EFFACEMENT: timedelta(hours=50),
}


@dataclass(frozen=True)
class Told:
    """A task as it was last noted. `besoin`: why it needs somebody, a code; empty where it does not."""

    tache: Tache
    succes: Execution | None
    echec: Execution | None
    besoin: str

    @property
    def phrase(self) -> str:
        """What is wrong with it, in a sentence."""
        name = str(self.tache.label)
        if self.besoin == "echec":
            said = f" ({self.echec.detail})" if self.echec.detail else ""
            return _("%(tache)s : a échoué le %(quand)s%(detail)s.") % {
                "tache": name,
                "quand": moment(self.echec.fini_le),
                "detail": said,
            }
        if self.besoin == "retard":
            quand = moment(self.succes.fini_le)
            return _("%(tache)s : en retard, la dernière fois le %(quand)s.") % {"tache": name, "quand": quand}
        return _("%(tache)s : jamais à ce jour.") % {"tache": name} if self.besoin else ""


def moment(when: datetime) -> str:
    return date_format(timezone.localtime(when), "Y-m-d H:i")


@cache
def site_began() -> datetime:
    """When the database of this site was made. One query, once a process."""
    return MigrationRecorder.Migration.objects.aggregate(began=Min("applied"))["began"]


def tasks(now: datetime | None = None) -> list[Told]:
    """Every task, in their order; what was never done is late once the site is older than that. One query, and another,
    once a process, where something that runs by itself never succeeded.
    """
    now = now or timezone.now()
    noted = {(row.tache, row.reussi): row for row in Execution.objects.all()}
    told = []
    for task in Tache:
        succes, echec = noted.get((task, True)), noted.get((task, False))
        need = ""
        if echec and not (succes and succes.fini_le >= echec.fini_le):
            need = "echec"
        elif task in LATE and abs(now - (succes.fini_le if succes else site_began())) > LATE[task]:
            need = "retard" if succes else "jamais"
        told.append(Told(task, succes, echec, need))
    return told
