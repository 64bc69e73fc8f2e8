"""What the lines of a file would do, and everything that is wrong with them. Nothing is written."""

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from initiatives.core.cells import whole_number
from initiatives.core.enums import Statut
from initiatives.keeping import history, state
from initiatives.keeping.personal import made_public
from initiatives.models import Initiative, Version

from .columns import COLUMNS, FIELDS, NEEDS, VERSION, Problem, label_of
from .values import Known, in_words, value_of

# How much of two texts that meet is told.
TOLD = 200


@dataclass(frozen=True)
class Change:
    """What a line would do: create a draft (`numero` is None), or change a fiche as it was in version `rang`.

    `depuis`: what somebody else published since the file left, and which stays; None where the file does not say when
    it left.
    """

    ligne: int
    numero: int | None
    titre: str
    wanted: dict
    rang: int
    differences: list
    depuis: list[str] | None = None


@dataclass(frozen=True)
class There:
    """What the fiches of a file are now, by number, the ranks of what was seen of them, every address with its fiche,
    and what the fiches were in the versions that the file says: (number, version) → state.
    """

    fiches: dict
    states: dict
    ranks: dict
    slugs: dict
    before: dict

    @classmethod
    def of(cls, lines: list[tuple[int, dict]]):
        """Seven queries, whatever their number."""
        read = [[whole_number(row.get(name, "")) for name in ("numero", VERSION)] for _line, row in lines]
        numbers = {numero for numero, _version in read} - {None}
        fiches, states = Initiative.objects.in_bulk(list(numbers)), state.states_of(Initiative, numbers)
        slugs = dict(Initiative.objects.exclude(slug="").values_list("slug", "pk"))
        ranks = history.ranks_seen(states)
        old = {(numero, version) for numero, version in read if version and version < ranks.get(numero, 0)}
        rows = Version.objects.filter(initiative__in={pair[0] for pair in old}, rang__in={pair[1] for pair in old})
        before = {(numero, rang): etat for numero, rang, etat in rows.values_list("initiative_id", "rang", "etat")}
        return cls(fiches, states, ranks, slugs, before)

    def read(self, fiche: Initiative, version: int | None) -> dict | None:
        """What a fiche was in a version that the file says; None where there is none."""
        if version == self.ranks[fiche.pk]:
            return self.states[fiche.pk]
        return self.before.get((fiche.pk, version))


def check_lines(lines: list[tuple[int, dict]], formulas: Iterable[Problem] = ()) -> tuple[list[Change], list[Problem]]:
    """What the lines would change, and everything that is wrong with them, `formulas` too. Few queries a line."""
    changes, problems, seen, known, refused = [], [], {}, Known(), defaultdict(list)
    for problem in formulas:
        refused[problem.ligne].append(problem)
    there = There.of(lines)
    for number, row in lines:
        wrong = refused[number]
        row = {name: text for name, text in row.items() if name not in {problem.colonne for problem in wrong}}
        wanted, unread = read_line(number, row, known)
        fiche, strange = subject_of(number, row, there)
        wrong += unread + strange
        for name in ("numero", "slug"):
            text = row.get(name, "")
            if text and seen.setdefault((name, text), number) != number:
                wrong.append(Problem(number, name, _("Déjà à la ligne %(n)s.") % {"n": seen[name, text]}))
        change = None
        if "numero" not in {problem.colonne for problem in wrong}:
            change, more = compare(number, fiche, wanted, {problem.colonne for problem in wrong}, there)
            wrong += more
        if wrong:
            problems += wrong
        elif change:
            changes.append(change)
    return changes, problems


def read_line(number: int, row: dict, known: Known) -> tuple[dict, list[Problem]]:
    """The values of a line, and what cannot be read in it."""
    wanted, wrong = {}, []
    for name, text in row.items():
        try:
            if name != "numero":
                wanted[name] = value_of(name, text, known)
        except ValidationError as error:
            wrong.append(Problem(number, name, " ".join(error.messages)))
    return wanted, wrong


def subject_of(number: int, row: dict, there: There) -> tuple[Initiative | None, list[Problem]]:
    """The fiche that a line speaks of; None for a new one."""
    text = row.get("numero", "")
    if not text:
        return None, []
    fiche = there.fiches.get(whole_number(text))
    said = _("Aucune fiche n'a le numéro « %(numero)s ».") % {"numero": text[:20]}
    return (fiche, []) if fiche else (None, [Problem(number, "numero", said)])


def compare(
    number: int, fiche: Initiative | None, wanted: dict, unread: set[str], there: There
) -> tuple[Change | None, list[Problem]]:
    """The change that a line makes, None when it makes none, and why it is refused.

    `unread`: its wrong cells, of which nothing more is said; the others are checked all the same.
    """
    now = there.states[fiche.pk] if fiche else {"statut": Statut.BROUILLON, "slug": ""}
    needs, version = wanted.pop(NEEDS, None), wanted.pop(VERSION, None)
    wanted, since, met = since_then(number, fiche, wanted, version, there)
    wrong = met + not_by_spreadsheet(number, fiche, wanted, now, there.slugs)
    if needs and not since and (fiche is None or needs != sorted(fiche.besoins)):
        wrong.append(
            Problem(number, NEEDS, _("Les besoins viennent de leurs règles : ils se changent dans « Besoins »."))
        )
    slug = wanted.get("slug") or now["slug"]
    wanted = {name: value for name, value in wanted.items() if name not in ("statut", "slug")} | {"slug": slug}
    wanted = {name: value for name, value in wanted.items() if fiche is None or not same(now.get(name), value)}
    if not wanted:
        return None, wrong
    if "contacts" in wanted:
        wrong += somebody_s(number, now.get("contacts", []), wanted["contacts"])
    trial = copy(fiche) if fiche else Initiative()
    try:
        fill(trial, wanted)
        state.check(trial, (wanted if fiche else FIELDS).keys() - unread, unread)
    except ValidationError as error:
        wrong += [
            Problem(number, name if name in COLUMNS else "", " ".join(messages))
            for name, messages in error.message_dict.items()
            if name not in unread
        ]
    if wrong:
        return None, wrong
    rang = there.ranks[fiche.pk] if fiche else 0
    found = state.differences(Initiative, now, now | wanted) if fiche else []
    return Change(number, fiche and fiche.pk, trial.titre, wanted, rang, found, since), []


def since_then(
    number: int, fiche: Initiative | None, wanted: dict, version: int | None, there: There
) -> tuple[dict, list[str] | None, list[Problem]]:
    """What a line changes of what its file had read, what somebody else published since (None where the file does not
    say what it had read), and the cells that both changed.
    """
    if fiche is None or version is None:
        return wanted, None, []
    read, now = there.read(fiche, version), there.states[fiche.pk]
    if read is None:
        return {}, None, [Problem(number, VERSION, _("Cette fiche n'a pas de version %(n)s.") % {"n": version})]
    since = [name for name in now if name in read and not same(read[name], now[name])]
    changed = {name: value for name, value in wanted.items() if name not in read or not same(read[name], value)}
    known, met = Known(), []
    for name in since:
        if name in changed and not same(now[name], changed[name]):
            said = _(
                "Changé entre-temps : la fiche dit « %(fiche)s », le fichier « %(fichier)s ». Recopiez la fiche, ou "
                "corrigez-la dans l'atelier."
            )
            says = [in_words(name, value, known)[:TOLD] or "—" for value in (now[name], changed[name])]
            met.append(Problem(number, name, said % dict(zip(("fiche", "fichier"), says, strict=True))))
    return changed, [label_of(name) for name in since], met


def not_by_spreadsheet(number: int, fiche: Initiative | None, wanted: dict, now: dict, slugs: dict) -> list[Problem]:
    """What a line may not change: the status, and an address that is permanent or another fiche's."""
    found = []
    if wanted.get("statut", "") not in ("", now["statut"]):
        found.append(Problem(number, "statut", _("Le statut se change dans l'atelier, avec un motif.")))
    slug = wanted.get("slug") or now["slug"]
    if fiche and slug != now["slug"] and fiche.publiee_le:
        found.append(Problem(number, "slug", _("L'adresse d'une fiche publiée est permanente.")))
    elif slug and slugs.get(slug, fiche and fiche.pk) != (fiche and fiche.pk):
        found.append(Problem(number, "slug", _("Cette adresse est celle d'une autre fiche.")))
    return found


def somebody_s(number: int, before: list[dict], after: list[dict]) -> list[Problem]:
    """Why contacts that would become public are refused: they look like a person's own, and a file has no box to say
    that they are a service's.
    """
    if not (found := made_public(before, after)):
        return []
    sentence = _("On dirait la coordonnée d'une personne : %(valeurs)s. Pour un service, cochez-le dans la fiche.")
    return [Problem(number, "contacts", sentence % {"valeurs": ", ".join(found)})]


def same(before, after) -> bool:
    """Whether two values are one, however a spreadsheet ends its lines, and whatever space is around them."""
    if isinstance(before, list) and before and isinstance(before[0], dict):
        return sorted(before, key=str) == sorted(({name: row[name] for name in before[0]} for row in after), key=str)
    texts = isinstance(before, str) and isinstance(after, str)
    return before.replace("\r\n", "\n").strip() == after.replace("\r\n", "\n").strip() if texts else before == after


def fill(fiche: Initiative, values: dict) -> None:
    """Puts the values of a line into a fiche, unsaved. Raises ValidationError."""
    for name, value in values.items():
        if name in FIELDS and name != "statut":
            # The code of a region is its key: it was read from the closed list, and is not asked for again.
            known = not value or name == "region"
            setattr(fiche, FIELDS[name].attname, value if known else state.stored_value(FIELDS[name], value))
