"""Spanish words and idioms for when people meet, without accents. `lexicon_en` explains the signs."""

import re

from bot.cadence.parse import lexicon_en
from bot.cadence.parse.lexicon_en import CLOCKS, Sign, every_months, turns

WEEKDAYS = ("lunes", "martes", "miercoles", "jueves", "viernes", "sabado", "domingo")
MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio",
    "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre",
)  # fmt: skip
ORDINALS = ("primer", "segundo", "tercer", "cuarto", "quinto", "sexto", "septimo", "octavo", "noveno", "decimo")
COUNTS = ("un", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce")

SILENT = frozenset(
    (
        "el", "la", "los", "las", "lo", "nos", "nuestro", "nuestra", "nuestros", "reunimos", "reunion",
        "reuniones",
        "encontramos", "encuentro", "encuentros", "sesion", "sesiones", "llamada", "es", "son", "se", "hace", "sera",
        "por", "para", "favor", "solo", "solamente", "que", "sea", "punto", "hay", "tenemos", "quedamos",
    )
)  # fmt: skip


def _all(signs: str, words: str, number: int = 0) -> dict[str, list[Sign]]:
    return {word: [(sign, number) for sign in signs] for word in words.split()}


def _names(sign: str, names: tuple[str, ...], first: int, cut: int | None = None) -> dict[str, list[Sign]]:
    return {name[:cut]: [(sign, number)] for number, name in enumerate(names, start=first)}


WORDS: dict[str, list[Sign]] = {
    # English words that the bot itself puts into suggestions, and those that idioms are replaced with.
    **_names("D", lexicon_en.WEEKDAYS, 0),
    **_names("M", lexicon_en.MONTHS, 1),
    **{word: signs for word, signs in lexicon_en.WORDS.items() if signs[0][0] in "ckhm" or word == "penultimate"},
    **_names("D", WEEKDAYS, 0),
    **_names("D", WEEKDAYS, 0, 3),
    **_all("D", "sabados", 5),
    **_all("D", "domingos", 6),
    **_names("M", MONTHS, 1),
    # After the weekdays, so that "mar" is March: Tuesday must be written out.
    **_names("M", MONTHS, 1, 3),
    **_all("M", "sept set setiembre", 9),
    **_names("O", ORDINALS, 1),
    **_names("O", tuple(name + "s" for name in ORDINALS), 1),
    **_names("O", ("primero", "segunda", "tercero", "cuarta", "quinta"), 1),
    **_names("O", ("primeros", "segundas", "terceros", "cuartas", "quintas"), 1),
    **_all("O", "primera", 1),
    **_all("O", "tercera", 3),
    **_names("N", COUNTS, 1),
    **_all("N", "una", 1),
    **_all("N", "quince", 15),
    **_all("O", "ultimo ultima ultimos ultimas", -1),
    **_all("O", "penultimo penultima penultimos penultimas", -2),
    **_all("E", "cada todo toda todos todas"),
    **_all("A", "alterno alternos alterna alternas otro otra"),
    **_all("K", "semana semanas"),
    **_all("L", "mes meses"),
    **_all("Q", "trimestre trimestres"),
    **_all("B", "diahabil"),
    **_all("Z", "dia dias"),
    **_all("S", "estacional estacionalmente estacion estaciones"),
    **_all("&", "y e mas"),
    **_all("-", "a al"),
    **_all("-", "hasta terminando termina acabando acaba", 2),
    **_all("R", "despues", 1),
    **_all("R", "antes", -1),
    **_all("F", "desde"),
    **_all("F", "empezando comenzando iniciando empieza comienza partir", 1),
    **_all("i", "en durante"),
    **_all("H", "at"),
    **_all("o", "de del"),
    **_all("X", "excepto salvo menos exceptuando quitando sin no except"),
    **_all("W", "proximo proxima siguiente este esta ayer"),
    **_all("b", "bisemanal bimensual bisemanalmente bimensualmente"),
    **_all("EK", "semanal semanalmente"),
    **_all("EAK", "quincenal quincenalmente"),
    **_all("EL", "mensual mensualmente"),
    **every_months(2, "bimestral bimestralmente"),
    **_all("EQ", "trimestral trimestralmente"),
    **every_months(6, "semestral semestralmente"),
    **every_months(12, "anual anualmente"),
    **_all("EZ", "diario diariamente"),
    "entresemana": [("D", 0), ("-", 0), ("D", 4)],
    "finesdesemana": [("D", 5), ("-", 0), ("D", 6)],
}

_HOURS = "|".join(("una", *COUNTS[1:]))
_CLOCK = r"[0-9]{1,2}(?:[:.][0-9]{2})?"
_MONTH = rf"(?:{'|'.join(sorted({*MONTHS, *(month[:3] for month in MONTHS), 'sept', 'setiembre'}, reverse=True))})"
_DAY_OF_MONTH = rf"(?:[0-9]{{1,2}} (?:de )?)?{_MONTH}"
_NTH = r"(?:primer|segund|tercer|cuart|quint|ultim|penultim)[a-z]* "
_WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})s?\b"


_MINUTE_WORDS = {"cinco": 5, "diez": 10, "cuarto": 15, "veinte": 20, "veinticinco": 25}
_MINUTES = "(cinco|diez|veinticinco|veinte)"


def _to(found: re.Match[str]) -> str:
    return f"{(int(found[1]) - 2) % 12 + 1}:{60 - _MINUTE_WORDS[found[2]]}"


TURNS = turns(
    (
        (r"\b([ap])\. ?m\b\.?", r"\1m"),
        (rf"\b(las? )({_HOURS})\b(?! veces| semanas)", lambda found: f"{found[1]}{_count(found[2])}"),
        (r"([0-9]{1,2}) y media\b", r"\1:30"),
        (r"([0-9]{1,2}) y cuarto\b", r"\1:15"),
        (rf"([0-9]{{1,2}}) y {_MINUTES}\b", lambda found: f"{found[1]}:{_MINUTE_WORDS[found[2]]:02}"),
        (rf"([0-9]{{1,2}}) menos (cuarto|{_MINUTES[1:]}\b", _to),
        (rf"\b({_WEEKDAY}) (?:siguiente|posterior) (?:al? |del? )", r"\1 despues de "),
        (rf"\b({_WEEKDAY}) anterior (?:al? |del? )", r"\1 antes de "),
        (r"\b12 (?:del mediodia|de mediodia)\b", "noon"),
        (r"\b12 de la noche\b", "midnight"),
        (rf"({_CLOCK})(?: ?hs?| horas)? (?:de|por|en) la (?:manana|madrugada)\b", r"\1am"),
        (rf"({_CLOCK})(?: ?hs?| horas)? (?:de|por|en) la (?:tarde|noche)\b", r"\1pm"),
        (r"\bhoy\b", "today"),
        (r"\bmanana\b", "tomorrow"),
        (rf"\bmar[.,]{{0,2}} (?=[0-9]{{1,2}} (?:de )?(?:{'|'.join(month[:3] for month in MONTHS)}))", "martes "),
        (r"(?<=[0-9] )a (mediodia|medianoche)\b", r"- \1"),
        (r"\bal? (?=mediodia|medianoche)", "at "),
        (r"\bmediodia\b", "noon"),
        (r"\bmedianoche\b", "midnight"),
        (r"\b([0-9]{1,2})[:.]([0-9]{2}) ?(?:h|hs|hrs|horas)\b\.?", r"\1:\2"),
        (r"\b([0-9]{1,2})h([0-9]{2})\b", r"\1:\2"),
        (r"(?<=las )([0-9]{1,2}) ?(?:h|hs|hrs|horas)\b\.?", r"\1:00"),
        (r"(?<!de )(?<!por )(?<!durante )\b([0-9]{1,2}) ?hs?\b\.?", r"\1:00"),
        (rf"\b(?:de|desde|entre) las? ({_CLOCK} ?(?:[ap]m)?) ?(?:a|hasta|y)(?: las?)? (?=[0-9])", r"at \1 - "),
        (
            rf"\b(?:desde |de |entre )({_CLOCK} ?(?:[ap]m)?) (?:a|y|hasta)(?: las?)? ([0-9]{{1,2}})(?= {_MONTH}\b)",
            r"at \1 - \2:00",
        ),
        (
            rf"\b(?:desde |de |entre )({_CLOCK} ?(?:[ap]m)?) (?:a|y|hasta)(?: las?)? (?=[0-9]{{1,2}}\b(?! de ))",
            r"at \1 - ",
        ),
        (r"\b(?:a|sobre|desde) las? (?=[0-9])", "at "),
        (r"\b(?:hasta|a) las? (?=[0-9])", "- "),
        CLOCKS,
        (r"\b(?:(?:todos |cada )?(?:los |el )?)?fin(?:es)? de semana\b", "cada finesdesemana"),
        (
            r"\b(?:cada )?(?:los )?mes(?:es)? (impar|par)(?:es)?\b",
            lambda found: " y ".join(MONTHS[found[1] == "par" :: 2]),
        ),
        (rf"(?<=[a-z]) [ou] (?=(?:el )?[0-9]{{1,2}} de {_MONTH})", " y "),
        (r"\b(?:de|del) (?=(?:19|20|21)[0-9]{2}\b)", ""),
        (r"\bantepenultim", "xantepenultim"),
        (rf"\b(?:cada|todos|todas)? ?(?:los|las) (?={_NTH})", ""),
        (rf"\b(?:todos )?los (?={_WEEKDAY})|\btodos los (?=dias\b)", "cada "),
        (r"\btod[oa]s l[oa]s (?=semanas|meses|trimestres)", "cada "),
        (r"\bun[oa]? vez (?:al|por|a la|cada) (?=mes|semana|trimestre)", "cada "),
        (r"\b(?:una vez al|cada|todos los|por) anos?\b", "anual"),
        (r"\b(?:al|por) (?=mes|trimestre)", "cada "),
        (r"\b(?:cada|todos los) dias? (?:habil(?:es)?|laborables?)\b|\bentre semana\b", "entresemana"),
        (r"\bdias? (?:habil(?:es)?|laborables?|de trabajo)\b", "diahabil"),
        (r"\bcada (?:quince|15) dias\b|\bcada dos semanas\b|\b(?:cada )?semanas? (?:de )?por medio\b", "quincenal"),
        (r"\b(?:cada )?semanas? si y (?:otra|semana) no\b", "quincenal"),
        (rf"\b(?:(?:un|cada|los) )?({_WEEKDAY}) (?:si y otro no|(?:de )?por medio)\b", r"\1 alternos"),
        (r"\ba partir del? ", "partir "),
        (rf"\bentre (?:el )?({_DAY_OF_MONTH}) y (?:el )?(?={_DAY_OF_MONTH}\b)", r"\1 a "),
        # 2026-01-14T16:00
        (r"(?<=[0-9])t(?=[0-9])", " "),
    )
)


def _count(word: str) -> int:
    return 1 if word == "una" else COUNTS.index(word) + 1


CLOSED_WORD = re.compile(
    r"\b(?:feriados?|festivos?|fiestas?|vacaciones|receso|cierres?|cerrad[oa]s?|asuetos?|lectivos?)\b"
)
_IS = (
    r"(?: que)?(?: el dia)?(?: se)?(?: (?:es|sea|son|cae|caiga|coincide|coincida|toca|toque))?(?: (?:en|con))?(?: un)?"
)
_H = r"(?= (?:public|own)holiday)"
_THEN = (
    r"(?:\b(?:entonces|en (?:ese|tal|cuyo) caso|y|o|se|nos|pasa|mueve|traslada|reunimos|aplaza|hace|es|sera|seria|para"
    r"|a|en),? )*"
)
CLOSED = turns(
    (
        (
            r"\b(?:los |las )?(?:vacaciones|festivos|feriados|recesos?|asuetos?) "
            r"(?:escolar(?:es)?|del colegio|de la escuela)\b",
            "ownholiday",
        ),
        (r"\b(?:los |las )?dias? (?:no lectivos?|sin clases)\b", "ownholiday"),
        (r"\b(?:los |nuestros |un )?(?:dias? )?(?:de cierre|cerrados?)(?: nuestros?)?\b", "ownholiday"),
        (r"\b(?:las |los |nuestros )?(?:vacaciones|cierres?|receso)\b", "ownholiday"),
        (
            r"\b(?:los )?(?:dias? )?(?:feriados?|festivos?|asuetos?|de fiesta)"
            r"(?: (?:nacional(?:es)?|publicos?|oficial(?:es)?))?\b",
            "publicholiday",
        ),
        (r"(holiday) (?:o|ni|u) (?:en )?(?:un )?(?=(?:public|own)holiday)", r"\1 y "),
        (rf"\b(?:incluso|tambien|aunque|hasta|incluidos|incluyendo)(?: si| cuando)?{_IS}{_H}", "evenon"),
        (r"\b((?:public|own)holiday) (?:incluidos?|tambien)\b", r"evenon \1"),
        (r"\b(?:si|cuando) no(?: es| sea| cae en)?(?: un)?(?= (?:public|own)holiday)", "except"),
        (rf"\b(?:a menos que|a no ser que|(?:salvo|excepto|menos) (?:que|si|cuando)){_IS}{_H}", "unlessclosed"),
        (rf"\b(?:si|cuando|en caso de){_IS}{_H}", "ifclosed"),
        (
            rf"{_THEN}\b(?:(?:a )?la (?:semana )?(?:siguiente|proxima)(?: semana)?|la semana (?:despues|posterior)"
            r"|una semana (?:despues|mas tarde))\b",
            "weekafter",
        ),
        (
            rf"{_THEN}\b(?:(?:al?|el) )*(?:(?:siguiente|proximo) (?:diahabil|dia)"
            r"|(?:diahabil|dia) (?:siguiente|posterior)|(?:un )?dia despues)\b",
            "dayafter",
        ),
        (
            rf"{_THEN}\b(?:(?:al?|el) )*(?:(?:diahabil|dia) (?:anterior|previo)|(?:un )?dia antes|la vispera)\b",
            "daybefore",
        ),
        (
            rf"{_THEN}\b(?:no (?:hay|nos|tenemos|se)(?: (?:reunion|reunimos|sesion|encuentro|hace))?"
            r"|(?:se )?(?:cancela|suspende|omite|salta))\b",
            "skipit",
        ),
    )
)
