"""The lexicon of a version, read from the database: what changed since the one before is made anew, nothing else."""

from django.contrib.postgres.aggregates import StringAgg
from django.db import connection
from django.db.models import Exists, Func, OuterRef, Q, Sum

from initiatives.models import Combinaison, EntreeThesaurus, Initiative, Localite, Mot, Organisme, Region, Sondage

from .collection import (
    LONGEST,
    SHORTEST,
    Entry,
    Lexicon,
    Name,
    Signed,
    Sources,
    Stems,
    Text,
    Title,
    Titles,
    initials_of,
    parts_of,
)
from .phrasing import lexemes_of
from .sentences import read_ear
from .words import each_word_once, plain, split_words, stem

MAX_ACRONYM_COUNT = 5  # a commoner word is a word, not an acronym
# What the tables that seldom change hold, each as a digest of its rows.
MARKS = """
SELECT
    (SELECT md5(string_agg(l::text, ' ' ORDER BY l.id)) FROM public.initiatives_localite l),
    (SELECT md5(string_agg(v::text, ' ' ORDER BY v.id)) FROM public.initiatives_region_voisines v),
    (SELECT md5(string_agg(t::text, ' ' ORDER BY t.id)) FROM public.initiatives_entreethesaurus t),
    (SELECT md5(string_agg(concat_ws(' ', e.texte, b.slug, b.urgence), ' ' ORDER BY e.id))
        FROM public.initiatives_expression e LEFT JOIN public.initiatives_besoin b ON b.id = e.besoin_id)
"""
MARKED = ("places", "neighbours", "thesaurus", "expressions")
APART = "\x1f"
ALONE = "abcdefghijklmnopqrstuvwxyzàâéèêîïôùûüç0123456789"  # too short for the words of a fiche


def read_lexicon(version: int, before: Lexicon | None = None) -> Lexicon:
    """The lexicon of this version, from the one before. Five queries, and one for each table that changed: places,
    borders, thesaurus, expressions, and new words as the vectors hold them."""
    with each_word_once():
        known, before = Lexicon(version), before or Lexicon()
        with connection.cursor() as cursor:
            cursor.execute(MARKS)
            known.sources.marks = dict(zip(MARKED, cursor.fetchone(), strict=True))
        read_counts(known)
        read_words(known, before.sources)
        read_places(known, before)
        read_thesaurus(known, before)
        read_names(known, before.sources)
        read_titles(known, before)
        known.ear = before.ear if is_the_same("expressions", known, before) else read_ear()
        read_lexemes(known, before)
        known.longest = max(len(key) for keys in (known.places, known.phrases, known.names) for key in [*keys, ()])
    return known


def is_the_same(table: str, known: Lexicon, before: Lexicon) -> bool:
    return before.sources.marks.get(table, "") == known.sources.marks[table]


def read_counts(known: Lexicon) -> None:
    """How many fiches there are, and how many have each value of two columns. One query."""
    rows = Combinaison.objects.values_list("sexe", "clienteles").annotate(Sum("nombre")).order_by()
    for sexe, clienteles, number in rows:
        known.fiches += number
        for column in [("sexe", sexe), *(("clientele", code) for code in clienteles)]:
            known.columns[column] = known.columns.get(column, 0) + number


def read_words(known: Lexicon, before: Sources) -> None:
    """One query."""
    spelt, words, counts = known.sources.spelt, known.words, known.stem_counts
    for word, count in Mot.objects.order_by("nombre", "mot").values_list("mot", "nombre"):
        said = before.spelt.get(word)
        if said is None:
            bare = plain(word)
            said = (bare, stem(word), stem(bare))
        spelt[word] = said
        bare, *both = said
        written, others = words.get(bare, (word, 0))
        # The commonest spelling stands for the others, with their fiches added up.
        words[bare] = (word if count >= others else written, others + count)
        for one in set(both):
            counts[one] = min(known.fiches, counts.get(one, 0) + count)


def read_places(known: Lexicon, before: Lexicon) -> None:
    """Places and borders. Two queries at most."""
    if is_the_same("places", known, before):
        known.places = before.places
    else:
        for nom, variantes, region in Localite.objects.values_list("nom", "variantes", "region_id"):
            for name in [nom, *variantes]:
                known.places[tuple(plain(word) for word in split_words(name))] = region
    for key in known.places:
        known.vocabulary.update(key)
    if is_the_same("neighbours", known, before):
        known.neighbours = before.neighbours
    else:
        for region, near in Region.voisines.through.objects.values_list("from_region", "to_region"):
            known.neighbours.setdefault(region, []).append(near)


def read_thesaurus(known: Lexicon, before: Lexicon) -> None:
    """Targets that no fiche holds are left out: they would find nothing and cost time. One query at most."""
    same, sources, read = is_the_same("thesaurus", known, before), known.sources, before.sources
    if same:
        sources.entries, sources.wordings = read.entries, read.wordings
    else:
        texts = {text.text: text for entry in read.entries for text in (*entry.termes, *entry.vers)}
        for termes, vers, both in EntreeThesaurus.objects.values_list("termes", "vers", "deux_sens"):
            read_both = [[texts.get(text) or Text.of(text) for text in column] for column in (termes, vers)]
            sources.entries.append(Entry(*read_both, both))
            sources.wordings.update(*(text.lower for texts in read_both for text in texts))
    sources.held = [
        [
            [text for text in texts if known.holds(text)]
            for texts in (entry.vers, entry.termes if entry.deux_sens else [])
        ]
        for entry in sources.entries
    ]
    if same and sources.held == read.held:
        known.phrases, sources.said = before.phrases, read.said
    else:
        for entry, (targets, others) in zip(sources.entries, sources.held, strict=True):
            for term in entry.termes:
                add(known.phrases, term, targets)
                sources.said.update(term.words)
            for target in targets if entry.deux_sens else []:
                add(known.phrases, target, [*others, *targets])
    known.vocabulary |= sources.said


def read_names(known: Lexicon, before: Sources) -> None:
    """Acronyms both ways: each spelling of a public organisation leads to the others. One query."""
    surveyed = Exists(Sondage.objects.publics().filter(organisme=OuterRef("pk")))
    carrying = Combinaison.objects.annotate(organisme=Func("porteurs_ids", function="unnest")).values("organisme")
    rows = Organisme.objects.filter(Q(pk__in=carrying) | surveyed)
    for nom, sigle, nom_court, variantes in rows.values_list("nom", "sigle", "nom_court", "variantes"):
        row = (nom, sigle, nom_court, *variantes)
        names = before.spellings.get(row)
        known.sources.spellings[row] = [Name.of(name) for name in row if name] if names is None else names
    for names in known.sources.spellings.values():
        held = [name for name in names if known.holds(name.text)]
        texts = [name.text for name in held]
        for name in held:
            add(known.names, name.text, texts)
            known.vocabulary.update(name.text.words)
            for signed in name.signed:
                read_in_one_word(known, signed)


def read_titles(known: Lexicon, before: Lexicon) -> None:
    """Titles, and their initials: « VIP » in a fiche is the « Volet intervention prostitution » of two titles. One
    query."""
    sources, read = known.sources, before.sources
    # As one value: ten thousand rows are slow to read. No title holds what a keyboard does not write.
    joined = StringAgg("titre", delimiter=APART, order_by="numero")
    titles = Initiative.objects.publiees().order_by().aggregate(titres=joined)["titres"] or ""
    sources.titles = titles_read(list(dict.fromkeys(titles.split(APART))), read.titles)
    known.titles = sources.titles.lines
    for signed in sources.titles.signed.values():
        read_in_one_word(known, signed)
    rare = {
        word
        for word, (_written, count) in known.words.items()
        if count <= MAX_ACRONYM_COUNT and SHORTEST <= len(word) <= LONGEST
    }
    for beginning in sorted({word[:SHORTEST] for word in rare} & sources.titles.by_initials.keys()):
        for title in sources.titles.by_initials[beginning]:
            read_acronyms(known, title, rare, read)


def titles_read(titles: list[str], before: Titles) -> Titles:
    """What these titles say. Those of before that are no longer there are let go."""
    if titles == list(before.read):
        return before
    made = Titles({title: before.read.get(title) or Title.of(title) for title in titles})
    made.lines = "\n".join([title.line for title in made.read.values()])
    for title, said in made.read.items():
        for one in said.signed:
            made.signed.setdefault(one[1].text, one)
        for beginning in dict.fromkeys(letters[:SHORTEST] for letters in said.initials):
            made.by_initials.setdefault(beginning, []).append(title)
    return made


def read_acronyms(known: Lexicon, title: str, rare: set[str], before: Sources) -> None:
    """The rare words that are the first letters of a part of a title."""
    for words in parts_of(title):
        for length in range(SHORTEST, len(words) + 1):
            acronym = initials_of(words[:length])
            if acronym in rare:
                said = (acronym, " ".join(words[:length]))
                short, long = (before.acronyms.get(text) or Text.of(text) for text in said)
                known.sources.acronyms |= {short.text: short, long.text: long}
                add(known.names, short, [long])


def read_in_one_word(known: Lexicon, signed: Signed) -> None:
    """A name with a sign inside is heard as one word, where no fiche holds that word."""
    heard, name = signed
    (word,) = heard.words
    if known.holds(name) and not (known.holds(heard) or word in known.words or word in known.vocabulary):
        add(known.names, heard, [name])


def read_lexemes(known: Lexicon, before: Lexicon) -> None:
    """Of every word of all this, as written and without accents; apart, of those of the expressions, which no fiche
    changes. One query where there are new ones, of either."""
    same = known.ear is before.ear
    known.expressed = before.expressed if same else lexemes_of(sorted(known.ear.words) if known.ear else [])
    words = {*known.sources.spelt, *known.words, *known.vocabulary, *known.sources.wordings, *ALONE}
    for names in known.sources.spellings.values():
        for name in names:
            words.update(name.text.lower)
    if words == before.lexemes.keys():
        known.lexemes = before.lexemes
        return
    new = lexemes_of([word for word in words if word not in before.lexemes])
    known.lexemes = {word: before.lexemes[word] if word in before.lexemes else new[word] for word in words}


def add(table: dict[Stems, list[str]], text: Text, others: list[Text]) -> None:
    key = text.key
    if key:
        kept = table.setdefault(key, [])
        kept += [other.text for other in others if other.key != key and other.text not in kept]
