"""What a fiche says, in words: decided here, printed by the page, the card, the comparison and the documents.

Plain data in the language of the page; the fiche's own words keep theirs. What is missing is said here too, and « la
source » is spoken of only where there is one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from initiatives.core import enums
from initiatives.models import Contact, Initiative, Organisme, PointEntree, Source

from . import reaching, saying

# Signs that differ by shape, not by colour alone.
STADE_SIGNS = {"en-application": "●", "en-developpement": "◐", "en-suspens": "○"}

# What the source prints where it tells nothing: the same few phrases everywhere, said in the language of the page.
SET_PHRASES = {
    "non spécifié": gettext_lazy("Non spécifié"),
    "ne s'applique pas": gettext_lazy("Ne s'applique pas"),
    "non applicable": gettext_lazy("Non applicable"),
    "s.o.": gettext_lazy("Sans objet"),
    "à venir": gettext_lazy("À venir"),
}


# Who says that a fiche is of a strategy.
SAYS = {
    "rapport": gettext_lazy("selon le rapport"),
    "regle": gettext_lazy("selon notre règle"),
    "edition": gettext_lazy("selon l'équipe du répertoire"),
}


@dataclass(frozen=True)
class Part:
    """A stretch of words. `lang`: the language of the fiche's own words; empty where they are in the page's.

    `link` leads out of the site, `page` is the name and the key of one of its pages; `cite` marks the title of a work.
    """

    text: str
    lang: str = ""
    strong: bool = False
    cite: bool = False
    link: str = ""
    page: tuple[str, str] | None = None


Line = list[Part]


@dataclass(frozen=True)
class Row:
    """Lines under a label."""

    label: str
    lines: list[Line]


@dataclass(frozen=True)
class Stade:
    """The stade: its sign, its label, and in brackets what was printed where that says more."""

    code: str
    sign: str
    label: str
    mention: Line


@dataclass(frozen=True)
class Brief:
    """What a card says besides the title."""

    stade: Stade
    verified: str
    region: str
    carried_by: Line
    facts: list[Row]


@dataclass(frozen=True)
class Near:
    """A fiche named beside another."""

    slug: str
    title: Part
    region: str
    stade: Stade


@dataclass(frozen=True)
class Reach:
    """How somebody is reached: that no contact is known, else an empty text; whom, and how; and what to say to them."""

    absence: str
    rows: list[Row]
    say: Row


@dataclass(frozen=True)
class Fiche:
    """All that a fiche says, in order."""

    title: Part
    summary: str
    region: Part
    number: str
    stade: Stade
    verified: str
    notice: str
    essential: list[Row]
    description: list[Line]
    objectives: list[Line]
    details: list[Row]
    reach: Reach
    provenance: list[Line]
    corrections: Row


def fiche(initiative: Initiative, partners: list[tuple[str, str]] | None = None) -> Fiche:
    """What a fiche fetched with `entieres()` says. No query, its porteurs and how they are reached being known.

    `partners`: the text of its partners cut into (words, slug of the organisation that they name or an empty text).
    """
    return Fiche(
        title=Part(initiative.titre, initiative.langue),
        summary=(summary(initiative) or Part(initiative.titre)).text,
        region=region(initiative),
        number=_("Initiative n° %(n)s") % {"n": initiative.numero},
        stade=stade(initiative),
        verified=checked(initiative),
        notice=notice(initiative),
        essential=[
            Row(_("Pour qui"), accepted(initiative)),
            Row(_("Où"), where(initiative)),
            Row(_("Qui l'offre"), carried_by(initiative)),
            Row(_("Sorte d'aide"), kind_of_help(initiative)),
        ],
        description=description(initiative),
        objectives=objectives(initiative),
        details=details(initiative, partners or [(initiative.partenaires, "")]),
        reach=reach(initiative),
        provenance=[
            line
            for line in (origin(initiative), licence(initiative), freshness(initiative), strategies(initiative))
            if line
        ],
        corrections=Row(_("Corrections de la conversion du document"), corrections(initiative)),
    )


def brief(initiative: Initiative) -> Brief:
    """What a card says of a fiche fetched with `avec_relations()`. No query."""
    porteurs = [Part(organisme.nom) for organisme in initiative.porteurs]
    carriers = porteurs or printed_porteur(initiative) or [Part(_("Porteur non précisé"))]
    named = (youths(initiative), others(initiative))
    return Brief(
        stade=stade(initiative),
        verified=year_verified(initiative),
        region=initiative.region_nom,
        carried_by=joined([[part] for part in carriers]),
        facts=[
            Row(_("Accepte"), [line for line in named if line] or accepted(initiative)),
            Row(_("Aide"), [joined(kind_of_help(initiative), ", ")]),
        ],
    )


def year_verified(initiative: Initiative) -> str:
    """When a fiche was last verified, or what year its facts are of, in two words."""
    if initiative.verifiee_le:
        return _("vérifiée en %(annee)s") % {"annee": initiative.verifiee_le.year}
    if initiative.source and initiative.source.collecte_fin:
        return _("en %(annee)s") % {"annee": initiative.source.collecte_fin.year}
    return _("jamais vérifiée")


def summary(initiative: Initiative) -> Part | None:
    """What tells a fiche in a few words: its description, else its first objective, else nothing."""
    if initiative.description:
        return Part(initiative.description, initiative.langue)
    lang = initiative.langue_objectifs or initiative.langue
    return Part(initiative.objectifs[0], lang) if initiative.objectifs else None


def joined(lines: Iterable[Line], separator: str = " · ") -> Line:
    """Several lines as one."""
    found: Line = []
    for line in lines:
        found += [Part(separator), *line] if found and line else line
    return found


def lines_of(words: str, lang: str = "") -> list[Line]:
    """Each line of a text that may have several; empty ones are left out."""
    return [[Part(line, lang)] for line in words.splitlines() if line.strip()]


def page_language() -> str:
    """The language of the page, as fiches write theirs."""
    return "en" if get_language() == "en" else "fr"


def printed(words: str, lang: str) -> list[Line]:
    """Words of a fiche as printed, a line each; a set phrase of another language is said in the page's."""
    said = SET_PHRASES.get(words.strip().casefold())
    if said and lang != page_language():
        return [[Part(str(said))]]
    return lines_of(words, lang)


def labels(enum: type, codes: Iterable[str]) -> str:
    """Their labels, separated by commas; `get_…_display` would go through every choice for each."""
    language = get_language()
    return ", ".join([label(enum, code, language) for code in codes if code])


@cache
def label(enum: type, code: str, _language: str) -> str:
    """The label of a code in the language that is active."""
    return str(enum(code).label)


def colon() -> str:
    """Between a label and its words; French puts a space before it."""
    return _(" : ")


def in_words(day) -> str:
    """A day in the language of the page, its month in full."""
    if get_language() == "en":
        return date_format(day, "F j, Y")
    return date_format(day, "j F Y" if day.day > 1 else r"1\e\r F Y")


def stade(initiative: Initiative) -> Stade:
    said: Line = []
    if initiative.stade_mention:
        said = [Part("« "), Part(initiative.stade_mention, initiative.langue), Part(" »")]
        said = [Part(_("dans la source :") + " "), *said] if initiative.source else said
    return Stade(initiative.stade, STADE_SIGNS[initiative.stade], labels(enums.Stade, [initiative.stade]), said)


def stades() -> list[Stade]:
    """The three stades, for a legend."""
    return [Stade(code, STADE_SIGNS[code], str(label), []) for code, label in enums.Stade.choices]


def near(row: dict) -> Near:
    """What is said of a fiche beside another, of a row of `proches()`."""
    stade = enums.Stade(row["stade"])
    title, region = Part(row["titre"], row["langue"]), str(enums.Regions(row["region_id"]).label)
    return Near(row["slug"], title, region, Stade(stade.value, STADE_SIGNS[stade], str(stade.label), []))


def notice(initiative: Initiative) -> str:
    """That a fiche stays in French on an English page."""
    if get_language() != "en" or initiative.langue != "fr":
        return ""
    if initiative.source:
        return _("Cette fiche est rédigée en français, la langue de sa source.")
    return _("Cette fiche est rédigée en français.")


def region(initiative: Initiative) -> Part:
    return Part(initiative.region_nom, page=("region", initiative.region_id))


def accepted(initiative: Initiative) -> list[Line]:
    """Every clientele, the youths first; then the words printed, where they say more than the labels."""
    said = [youths(initiative)]
    if said[0] and initiative.implications:
        implications = labels(enums.Implication, initiative.implications).lower()
        said.append([Part("{} {}".format(_("Implication :"), implications))])
    named, mention = others(initiative), initiative.autre_clientele_mention
    with override("fr-ca"):  # what is printed is compared with the labels of the report
        same = labels(enums.Clientele, other_codes(initiative)).casefold()
    if mention.casefold().strip(" .") != same:
        said += [named, [Part(mention, initiative.langue)] if mention else []]
    else:
        said.append(named)
    said = [line for line in said if line]
    nobody = _("Clientèle non précisée dans la source") if initiative.source else _("Clientèle non précisée")
    return said or [[Part(nobody)]]


def youths(initiative: Initiative) -> Line:
    """« Jeunes : 12 à 17 ans, filles », or nothing when they are not accepted."""
    if "jeunes" not in initiative.clienteles:
        return []
    sexe = sexe_of_youths(initiative)
    return [
        Part(_("Jeunes"), strong=True),
        Part(colon()),
        *(age(initiative) or [Part(_("âge non précisé"))]),
        *([Part(f", {sexe}")] if sexe else []),
    ]


def other_codes(initiative: Initiative) -> list[str]:
    return [code for code in initiative.clienteles if code != "jeunes"]


def others(initiative: Initiative) -> Line:
    """The clienteles besides the youths, by their labels."""
    named = labels(enums.Clientele, other_codes(initiative))
    return [Part(named, strong=True)] if named else []


def age(initiative: Initiative) -> Line:
    """The ages accepted: as printed, else in figures, else nothing.

    In another language than the fiche's, in figures first, and the words printed only where they say more.
    """
    mention, said = printed(initiative.age_mention, initiative.langue), ages(initiative)
    if not mention or not said:
        return mention[0] if mention else [Part(said)] if said else []
    if initiative.langue == page_language():
        return mention[0]
    with override(initiative.langue if initiative.langue == "en" else "fr-ca"):
        same = ages(initiative).casefold() == initiative.age_mention.casefold().strip(" .")
    return [Part(said)] if same else [Part(f"{said} ("), *mention[0], Part(")")]


def ages(initiative: Initiative) -> str:
    """The ages accepted in figures, in the language of the page; empty where none is known."""
    low, high = initiative.age_min, initiative.age_max
    if initiative.tous_ages:
        return _("tous les âges")
    if low is None and high is None:
        return ""
    if low is None:
        return _("%(age)s ans et moins") % {"age": high}
    if high is None:
        return _("%(age)s ans et plus") % {"age": low}
    return _("%(low)s à %(high)s ans") % {"low": low, "high": high}


def sexe_of_youths(initiative: Initiative) -> str:
    adult = (initiative.age_min or 0) >= 18
    match initiative.sexe:
        case "tous":
            return _("tous les sexes")
        case "feminin":
            return _("femmes") if adult else _("filles")
        case "masculin":
            return _("hommes") if adult else _("garçons")
        case "autre":
            return _("sexe : autre")
        case _:
            return ""


def where(initiative: Initiative) -> list[Line]:
    return [[region(initiative)], *lines_of(labels(enums.Lieu, [initiative.lieu]))]


def printed_porteur(initiative: Initiative) -> Line:
    """The porteur as printed or typed; nothing where nobody is named."""
    return [Part(initiative.porteur_mention, initiative.langue)] if initiative.porteur_mention else []


def carried_by(initiative: Initiative) -> list[Line]:
    """The organisations, each on its line; while none is linked, the porteur as printed or typed."""
    if initiative.porteurs:
        return [[Part(str(organisme), page=("organisme", organisme.slug))] for organisme in initiative.porteurs]
    nobody = _("Non précisé dans la source") if initiative.source else _("Non précisé")
    return [printed_porteur(initiative) or [Part(nobody)]]


def kind_of_help(initiative: Initiative) -> list[Line]:
    if not initiative.types_connus and initiative.source:
        said = _("Type inconnu : la source a perdu les cases cochées")
    else:
        said = labels(enums.Type, initiative.types) or _("Non précisée")
    modalite = labels(enums.Modalite, [initiative.modalite]) if initiative.modalite != "sans-objet" else ""
    return [*lines_of(said), *lines_of(modalite)]


def description(initiative: Initiative) -> list[Line]:
    nothing = _("La source ne donne pas de description.") if initiative.source else _("Pas de description.")
    return lines_of(initiative.description, initiative.langue) or lines_of(nothing)


def objectives(initiative: Initiative) -> list[Line]:
    lang = initiative.langue_objectifs or initiative.langue
    return [[Part(objectif, lang)] for objectif in initiative.objectifs] or lines_of(_("Non précisés"))


def year(initiative: Initiative) -> list[Line]:
    return lines_of(str(initiative.annee)) if initiative.annee else printed(initiative.annee_mention, initiative.langue)


def precise(label: str, mention: str, lang: str) -> list[Line]:
    """« Autre : Éducation sexuelle »: a label, and the words that make it precise; either may be missing."""
    parts = [*([Part(label)] if label else []), *([Part(mention, lang)] if mention else [])]
    return [joined([[part] for part in parts], colon())] if parts else []


def details(initiative: Initiative, partners: list[tuple[str, str]]) -> list[Row]:
    """What a fiche says in practice. The first four are always asked; the others are shown when something is said."""
    lang = initiative.langue
    asked = [
        (_("Fréquence"), printed(initiative.frequence, lang)),
        (_("Année de création"), year(initiative)),
        (_("Sujet principal"), precise(labels(enums.Cible, [initiative.cible]), initiative.cible_mention, lang)),
        (_("Avec qui"), partner_lines(initiative, partners)),
    ]
    told = [
        (
            _("Financement"),
            precise(labels(enums.Financement, [initiative.financement]), initiative.financement_source, lang),
        ),
        (_("Niveau de risque"), lines_of(labels(enums.NiveauRisque, initiative.niveaux_risque))),
        (_("Composantes essentielles"), lines_of(initiative.composantes, lang)),
        (_("Pour en savoir plus"), lines_of(initiative.pour_en_savoir_plus, lang)),
    ]
    missing = ", ".join(label[:1].lower() + label[1:] for label, lines in asked if not lines)
    return [
        *(Row(label, lines) for label, lines in asked + told if lines),
        *([Row(_("Non précisé"), lines_of(missing))] if missing else []),
    ]


def partner_lines(initiative: Initiative, partners: list[tuple[str, str]]) -> list[Line]:
    """The partners as printed, line by line, those of the directory leading to their page."""
    lines: list[Line] = [[]]
    for words, slug in partners:
        for rank, piece in enumerate(words.split("\n")):
            if rank:
                lines.append([])
            if piece.strip() or lines[-1]:
                page = ("organisme", slug) if slug else None
                lines[-1].append(Part(piece.strip("\r"), initiative.langue, page=page))
    lines = [line for line in lines if line]
    if initiative.partenaires_tronques:
        cut = _("liste tronquée dans la source") if initiative.source else _("liste incomplète")
        lines = [*lines[:-1], [*lines[-1], Part(f" ({cut})")]] if lines else [[Part(cut)]]
    return lines


def reach(subject: Initiative | Organisme) -> Reach:
    """How a fiche or an organisation is reached, nearest first, and whom to call to be put in touch. No query, for what
    was fetched with `joignables()`, or a fiche with `entieres()` whose porteurs were.
    """
    chain = reaching.chain(subject)
    rows = [Row(called(holder), contacts(holder.contacts)) for holder in chain.holders]
    if chain.entry_points:
        points = [line for point in chain.entry_points for line in entry_point(point)]
        rows.append(Row(_("Qui peut vous mettre en lien"), points))
    sentence, title = saying.to_say(subject, chain), saying.short_title(subject)
    before, found, after = sentence.partition(title) if title else (sentence, "", "")
    parts = [Part(before), Part(found, getattr(subject, "langue", "")), Part(after)]
    return Reach(
        absence="" if chain.holders else _("Aucun numéro ni adresse n'est connu, et le répertoire n'en invente pas."),
        rows=rows,
        say=Row(_("Quoi dire"), [[part for part in parts if part.text]]),
    )


def called(holder: reaching.Holder) -> str:
    """Whose contacts these are."""
    if holder.role == "parent":
        names = {"parent": holder.organisme, "organisme": holder.part.nom_bref}
        return _("%(parent)s, dont fait partie %(organisme)s") % names
    return str(holder.organisme) if holder.organisme else _("L'initiative")


def entry_point(point: PointEntree) -> list[Line]:
    return [[Part(point.telephone, strong=True, link=point.href), Part(f" {point.nom}")], *lines_of(point.note)]


def contacts(rows: Iterable[Contact]) -> list[Line]:
    """The public ways to reach somebody."""
    return [
        [
            Part(contact.get_nature_display(), strong=True),
            Part(" "),
            Part(contact.valeur, link=contact.href),
            *([Part(f" ({contact.precision})")] if contact.precision else []),
        ]
        for contact in rows
    ]


def collected(source: Source) -> str:
    """When a source's facts were gathered."""
    months = {"debut": date_format(source.collecte_debut, "F Y"), "fin": date_format(source.collecte_fin, "F Y")}
    return _("Faits recueillis de %(debut)s à %(fin)s.") % months


def origin(initiative: Initiative) -> Line:
    """The document that the facts come from, cited as its licence asks; else how the fiche came here."""
    source = initiative.source
    if source is None:
        if initiative.proposee:
            return [Part(_("Proposée par le formulaire public, puis relue par l'équipe du répertoire."))]
        return [Part(_("Inscrite par l'équipe du répertoire."))]
    after = [f"{source.annee}" if source.annee else "", f"ISBN {source.isbn}" if source.isbn else ""]
    if initiative.fiche_du_rapport:
        after.append(_("fiche %(n)s") % {"n": initiative.fiche_du_rapport})
    after = "".join(f", {words}" for words in after if words)
    return [Part(f"{source.auteur}, "), Part(source.titre, "fr", cite=True), Part(f"{after}.")]


def licence(initiative: Initiative) -> Line:
    """What a document other than the report allows, in its own words; the foot of the page says it of the report."""
    source = initiative.source
    return [Part(source.reproduction, "fr")] if source and not initiative.fiche_du_rapport else []


def freshness(initiative: Initiative) -> Line:
    """When the facts were gathered, or written down here; when they were checked, and changed here."""
    source, gathered = initiative.source, ""
    if source is None:
        gathered = _("Inscrite ici le %(jour)s.") % {"jour": in_words(localdate(initiative.creee_le))}
    elif source.collecte_debut:
        gathered = collected(source)
    parts = [Part(gathered), Part(checked(initiative), strong=True), Part(last_change(initiative))]
    return joined([[part] for part in parts if part.text], " ")


def checked(initiative: Initiative) -> str:
    """When a fiche was last verified."""
    if initiative.verifiee_le:
        return _("Vérifiée le %(jour)s.") % {"jour": in_words(initiative.verifiee_le)}
    return _("Jamais vérifiée depuis.")


def last_change(initiative: Initiative) -> str:
    """When what the fiche tells was changed here."""
    if initiative.modifiee_le:
        return _("Modifiée ici le %(jour)s.") % {"jour": in_words(localdate(initiative.modifiee_le))}
    return _("Jamais modifiée ici.")


def strategies(initiative: Initiative) -> Line:
    """The strategies of the report that a fiche is of, the main one first, and who says so; nothing for none."""
    language, said = get_language(), []
    told = zip(initiative.strategies, initiative.provenances, strict=True)
    for code, who in sorted(told, key=lambda one: one[0] != initiative.strategie):
        name = label(enums.Strategie, code, language)
        said.append(f"{name[:1].lower()}{name[1:]} ({SAYS[who]})")
    return [Part(_("Stratégie : %(quoi)s.") % {"quoi": "; ".join(said)})] if said else []


def corrections(initiative: Initiative) -> list[Line]:
    """What was repaired of the document's conversion, and why."""
    rows = initiative.corrections_faites
    return [[Part(f"« {row['avant']} » → « {row['apres']} » : {row['motif']}", "fr")] for row in rows]
