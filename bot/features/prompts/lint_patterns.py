"""What the lint of prompts knows of English and Spanish: the kinds of fault, and words that give one away."""

import re
from collections.abc import Mapping
from enum import Enum


class Kind(Enum):
    """What is wrong with a question. Of several faults, the first of these is the one to mend first."""

    IDENTITY = "points at one young person"
    PERSON = "asks about a person"
    TRIED = "advice in disguise: have you tried"
    SHOULD = "advice in disguise: should"
    LEADING = "advice in disguise: leading"
    OPENING = "too open to answer"
    TWICE = "two questions in one"
    NO_QUESTION = "no question mark at its end"
    COPY = "a copy"
    JARGON = "a word of the trade"
    CHEER = "presses for good cheer"
    YES_OR_NO = "can be answered yes or no"
    NO_MOMENT = "names no moment"
    TOO_LONG = "too long"


def _any(*alternatives: str, heeds_capitals: bool = False) -> re.Pattern[str]:
    """Match any of these as whole words."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)", 0 if heeds_capitals else re.IGNORECASE)


_CHILD = {
    "en": "student|child|kid|boy|girl|teen|teenager|camper|mentee|young person",
    "es": "estudiante|alumn[oa]|niñ[oa]|chic[oa]|muchach[oa]|chav[oa]|joven|adolescente|hij[oa]|participante",
}
_FAMILY = {"en": "mom|mother|dad|father|parent|family|brother|sister", "es": "mamá|madre|papá|padre|familia|herman[oa]"}
_PEOPLE = {
    "en": rf"(?:{_CHILD['en']}|mom|mother|dad|father|parent|colleague|volunteer)s?|children|famil(?:y|ies)|staff",
    "es": rf"(?:{_CHILD['es']}|colega|compañer[oa]|mamá|papá|madre|padre|familia|voluntari[oa])s?|jóvenes",
}
# A word with a capital. Those that often stand beside "students" are no name.
_NAME = (
    "(?!(?:I|English|Spanish|American|Black|Latin[oax]?|Muslim|Christian|Jewish|Native|January|February|March|April|May"
    "|June|July|August|September|October|November|December|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?\\b)"
    "[A-ZÁÉÍÓÚÑ][a-záéíóúñü]+"
)
_NUMBERS = (r"(?i:id|núm|número|no\.) ?#?\d+", r"#\d+", r"\d{5,}", r"\S+@\S+\.\w+")
_ASKING_ES = "qué|cómo|dónde|cuándo|cuál(?:es)?|cuánt[oa]s?|quién(?:es)?"
_AFTER_AND_EN = "you|it|they|that|this|we"

WORDS: Mapping[str, Mapping[Kind, re.Pattern[str]]] = {
    "en": {
        Kind.IDENTITY: _any(
            rf"(?:{_CHILD['en']}|son|daughter|{_FAMILY['en']})s?,? (?:named |called |of )?{_NAME}",
            rf"{_NAME}[’']s (?:{_FAMILY['en']}|parents|grades?|behavior)",
            rf"(?i:the only (?:\w+ )?(?:{_CHILD['en']})|the twins|IEPs?|diagnos[ie]s)",
            *_NUMBERS,
            heeds_capitals=True,
        ),
        Kind.PERSON: _any(
            "who|whom",
            rf"(?:which|what) (?:{_PEOPLE['en']})",
            rf"(?:the|that|a|one|your) (?:{_CHILD['en']}) (?:who|with|that)",
            "students?[’']s? names?",
        ),
        Kind.TRIED: _any("(?:have|had) you (?:ever )?(?:tried|considered|thought (?:of|about))"),
        Kind.SHOULD: _any("should|must|ought", "(?<!do )(?:you|we|they) (?:need|have) to"),
        Kind.LEADING: _any(
            "(?:do|would|could|is|are|should)(?:n[’']t| not) (?:you|it|we|they|this|that)",
            "what if (?:you|we)|how about|better to",
            "why (?:not|don[’']t|didn[’']t|aren[’']t)",
        ),
        Kind.OPENING: _any(
            "any (?:thoughts|ideas|feedback|comments|updates)|thoughts on",
            "how (?:do|did) you feel about|what do you think (?:of|about)",
            "^(?:tell us|share|describe|discuss)",
        ),
        Kind.JARGON: _any(
            r"stakeholders?|leverag\w+|synerg\w+|utili[sz]\w+|deliverables?|modalit\w+|pedagog\w+|rubrics?|fidelity",
            r"best practices?|capacity[- ]building|outcomes?|KPIs?|SEL|CQI|PDSA|scaffold\w*|differentiat\w+",
        ),
        Kind.CHEER: _any(r"amazing|awesome|incredibl[ey]|inspir\w+|grateful|blessed|proudest|wonderful"),
    },
    "es": {
        Kind.IDENTITY: _any(
            rf"(?:{_CHILD['es']}|{_FAMILY['es']})s?,? (?:llamad[oa] |de )?{_NAME}",
            rf"(?i:(?:el|la) únic[oa] (?:{_CHILD['es']})|l[oa]s (?:gemel|melliz)[oa]s|diagnóstico)",
            *_NUMBERS,
            heeds_capitals=True,
        ),
        Kind.PERSON: _any(
            "quién(?:es)?|¿(?:a )?quien(?:es)?",
            rf"(?:qué|cuál(?:es)? de (?:l[oa]s|tus|sus)) (?:{_PEOPLE['es']})",
            rf"(?:el|la|ese|esa|un|una|tu) (?:{_CHILD['es']}) (?:que|con|cuy[oa])",
            rf"nombres? de (?:un|una|l[oa]s?|algún|alguna|tus?) (?:{_PEOPLE['es']})",
        ),
        Kind.TRIED: _any("(?:has|han|habías) (?:probado|intentado|pensado en|considerado)"),
        Kind.SHOULD: _any(
            "deb(?:o|es|e|emos|en|erías?|eríamos|erían)|ha(?:y|bría) que|t(?:ienes|endrías|ienen) que",
        ),
        Kind.LEADING: _any(
            "no (?:crees|te parece|piensas|sería|convendría|es mejor)",
            "por qué no|y si|qué tal si|sería mejor|convendría|más vale",
        ),
        Kind.OPENING: _any(
            "alg(?:una|ún) (?:idea|opinión|reflexión|sugerencia|comentario|novedad)",
            "qué (?:opinas|piensas|te parece)|cómo te sientes (?:con|sobre|acerca|respecto)",
            "^(?:cuéntanos|comparte|describe|comenta)",
        ),
        Kind.JARGON: _any(
            r"actores clave|partes interesadas|sinerg\w+|apalanc\w+|entregables?|pedag[óo]g\w+|r[úu]bricas?",
            r"(?:buenas|mejores) prácticas|fortalec\w+ de capacidades|resultados esperados|indicador(?:es)?|KPIs?|PDSA",
            r"implement\w+|andamiaj\w+|empoder\w+|optimiz\w+",
        ),
        Kind.CHEER: _any(
            r"increíbles?|maravillos[oa]s?|inspir\w+|bendecid[oa]s?|sientes? agradecid[oa]|orgull\w+|espectacular\w*",
        ),
    },
}
MOMENT: Mapping[str, re.Pattern[str]] = {
    "en": _any(
        "last|latest|recent|recently|lately|past|next|today|tonight|yesterday|tomorrow|ago|so far|these days",
        "this (?:morning|afternoon|week|month|semester|spring|summer|fall|winter|season|year)",
    ),
    "es": _any(
        "últim[oa]s?|últimamente|reciente(?:s|mente)?|pasad[oa]s?|próxim[oa]s?|hoy|ayer|mañana|hace poco|que viene",
        "est[ea] (?:tarde|noche|semana|mes|semestre|verano|otoño|invierno|primavera|temporada|año)|estos días",
    ),
}
# The beginning of a second question, within the part that asks.
SECOND: Mapping[str, re.Pattern[str]] = {
    "en": _any(
        "(?:and|or|but),? (?:also )?(?:what|how|where|when|which|who|why)",
        rf"and (?:did|do|does|was|were|is|are|will|would|have|has|can) (?:{_AFTER_AND_EN})",
    ),
    "es": _any(
        rf"(?:y|e|o|u|pero),? (?:(?:a|de|en|con|por|para) )?(?:{_ASKING_ES})",
        "y (?:te |les? |nos )?(?:funcionó|resultó|sirvió|salió|ayudó|gustó)",
    ),
}
# What comes before the first question word, if a yes or a no is all that is asked for.
YES_OR_NO_EN = re.compile(
    r"(?:^|,\s+)(?:am|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might)\b",
    re.IGNORECASE,
)
ASKS_EN = _any("what|how|where|when|which|whose|why")
_PREPOSITIONS = "(?:(?:y|pero|a|de|del|en|con|por|para|desde|hasta|sobre|hacia|entre|durante) )*"
ASKS_ES = re.compile(rf"{_PREPOSITIONS}(?:{_ASKING_ES})\b", re.IGNORECASE)
# At the beginning of a question, people on phones leave out the accents.
ASKS_ES_FIRST = re.compile(
    rf"{_PREPOSITIONS}(?:{_ASKING_ES}|que|como|donde|cuando|cual(?:es)?|cuant[oa]s?|quien(?:es)?)\b", re.IGNORECASE
)
# Small words by which a question tells its language.
SMALL_WORDS: Mapping[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of in you your what how did do a an to for with that it is was or and when which",
        "es": "el la los las de del en que qué tu tus un una por para con se lo te cómo es al o y ¿",
    }.items()
}
