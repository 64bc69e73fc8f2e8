"""What editors decide of the strategies of fiches: what waits for them, what they are proposed, and their decision."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.core.enums import ProvenanceClassement, Strategie
from initiatives.core.querysets import publique
from initiatives.models import Classement, Initiative


@dataclass(frozen=True)
class Choice:
    """One way to class a fiche, in one gesture. `code`: what is sent; the first of `strategies` is the main one."""

    code: str
    strategies: tuple[str, ...]
    confirme: bool

    @property
    def libelle(self) -> str:
        """« Agir sur l'offre, d'abord; renforcer le filet de sécurité »."""
        return in_words(self.strategies)


def in_words(strategies) -> str:
    """Strategies, the main one first."""
    labels = [str(Strategie(code).label) for code in strategies]
    if len(labels) < 2:
        return "".join(labels)
    others = "; ".join(label[:1].lower() + label[1:] for label in labels[1:])
    return _("%(principale)s, d'abord; %(autres)s") % {"principale": labels[0], "autres": others}


def main_first(strategies: list[str], strategie: str) -> tuple[str, ...]:
    return tuple(sorted(strategies, key=lambda code: code != strategie))


def doubtful() -> Q:
    """The fiches that nobody decided of, and that the rule alone classes by an absence: a new one whose clientele is
    not ticked yet would be said to act on demand."""
    ruled = [ProvenanceClassement.REGLE.value]
    return Q(classement=None, clienteles=[], strategie=Strategie.DEMANDE, provenances=ruled)


def waits() -> Q:
    """The public fiches of which editors are asked, and have not answered."""
    return publique() & (Q(classement__strategie="") | doubtful())


def waiting() -> list[Classement]:
    """The questions about them, by number. Two queries."""
    fiches = Initiative.objects.filter(waits()).select_related("classement").prefetch_related("citations")
    return [question_of(fiche) for fiche in fiches.order_by("pk")]


def question_of(fiche: Initiative) -> Classement:
    """What is asked about a fiche that waits; it is written when somebody answers."""
    known = getattr(fiche, "classement", None)
    return known or Classement(
        initiative=fiche, question=_("La règle ne le tient que d'une clientèle laissée vide : est-ce bien cela?")
    )


def choices(question: Classement) -> list[Choice]:
    """What may be answered in one gesture: what the rule says, and what is proposed in its place. No query."""
    fiche = question.initiative
    ruled = main_first(fiche.strategies, fiche.strategie)
    found = [Choice("regle", ruled, confirme=True)] if ruled else []
    if question.proposition and tuple(question.proposition) != ruled:
        found.append(Choice("proposition", tuple(question.proposition), confirme=False))
    return found


def hold(numero: int) -> None:
    """Holds a fiche and what is decided of it until the end of the transaction: the fiche first, as every writer."""
    Initiative.objects.select_for_update(no_key=True).filter(pk=numero).first()
    Classement.objects.select_for_update(no_key=True).filter(pk=numero).first()


@transaction.atomic
def answer(numero: int, code: str, par) -> Choice:
    """Answers a question in one of its ways. Raises ValidationError where it waits no more, or has no such answer."""
    hold(numero)
    fiche = Initiative.objects.filter(waits(), pk=numero).select_related("classement").first()
    if fiche is None:
        raise ValidationError(_("Quelqu'un a déjà répondu pour cette fiche, ou elle n'est plus publique."))
    question = question_of(fiche)
    choice = next((choice for choice in choices(question) if choice.code == code), None)
    if choice is None:
        raise ValidationError(_("Cette réponse n'est plus proposée : la règle ou la fiche a changé."))
    why = _("Confirmé : comme la règle.") if choice.confirme else _("Comme proposé : %(question)s")
    decide(question, choice.strategies, choice.strategies[0], why % {"question": question.question}, par)
    return choice


def decide(question: Classement, strategies, strategie: str, motif: str, par) -> None:
    """Writes a decision, and by whom. The database does the rest."""
    question.strategies = [code for code in Strategie.values if code in strategies]
    question.strategie, question.motif = strategie, motif[: Classement._meta.get_field("motif").max_length]
    question.par, question.le = par, timezone.now()
    question.save()
