"""Two organisations that are one: the one that stays, all that the other had, its address; and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import IssueRevision, NatureVersion
from initiatives.core.querysets import publique
from initiatives.models import (
    Contact,
    Desabonnement,
    Envoi,
    FusionOrganismes,
    Initiative,
    Organisme,
    PaireOrganismes,
    Porteur,
    Sondage,
)

from . import history, revisions, state
from .alike import reached_by
from .merging import Choice

# What points to an organisation, and what becomes of it when the organisation goes into another. « stays »: it tells
# what the other was, and is read there (tests/test_organisations.py finds the relation that is in neither).
FOLLOWS = {
    *("Porteur.organisme", "Initiative.organismes", "Contact.organisme", "Sondage.organisme", "Envoi.organisme"),
    *("Desabonnement.organisme", "Organisme.fait_partie_de", "Organisme.fusionne_dans"),
    *("PaireOrganismes.premier", "PaireOrganismes.second"),
}
STAYS = {"Version.organisme", "Revision.organisme", "FusionOrganismes.garde", "FusionOrganismes.autre"}
# What is chosen of two; the address stays, the spellings and the contacts are joined.
CHOSEN = ["nom", "sigle", "nom_court", "categorie", "region", "fait_partie_de", "note_interne"]
NAMES = ["nom", "sigle", "nom_court"]
# Empty says something: an organisation of the whole of Québec.
NEVER_EMPTY = {"region"}


def choices(kept: Organisme, other: Organisme) -> list[Choice]:
    """What the two say otherwise, and what stays by default: what is filled wins; two notes are joined."""
    one, two = state.state_of(kept), state.state_of(other)
    found = []
    for row in state.differences(Organisme, one, two):
        parents = [values["fait_partie_de"] for values in (one, two) if values["fait_partie_de"]]
        if row.champ == "fait_partie_de" and not all(allowed_parent(kept, other, slug) for slug in parents):
            continue  # it is no part of itself: there is nothing to choose
        if row.champ not in CHOSEN:
            continue
        both = row.champ == "note_interne" and bool(one[row.champ]) and bool(two[row.champ])
        default = "autre" if not row.avant and row.champ not in NEVER_EMPTY else "deux" if both else "gardee"
        words = [said or (_("Tout le Québec") if row.champ == "region" else "") for said in (row.avant, row.apres)]
        found.append(Choice(row.champ, row.libelle, *words, default, both))
    return found


def allowed_parent(kept: Organisme, other: Organisme, slug: str | None) -> bool:
    """Whether the one that stays may be part of this: neither of the two, nor of what is part of them. One query."""
    parent = Organisme.objects.filter(slug=slug).first() if slug else None
    pair = {kept.pk, other.pk}
    return parent is not None and parent.pk not in pair and parent.fait_partie_de_id not in pair


def spellings(kept: dict, other: dict, final: dict) -> list[str]:
    """Every name of both that is not one of the final names, each once, those of the one that stays first."""
    every = [*kept["variantes"], *(kept[name] for name in NAMES), *(other[name] for name in NAMES), *other["variantes"]]
    taken = {final[name] for name in NAMES}
    return [name for name in dict.fromkeys(every) if name and name not in taken]


@dataclass(frozen=True)
class Moving:
    """What will move, for the page that says it before."""

    fiches: list[Initiative]
    contacts: list[Contact]
    deja: list[Contact]  # the one that stays has them already
    graphies: list[str]
    envois: int
    sondages: int
    directions: list[Organisme]
    refus: bool  # the other asked not to be written to, the one that stays did not


def moving(kept: Organisme, other: Organisme) -> Moving:
    """What will move. Nine queries."""
    contacts = list(other.contacts.all())
    new = new_contacts(kept, contacts)
    one, two = state.state_of(kept), state.state_of(other)
    return Moving(
        fiches=list(carried(other)),
        contacts=new,
        deja=[row for row in contacts if row not in new],
        graphies=[name for name in spellings(one, two, one) if name not in one["variantes"]],
        envois=Envoi.objects.filter(organisme=other).count(),
        sondages=other.sondages.count(),
        directions=list(other.directions.exclude(pk=kept.pk)),
        refus=refused(other) and not refused(kept),
    )


def carried(*organismes: Organisme):
    """The fiches that they carry, of any status."""
    return Initiative.objects.filter(
        pk__in=Porteur.objects.filter(organisme__in=organismes).values("initiative")
    ).order_by("pk")


def with_number_of_fiches(rows):
    """Organisations with `fiches`, how many public ones each carries."""
    return rows.annotate(fiches=Count("liens_porteurs", filter=publique("liens_porteurs__initiative__")))


def kept_first(one: Organisme, other: Organisme) -> tuple[Organisme, Organisme]:
    """The two, the one that has more public fiches first, or was there before; of rows with their number of fiches."""
    return (other, one) if other.fiches > one.fiches else (one, other)


def new_contacts(kept: Organisme, contacts: Iterable[Contact]) -> list[Contact]:
    """Those that the one that stays does not have, however they are typed. One query."""
    known = {
        (row.nature, reached_by(row.nature, row.valeur) or row.valeur, row.precision) for row in kept.contacts.all()
    }
    return [
        row
        for row in contacts
        if (row.nature, reached_by(row.nature, row.valeur) or row.valeur, row.precision) not in known
    ]


def refused(organisme: Organisme) -> bool:
    return Desabonnement.objects.filter(organisme=organisme).exists()


def set_aside(a: int, b: int, par) -> None:
    """Remembers that two organisations are not the same."""
    first, second = sorted((a, b))
    if first != second:
        PaireOrganismes.objects.get_or_create(premier_id=first, second_id=second, defaults={"par": par})


def lock_organisations(kept: int, other: int) -> dict[int, Organisme]:
    """The two, those that are part of the other, and those merged into it before, locked in the order of their keys."""
    around = Organisme.objects.filter(fait_partie_de=other) | Organisme.objects.filter(fusionne_dans=other)
    rows = history.locked(Organisme, {kept, other, *around.values_list("pk", flat=True)})
    for row in rows.values():
        history.catch_up(row)
    return rows


def no_write_meanwhile() -> None:
    """Whoever gives something to an organisation waits for the end of this transaction, and reads what it wrote
    (migration 0002, MERGED). Taken after the locks of the rows, as they take it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('repertoire.fusion'))")


@transaction.atomic
def merge(
    kept: Organisme, other: Organisme, par, motif: str, taken: Iterable[str] = (), joined: Iterable[str] = ()
) -> FusionOrganismes:
    """Merges `other` into `kept`, which takes the values of these fields from it (of `joined`, those of both).

    All or nothing: what it carries, says and is reached by goes to the one that stays; its address leads there. Nothing
    is lost, and `separate` brings it back. Raises ValidationError, by field where it is about one.
    """
    if not motif.strip():
        raise ValidationError(_("Dites pourquoi."))
    if kept.pk == other.pk:
        raise ValidationError(_("Un organisme ne se fusionne pas avec lui-même."))
    # The organisations first, then their fiches: as whoever renames one does. Two merges never wait for each other.
    rows = lock_organisations(kept.pk, other.pk)
    kept, other = rows[kept.pk], rows[other.pk]
    if kept.fusionne_dans_id or other.fusionne_dans_id:
        raise ValidationError(_("L'un des deux est déjà fusionné."))
    if other.revisions.filter(issue=IssueRevision.EN_ATTENTE).exists():
        raise ValidationError(
            _("Des changements de « %(nom)s » attendent d'être relus : décidez-en d'abord.") % {"nom": other.nom}
        )
    one, two = state.state_of(kept), state.state_of(other)
    # Those of the one that stays too: the database indexes them anew when its names change.
    history.locked(Initiative, carried(kept, other).values_list("pk", flat=True))
    no_write_meanwhile()
    moved = Moves(kept, other, par, motif.strip())
    other.fusionne_dans = kept
    other.save(update_fields=["fusionne_dans"])
    moved.all()
    moved.names(one, two, set(taken), set(joined))
    said = f"{motif.strip()} ({two['nom']} → {one['nom']})"
    for row in (kept, other, *(row for pk, row in sorted(rows.items()) if pk not in (kept.pk, other.pk))):
        history.record(row, NatureVersion.FUSION, par, said, always=row == kept)
    return FusionOrganismes.objects.create(garde=kept, autre=other, par=par, motif=motif.strip(), deplace=moved.kept)


@dataclass
class Moves:
    """What goes from an organisation to the one that stays, step by step; `kept` is what the way back needs of it."""

    garde: Organisme
    autre: Organisme
    par: object
    motif: str
    kept: dict = field(default_factory=dict)

    def all(self) -> None:
        self.fiches()
        self.revisions()
        self.keys("contacts", Contact, new_contacts(self.garde, self.autre.contacts.all()))
        self.keys("sondages", Sondage, self.autre.sondages.all())
        self.envois()
        self.refusal()
        self.keys("directions", Organisme, self.autre.directions.exclude(pk=self.garde.pk), "fait_partie_de")
        self.keys("fusionnes", Organisme, self.autre.fusionnes.all(), "fusionne_dans")
        self.apart()

    def keys(self, name: str, model, rows, to: str = "organisme") -> None:
        """Rows that point to the organisation, and point to the other from now on."""
        self.kept[name] = [row.pk for row in rows]
        model.objects.filter(pk__in=self.kept[name]).update(**{to: self.garde})

    def fiches(self) -> None:
        """Its fiches, in the place that it had; a fiche that has both has the one that stays once, at the first place
        of the two. A version each."""
        self.kept["fiches"] = []
        for fiche in carried(self.autre):
            motif = f"{self.motif} ({self.autre.nom} → {self.garde.nom})"
            with history.change(fiche, NatureVersion.FUSION, self.par, motif) as row:
                before = state.state_of(row)["porteurs"]
                after = replaced(before, self.autre.slug, self.garde.slug)
                if len(after) == len(before):
                    row.liens_porteurs.filter(organisme=self.autre).update(organisme=self.garde)
                else:
                    state.set_porteurs(row, after)
            self.kept["fiches"].append({"numero": row.pk, "avant": before, "apres": after})

    def revisions(self) -> None:
        """What waits to be read again speaks of the one that stays."""
        self.kept["revisions"] = revisions.replace_porteur(self.autre.slug, self.garde.slug)

    def envois(self) -> None:
        """The e-mails of campaigns. Where the one that stays has its own of a campaign, the other's stays as the trace
        of what was sent: its link answers, and no more is sent of it. What was not asked yet is asked with its own.
        """
        theirs = Envoi.objects.filter(organisme=self.autre)
        own = {row.campagne_id: row for row in Envoi.objects.filter(organisme=self.garde)}
        self.keys("envois", Envoi, theirs.exclude(campagne__in=own))
        self.kept["demandes"] = []
        for envoi in theirs.filter(envoye_le=None, tente_le=None):
            twin = own[envoi.campagne_id]
            new = [row for row in envoi.initiatives.all() if not twin.initiatives.filter(pk=row.pk).exists()]
            twin.initiatives.add(*new)
            self.kept["demandes"].append({"envoi": twin.pk, "fiches": [row.pk for row in new]})

    def refusal(self) -> None:
        """Whoever was asked not to be written to under one name is not under the other."""
        both = refused(self.garde)
        self.keys("refus", Desabonnement, [] if both else Desabonnement.objects.filter(organisme=self.autre))

    def apart(self) -> None:
        """What was said not to be the other is not the one that stays either."""
        pairs = PaireOrganismes.objects
        for row in [*pairs.filter(premier=self.autre), *pairs.filter(second=self.autre)]:
            third = row.second_id if row.premier_id == self.autre.pk else row.premier_id
            set_aside(self.garde.pk, third, self.par)

    def names(self, one: dict, two: dict, taken: set[str], joined: set[str]) -> None:
        """The fields chosen, and every spelling of both."""
        final = {name: two[name] if name in taken else one[name] for name in CHOSEN}
        if "note_interne" in joined:
            final["note_interne"] = "\n\n".join(text for text in (one["note_interne"], two["note_interne"]) if text)
        if parent := final["fait_partie_de"]:
            possible = [slug for slug in (parent, one["fait_partie_de"], two["fait_partie_de"]) if slug]
            allowed = [slug for slug in possible if allowed_parent(self.garde, self.autre, slug)]
            final["fait_partie_de"] = next(iter(allowed), None)
        final["variantes"] = spellings(one, two, final)
        changed = {name: value for name, value in final.items() if value != one[name]}
        self.kept["champs"] = {name: {"avant": one[name], "apres": value} for name, value in changed.items()}
        state.apply_state(self.garde, changed)


def replaced(slugs: list[str], old: str, new: str) -> list[str]:
    """The same with one for the other, each once."""
    return list(dict.fromkeys(new if slug == old else slug for slug in slugs))


def mergers(organisme: Organisme) -> list[FusionOrganismes]:
    """The mergers into this one that may be undone, the last first. One query."""
    found = FusionOrganismes.objects.filter(garde=organisme, defaite_le=None, autre__fusionne_dans=organisme)
    return list(found.select_related("autre", "par"))


@transaction.atomic
def separate(fusion: FusionOrganismes, par) -> list[str]:
    """Makes two of them again: each takes back what it had. What somebody changed since stays with the one that stayed,
    and is named in words. Raises ValidationError where it was undone already, or is inside a later one.
    """
    rows = lock_organisations(fusion.autre_id, fusion.garde_id)
    kept, other = rows[fusion.garde_id], rows[fusion.autre_id]
    fusion = FusionOrganismes.objects.get(pk=fusion.pk)
    if fusion.defaite_le:
        raise ValidationError(_("Cette fusion a déjà été défaite."))
    if other.fusionne_dans_id != kept.pk:
        raise ValidationError(
            _("« %(nom)s » a été fusionné à son tour : défaites d'abord cette fusion-là.") % {"nom": kept.nom}
        )
    moved = fusion.deplace
    touched = {*carried(kept).values_list("pk", flat=True), *(row["numero"] for row in moved["fiches"])}
    history.locked(Initiative, touched)
    no_write_meanwhile()
    other.fusionne_dans = None
    other.save(update_fields=["fusionne_dans"])
    motif = str(_("Fusion défaite"))
    left = fiches_back(moved["fiches"], par, motif)
    for name, model, to in (
        ("contacts", Contact, "organisme"),
        ("sondages", Sondage, "organisme"),
        ("envois", Envoi, "organisme"),
        ("refus", Desabonnement, "organisme"),
        ("directions", Organisme, "fait_partie_de"),
        ("fusionnes", Organisme, "fusionne_dans"),
    ):
        model.objects.filter(pk__in=moved[name], **{to: kept}).update(**{to: other})
    for row in moved["demandes"]:
        for envoi in Envoi.objects.filter(pk=row["envoi"], envoye_le=None, tente_le=None):
            envoi.initiatives.remove(*row["fiches"])
    revisions.put_back(moved["revisions"])
    left += fields_back(kept, moved["champs"])
    for row in rows.values():
        history.record(row, NatureVersion.RESTAURATION, par, motif)
    fusion.defaite_le, fusion.defaite_par = timezone.now(), par
    fusion.save(update_fields=["defaite_le", "defaite_par"])
    return left


def fiches_back(moved: list[dict], par, motif: str) -> list[str]:
    """The porteurs of each fiche as they were; those that somebody changed since stay, and are named."""
    left, rows = [], Initiative.objects.in_bulk([row["numero"] for row in moved])
    for row in moved:
        with history.change(rows[row["numero"]], NatureVersion.RESTAURATION, par, motif) as fiche:
            if state.state_of(fiche)["porteurs"] == row["apres"]:
                state.set_porteurs(fiche, row["avant"])
            else:
                left.append(str(fiche))
    return left


def fields_back(kept: Organisme, fields: dict) -> list[str]:
    """The fields as they were; those that somebody changed since stay, and are named. Of the spellings, those that came
    with the other go."""
    now, wanted, left = state.state_of(kept), {}, []
    for name, values in fields.items():
        if name == "variantes":
            came = set(values["apres"]) - set(values["avant"])
            wanted[name] = [*values["avant"], *(text for text in now[name] if text not in {*came, *values["avant"]})]
        elif now[name] == values["apres"]:
            wanted[name] = values["avant"]
        else:
            left.append(state.label_of(Organisme, name))
    state.apply_state(kept, wanted)
    return left
