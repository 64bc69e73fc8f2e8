"""The guided search: one question a page, the answers in the address, then the list."""

from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.finding.facets import FacetValue, count_facets
from initiatives.finding.filters import InitiativeFilter
from initiatives.finding.guided import FORMER, FORMER_QUESTIONS, QUESTIONS, SEXES, GuidedForm
from initiatives.finding.selection import carried, given
from initiatives.finding.voices import voices

from .public import public_page

TITLES = {
    "besoin": gettext_lazy("De quoi avez-vous besoin?"),
    "age-et-sexe": gettext_lazy("Quel âge a la personne?"),
    "ou": gettext_lazy("Où?"),
}
WORDS = {"sexe": SEXES}
FIELDS = [*(field for fields in QUESTIONS.values() for field in fields), *FORMER]


@public_page
def guided_page(request):
    """The question after `apres`, the last one answered; the list when none is left.

    Five queries at most: version, help lines, town, and twice those chosen; counts and needs too without the index in
    the process.
    """
    form = GuidedForm(given(request))
    form.full_clean()
    questions = form.questions()
    answered = given(request).get("apres", "")
    answered = FORMER_QUESTIONS.get(answered, answered)
    position = questions.index(answered) + 1 if answered in questions else 0
    wrong = [name for name in questions[:position] if any(field in form.errors for field in QUESTIONS[name])]
    if position == len(questions) and not wrong:
        return HttpResponseRedirect(f"{reverse('initiatives')}?{list_query(form, request).urlencode()}")
    question = wrong[0] if wrong else questions[position]
    index = questions.index(question)
    previous = None
    if index:
        previous = answers(form, apres=questions[index - 2] if index > 1 else "").urlencode()
    context = {
        "question": question,
        "titre": TITLES[question],
        "rang": index + 1,
        "nombre": len(questions),
        "form": form,
        "erreurs": [(field, form.errors[field]) for field in QUESTIONS[question] if wrong and field in form.errors],
        "proche": close_place(form),
        **options(form, question, request.data_version),
        "cachees": [(name, value) for name, value in pairs(form) if name not in QUESTIONS[question]],
        "precedente": previous,
        "donnees": given_so_far(form, questions[:index]),
    }
    return render(request, "initiatives/trouver.html", context)


def given_so_far(form: GuidedForm, questions: list[str]) -> list[tuple[str, str]]:
    """What was answered before this question, in words, and the parameters that ask it again."""
    clean, before, found = form.cleaned_data, "", []
    for question in questions:
        if question == "besoin":
            said = [need.nom for need in clean.get("besoin", [])]
        else:
            age = form.data.get("age", "").strip() if clean.get("age") else ""
            said = [_("%(age)s ans") % {"age": age}] if age else []
            said += [str(SEXES[clean["sexe"]])] if clean.get("sexe") else []
        if said:
            found.append((" · ".join(said), answers(form, apres=before).urlencode()))
        before = question
    return found


def pairs(form: GuidedForm) -> list[tuple[str, str]]:
    """The answers as typed, each a pair."""
    return [(name, value) for name in FIELDS for value in form.data.getlist(name) if value]


def close_place(form: GuidedForm) -> tuple[str, str] | None:
    """The place that was probably meant, and the parameters that answer with it, to the end."""
    if not form.proche:
        return None
    query = answers(form, apres=form.questions()[-1])
    query["ville"] = form.proche
    return form.proche, query.urlencode()


def answers(form: GuidedForm, apres: str) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in pairs(form):
        query.appendlist(name, value)
    if apres:
        query["apres"] = apres
    return query


def list_query(form: GuidedForm, request=None) -> QueryDict:
    """The parameters of the list that the answers ask for; the town has become its region."""
    query, clean = QueryDict(mutable=True), form.cleaned_data
    query.setlist("besoin", [need.slug for need in clean.get("besoin", [])])
    for name in ("sexe", "region"):
        if value := clean.get(name):
            query[name] = value
    if "age-et-sexe" not in form.questions():
        query.pop("sexe", None)
    elif clean.get("age"):
        query["age"] = form.data["age"].strip()
    for name in FORMER:
        query.setlist(name, clean.get(name, []))
    for name, value in carried(given(request)) if request else []:
        query.appendlist(name, value)
    return query


def options(form: GuidedForm, question: str, version: int) -> dict:
    """The choices of a question in plain words, each with the fiches that it would leave, in this version of the data.
    Two queries, or none from the index in the process, and those of what is chosen."""
    filterset = InitiativeFilter(list_query(form), version)
    filterset.errors_found()
    counts = count_facets(filterset, porteurs=0)
    if question == "besoin":
        return {"voix": voices(counts)}
    found = {}
    for name in QUESTIONS[question]:
        if name not in counts.facettes or name == "age":
            continue
        values = {value.valeur: value for value in counts.facettes[name]}
        labels = WORDS.get(name, {code: value.libelle for code, value in values.items()})
        found[name] = {
            "nom": name,
            "unique": True,
            "valeurs": [FacetValue(code, labels[code], values[code].nombre, values[code].choisie) for code in labels],
            "vide": not form.data.get(name),
        }
    return {"facettes": found}
