"""Spoken and text-message French written out as books write it, for the model that reads sentences.

« jsuis pu capable, y veut pas que jparte » becomes « je suis plus capable, il veut pas que je parte ».
"""

import re

from .common import accented, is_french, is_usual
from .words import plain

TOKENS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]")
# What is written as one word or by its sound, on phones in Québec. Facts of usage, gathered by hand.
SAID = {
    "asap": "le plus vite possible",
    "asteur": "maintenant",
    "av": "avec",
    "avk": "avec",
    "bcp": "beaucoup",
    "bf": "copain",
    "blonde": "copine",
    "bs": "aide sociale",
    "c": "c'est",
    "cad": "c'est-à-dire",
    "cell": "téléphone",
    "char": "voiture",
    "chu": "je suis",
    "chui": "je suis",
    "chum": "copain",
    "ck": "c'est que",
    "cki": "qui",
    "ckoi": "c'est quoi",
    "ckel": "quel",
    "cj": "centre jeunesse",
    "cmb": "combien",
    "cmt": "comment",
    "coke": "cocaïne",
    "cpas": "c'est pas",
    "crisser": "jeter",
    "crissé": "jeté",
    "cte": "cette",
    "dek": "dès que",
    "decrisser": "partir",
    "dla": "de la",
    "dle": "de le",
    "dm": "message privé",
    "ds": "dans",
    "dtf": "de toute façon",
    "ek": "avec",
    "entk": "en tout cas",
    "fb": "facebook",
    "fek": "alors",
    "flics": "police",
    "frette": "froid",
    "fuck": "merde",
    "fugue": "fugue",
    "gf": "copine",
    "gosses": "enfants",
    "icitte": "ici",
    "idk": "je sais pas",
    "insta": "instagram",
    "inter": "intervenante",
    "jen": "j'en",
    "jla": "je la",
    "jle": "je le",
    "jles": "je les",
    "jme": "je me",
    "jmen": "je m'en",
    "jms": "jamais",
    "jsai": "je sais",
    "jsé": "je sais",
    "jss": "je suis",
    "jta": "je t'ai",
    "jte": "je te",
    "jveu": "je veux",
    "jva": "je vais",
    "jvas": "je vais",
    "jy": "j'y",
    "kan": "quand",
    "kand": "quand",
    "ke": "que",
    "kel": "quel",
    "kelk": "quelque",
    "kelk1": "quelqu'un",
    "kelkun": "quelqu'un",
    "kelkn": "quelqu'un",
    "keske": "qu'est-ce que",
    "ki": "qui",
    "kil": "qu'il",
    "kilai": "qu'il est",
    "kin": "tiens",
    "kk1": "quelqu'un",
    "kkun": "quelqu'un",
    "kkchose": "quelque chose",
    "ko": "que",
    "koi": "quoi",
    "kon": "qu'on",
    "lgars": "le gars",
    "linge": "vêtements",
    "lol": "",
    "mdj": "maison des jeunes",
    "mdr": "",
    "mm": "même",
    "mnt": "maintenant",
    "moe": "moi",
    "moé": "moi",
    "msg": "message",
    "mtl": "montréal",
    "mtn": "maintenant",
    "nudes": "photos nues",
    "nude": "photo nue",
    "ojd": "aujourd'hui",
    "ouin": "oui",
    "p": "pas",
    "pantoute": "pas du tout",
    "pcq": "parce que",
    "pcke": "parce que",
    "pask": "parce que",
    "paske": "parce que",
    "pentoute": "pas du tout",
    "pi": "et",
    "pic": "photo",
    "pics": "photos",
    "pis": "et",
    "pk": "pourquoi",
    "pkoi": "pourquoi",
    "plq": "plus que",
    "pls": "s'il vous plaît",
    "poche": "mauvais",
    "pogné": "pris",
    "pogne": "attrape",
    "pognee": "prise",
    "pogner": "attraper",
    "pr": "pour",
    "prk": "pourquoi",
    "ptet": "peut-être",
    "ptit": "petit",
    "ptite": "petite",
    "ptits": "petits",
    "pu": "plus",
    "pus": "plus",
    "qd": "quand",
    "qq": "quelque",
    "qqch": "quelque chose",
    "qqn": "quelqu'un",
    "qqun": "quelqu'un",
    "ques": "qu'est-ce",
    "rdv": "rendez-vous",
    "rn": "maintenant",
    "sa": "ça",
    "ske": "ce que",
    "skon": "ce qu'on",
    "slm": "seulement",
    "snap": "snapchat",
    "srx": "sérieux",
    "stp": "s'il te plaît",
    "svp": "s'il vous plaît",
    "tanne": "fatigué",
    "tannee": "fatiguée",
    "tds": "travailleuse du sexe",
    "tdr": "travail de rue",
    "tjr": "toujours",
    "tjrs": "toujours",
    "tlm": "tout le monde",
    "tlj": "tous les jours",
    "tlt": "tout le temps",
    "toe": "toi",
    "toé": "toi",
    "ts": "travailleuse sociale",
    "tse": "tu sais",
    "tsais": "tu sais",
    "tsé": "tu sais",
    "tt": "tout",
    "tte": "toute",
    "tusuite": "tout de suite",
    "uber": "taxi",
    "vids": "vidéos",
    "vrm": "vraiment",
    "vrmt": "vraiment",
    "wknd": "fin de semaine",
    "y": "il",
    "ya": "il y a",
    "yva": "il va",
    "yveut": "il veut",
    "yont": "ils ont",
    "yma": "il m'a",
    "yme": "il me",
    "ymenace": "il menace",
}
PRONOUNS = {"j": "je", "y": "il"}  # glued to a verb: « jveux », « yfait »
ELIDED = ("qu", "l", "d", "m", "t", "s", "n", "j", "c", "k")
VOWELS = "aeiouyhéèêàâîôû"


def written_out(text: str) -> str:
    """The text as it would be written with care: words apart, accents, everyday abbreviations said in full. Words that
    it does not recognize stay as they are, English ones too. No query."""
    return " ".join(filter(None, (one_word(token) for token in TOKENS.findall(text.lower()))))


def is_spoken(text: str) -> bool:
    """Whether a text is written as it is said, or abbreviated: nothing in it is a mistake to correct."""
    return any(plain(one_word(token)) != plain(token) for token in TOKENS.findall(text.lower()))


def one_word(token: str) -> str:
    """A token, said in full."""
    if token in SAID:
        return SAID[token]
    if is_french(token) or "'" in token or "’" in token or not token.isalpha():
        return token
    if (whole := accented(token)) != token:
        return whole
    return unglued(token) or token


def unglued(token: str) -> str | None:
    """« lecole » is « l'école », « jpars » is « je pars »; None when it is neither."""
    for elided in ELIDED:
        rest = token.removeprefix(elided)
        if rest != token and len(rest) > 1 and plain(rest)[0] in VOWELS and is_usual(rest):
            return f"{'qu' if elided == 'k' else elided}'{accented(rest)}"
    for letter, pronoun in {**PRONOUNS, "d": "de", "m": "me", "t": "te", "l": "le", "s": "se"}.items():
        rest = token.removeprefix(letter)
        if rest != token and len(rest) > 2 and is_usual(rest):
            return f"{pronoun} {accented(rest)}"
    return None
