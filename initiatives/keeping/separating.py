"""Two fiches that were merged are two again: each takes back what it had, what cannot be given back is named."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import NatureVersion
from initiatives.models import Besoin, Envoi, ExceptionBesoin, FusionFiches, Initiative, Proposition, Signalement

from . import history, moderation, revisions, state
from .merging import answers_about, together, undecided

RECENT = timedelta(hours=1)


def mergers(fiche: Initiative) -> list[FusionFiches]:
    """The mergers that this fiche is in, and that are not undone: the last first. One query."""
    rows = FusionFiches.objects.filter(defaite_le=None).select_related("garde", "autre", "par")
    return list(rows.filter(garde=fiche) | rows.filter(autre=fiche))


def recent(user) -> list[FusionFiches]:
    """What this account merged in the last hour and may separate again. One query."""
    if not user.has_perm("initiatives.decider_initiative"):
        return []
    since = timezone.now() - RECENT
    rows = FusionFiches.objects.filter(par=user, defaite_le=None, faite_le__gt=since)
    return list(rows.select_related("garde", "autre"))


@transaction.atomic
def separate(fusion: FusionFiches, par) -> list[str]:
    """Makes two of them again. What somebody changed or settled since stays with the one that stayed, and is named in
    words. Raises ValidationError where it was undone already, or where a later merge must be undone first.
    """
    rows = history.locked(Initiative, [fusion.garde_id, fusion.autre_id])
    kept, other = rows[fusion.garde_id], rows[fusion.autre_id]
    fusion = FusionFiches.objects.get(pk=fusion.pk)
    if fusion.defaite_le:
        raise ValidationError(_("Cette fusion a déjà été défaite."))
    if kept.fusionnee_dans_id:
        said = _("« %(nom)s » a été fusionnée à son tour : défaites d'abord cette fusion-là.")
        raise ValidationError(said % {"nom": kept})
    later = FusionFiches.objects.filter(garde=kept, defaite_le=None, pk__gt=fusion.pk).select_related("autre").first()
    if later:
        said = _("« %(nom)s » a été fusionnée ici ensuite : défaites d'abord cette fusion-là.")
        raise ValidationError(said % {"nom": later.autre})
    moved, motif = fusion.deplace, str(_("Fusion défaite"))
    moderation.bring_back(other, {"statut": moved["statut"], "fusionnee_dans": None}, par, motif)
    with history.change(kept, NatureVersion.RESTAURATION, par, f"{motif} (n° {other.pk})", always=True) as fiche:
        left = fields_back(fiche, moved["champs"])
    if not revisions.carried_back(other, moved["revision"]):
        left.append(_("la modification qui attendait d'être relue"))
    left += contributions_back(kept, other, moved)
    left += campaigns_back(kept, other, moved["envois"])
    left += needs_back(kept, moved["besoins"])
    kept.ressources.remove(*moved["ressources"])
    fusion.defaite_le, fusion.defaite_par = timezone.now(), par
    fusion.save(update_fields=["defaite_le", "defaite_par"])
    return left


def fields_back(kept: Initiative, fields: dict) -> list[str]:
    """The fields as they were, those that say one thing together; of contacts, those that came go and those that went
    come back. What somebody changed since stays, and is named.
    """
    now, wanted, left = state.state_of(kept), {}, []
    for name, values in fields.items():
        if name == "contacts":
            came = [row for row in values["apres"] if row not in values["avant"]]
            gone = [row for row in values["avant"] if row not in values["apres"] and row not in now["contacts"]]
            wanted[name] = [*gone, *(row for row in now[name] if row not in came)]
            changed = any(row not in now[name] for row in came)
        else:
            group = [row for row in together(name) if row in fields]
            changed = any(now[row] != fields[row]["apres"] for row in group)
            if not changed:
                wanted[name] = values["avant"]
        if changed:
            left.append(state.label_of(Initiative, name))
    state.apply_state(kept, wanted, confirmed=True)  # what comes back was there before
    return left


def contributions_back(kept: Initiative, other: Initiative, moved: dict) -> list[str]:
    """What was sent about the other and nobody settled since. What was settled stays, and is named."""
    left = []
    for name, model in (("propositions", Proposition), ("signalements", Signalement)):
        undecided(model, kept).filter(pk__in=moved[name]).update(initiative=other)
        stayed = model.objects.filter(pk__in=moved[name]).exclude(initiative=other)
        left += [f"{model._meta.verbose_name} {row.pk}" for row in stayed.order_by("pk")]
    return left


def campaigns_back(kept: Initiative, other: Initiative, moved: list[dict]) -> list[str]:
    """The e-mails of campaigns ask about the other again, but those that were answered since."""
    left, rows = [], Envoi.objects.in_bulk([row["pk"] for row in moved])
    for row in moved:
        envoi = rows[row["pk"]]
        if answers_about(kept).filter(envoi=envoi).exists():
            left.append(str(envoi))
            continue
        envoi.initiatives.add(other)
        if not row["avait"]:
            envoi.initiatives.remove(kept)
    return left


def needs_back(kept: Initiative, moved: list[dict]) -> list[str]:
    """The needs decided by hand that came with the other go, but those that were decided again since."""
    left = []
    for row in moved:
        gone, _rows = ExceptionBesoin.objects.filter(initiative=kept, **row).delete()
        if not gone:
            left += [str(need) for need in Besoin.objects.filter(pk=row["besoin_id"])]
    return left
