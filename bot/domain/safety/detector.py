"""Find details of minors in what a person is about to send: names, ids, birth dates, addresses, small groups.

Rules over words, in English and Spanish, without a list of names: a name is known by the words beside it ("my student
Marisol", "Mateo’s mom"). So it finds names of any culture, and misses one that stands alone. It errs both ways, and
only ever asks: the author decides.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.domain.safety import words


class Kind(StrEnum):
    NAME = "name"
    ID = "id"
    BIRTH_DATE = "birth_date"
    EMAIL = "email"
    PHONE = "phone"
    SMALL_GROUP = "small_group"


@dataclass(frozen=True, order=True)
class Span:
    """What was seen, as `text[start:end]`."""

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class Word:
    """A word of a sentence. `gap` is what stands between it and the word before: a space, a comma."""

    text: str
    start: int
    end: int
    gap: str

    @property
    def low(self) -> str:
        return self.text.lower()

    @property
    def bare(self) -> str:
        """Return the word in lower case without a possessive ending."""
        return self.low.removesuffix("’s").removesuffix("’")

    @property
    def name_end(self) -> int:
        return self.start + len(self.text.removesuffix("’s").removesuffix("’S").rstrip("’"))


WORD = re.compile(r"[^\W\d_]+(?:[’-][^\W\d_]+)*’?|\d+(?:st|nd|rd|th)?(?:-[^\W\d_]+)*|&")
# Ends a sentence, but not "Ms." or an initial.
SENTENCE_END = re.compile(
    r"(?<![A-Z])(?<!\b[MDS]r)(?<!\bMrs)(?<!\bMs)(?<!\bSra)(?<!\bDra)(?<!\bSrta)[.!?…]+[\s”\"]+|\n+"
)

EMAIL = re.compile(r"(?<![\w.+-])(?P<box>[\w.+-]+)@[\w-]+(?:\.[\w-]+)+")
PHONE = re.compile(
    r"(?<![\w-])(?:(?:\+?1[ .-]?)?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[ .-]\d{4}"
    r"|\+\d{1,3}(?:[ .-]?\(?\d{2,4}\)?){2,5}|\d{3} \d{3} \d{3}|\d{2} \d{4} \d{4})(?![\w-])"
)
# A number that is called one: "student ID 104522", "matrícula A-20231".
ID_WORD = (
    r"(?:\bi\.?d\.?s?\b|\bstudent (?:number|no\.?|#)"
    r"|\b(?:lunch|case|badge|locker|medicaid|state|school) (?:number|no\.?|#)"
    r"|\bsocial security\b|\bssn\b|\bsasid\b|\bssid\b|\bsis\b|\bmatr[ií]cula\b|\bexpediente\b|\blegajo\b"
    r"|\bboleta\b|\bfolio\b"
    r"|\bcurp\b|\bdni\b|\bnie\b|\bcarn[eé]t?\b|\bc[eé]dula\b|\bpasaporte\b|\bpassport\b|\bidentificaci[oó]n\b"
    r"|\b(?:n[uú]mero|n[º°.]|c[oó]digo|clave) (?:de|del) (?:la )?"
    r"(?:estudiante|alumn[oa]|identidad|seguro|lista|control|registro)\b)"
)
ID = re.compile(
    ID_WORD + r"[^.\n\d]{0,24}?[\s:#(]*(?P<it>\b(?=[\w-]*\d)[A-Z]{0,6}[ -]?(?:\d[\dA-Z]*)(?:-[\dA-Z]+)*\b)",
    re.IGNORECASE,
)
SOCIAL_SECURITY = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
MEETING_ID = re.compile(r"\b(?:zoom|meeting|webinar|reuni[oó]n|tax|event|ticket|issue|room|sala)\W+$", re.IGNORECASE)
# A number that looks like one, where a record or a minor is spoken of: "roster", "PIN", "participant".
CODE = re.compile(
    r"(?<![\w$€#@./:-])(?:[A-Z]{1,6}[ -]?\d{4,10}|\d{4,6}-[A-Z]|[A-Z]{1,3}-\d{3,}(?:-\d+)*"
    r"|\d{2,4}-\d{2,4}-\d{2,4}|\d{6,9})(?![\w/:%-])"
)
RECORD = re.compile(
    r"\b(?:roster|pin|records?|file|case|enrol\w+|clave|registro|seguro|participantes?|participants?|lista|sistema|"
    + "|".join(sorted(words.ROLES))
    + r")\b",
    re.IGNORECASE,
)
FEWEST_DIGITS = 4

YEAR = r"(?:19|20)\d\d"
DAY = r"(?:[0-3]?\d)(?:st|nd|rd|th|º|ro)?"
DATE = (
    rf"(?:\b\d{{1,2}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\b|\b{YEAR}-\d\d-\d\d\b"
    rf"|\b(?:{words.MONTHS})\.? {DAY}\b(?:,? (?:of )?{YEAR})?"
    rf"|\b(?:the )?{DAY}(?: of)? (?:{words.MONTHS})\b(?:,? {YEAR})?"
    rf"|\b{DAY} (?:de|del) (?:{words.MONTHS})\b(?: (?:del?|de) (?:año )?{YEAR})?"
    rf"|\b(?:{words.MONTHS}) (?:de |del )?{YEAR}\b)"
)
BIRTH_WORD = (
    r"\b(?:born|birthday|birthdate|birth date|date of birth|d\.?o\.?b\b\.?|bday|b-day|turn(?:s|ed|ing)? \w+"
    r"|naci(?:ó|do|da|eron|miento)|nac\.|cumplea[ñn]os|cumpl(?:e|ió|irá) (?:\w+ )?(?:años)?)"
)
BIRTH_DATE = re.compile(BIRTH_WORD + rf"[^\n!?]{{0,45}}?(?P<it>{DATE})", re.IGNORECASE)
DATE_THEN_BIRTH = re.compile(
    rf"(?P<it>{DATE})[^.\n!?]{{0,30}}?\b(?:birthday|cumpleaños|date of birth)\b", re.IGNORECASE
)

AGE = re.compile(
    r"^(?:,? (?:is |was |es |who is |who’s |que tiene |tiene |de |just turned |age |aged "
    r"|edad )(?:an? |un[ao]? )?|, (?:an? |un[ao]? )?|’s | ?\((?:age |edad )?)"
    r"(?:[3-9]|1[0-7]|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince)"
    r"(?:[,)]| años| years? old|[- ]year[- ]old|\.?$)",
    re.IGNORECASE,
)
IN_GRADE = re.compile(
    r"^,? ?\(?(?:(?:is|was|who is|who’s|es|está|va|que va|que está|estudia) )?"
    r"(?:a |an |in |en |de |from |of |our |my |un |una )+"
    r"(?:\w+ )?(?:kinder|kínder|kindergarten|pre-?k|preescolar|primero|segundo|tercero?|cuarto|quinto|sexto|"
    r"séptimo|octavo|"
    r"noveno|primer|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|[1-9]º|[1-9]\.º|1[0-2]th|\d(?:st|nd|rd|th))"
    r"(?:\b|[ -])(?! (?:street|avenue|calle|floor|piso|meeting|session|reunión))",
    re.IGNORECASE,
)
AGED_BEFORE = re.compile(r"\b(?:\w+)[- ]years?[- ]olds?,? $|\bde \w+ años,? $", re.IGNORECASE)
MONTH = re.compile(words.MONTHS)
GRADE = re.compile("grad|año|curso|primaria|kinder|nuev|favorit|mayor|menor|ero|undo|rto|nto|xto|mo|avo|eno")
TOLD = re.compile(r"(?:\b(?:his|her|their) name(?: is| was|’s)|\bname’s|\bse llama|\bsu nombre es)$")
# What may stand between a role and the name.
BEFORE_NAME_GAPS = ("", ",", ":", "(", "—", "–", "-", "“", '"', ", “")
# After a role and a phrase: how many words may stand between.
FARTHEST = 7
# More than so much of a sentence in capitals is a title, where a capital tells nothing.
TITLE_CASE = 0.6

COUNT = r"(?:two|three|four|2|3|4|both|dos|tres|cuatro|ambos|ambas)"
ROLE = (
    "(?:"
    + "|".join(sorted((re.escape(role) for role in words.ROLES), key=len, reverse=True))
    + r"|one|family|familia)\b"
)
GROUP = "(?:" + "|".join(sorted((re.escape(group) for group in words.GROUPS), key=len, reverse=True)) + r")\b"
TELLING = (
    r"(?: (?:in|from|on|with|without|using|of|de|en|con|sin|del|at) |[, ]+(?:who|that|que|whose|cuy[oa]) "
    r"(?:is|isn’t|has|uses|wears|speaks|came|moved|lives|comes|can’t|doesn’t|es|tiene|usa|habla|vino|llegó|vive|lleva|no)\b)"
)
ONLY = (
    r"(?<!not )(?<!n’t )\b(?:the|our|my|his|her|their|la|el|mi|nuestr[oa]|su)\b[ -]"
    r"(?:one and )?(?:only|sole|single|únic[oa]|one|sol[oa])"
)
SMALL_GROUP = re.compile(
    rf"{ONLY} (?:(?!who|that|que|not)[\w-]+ ){{0,3}}?{GROUP}(?: [\w-]+){{0,2}}? {ROLE}"
    rf"|{ONLY} (?:[\w-]+ ){{0,2}}?{ROLE}(?: [\w-]+)?? {GROUP}"
    rf"|{ONLY} (?:[\w-]+ ){{0,3}}?{ROLE}{TELLING}[^,.;!?\n]{{2,60}}"
    rf"|\b(?:the|our|my|los|las|nuestr[oa]s|mis) {COUNT} (?:[\w-]+ ){{0,2}}?"
    rf"(?:{GROUP} (?:[\w-]+ )?{ROLE}|{ROLE} {GROUP})"
    rf"|\bone of (?:the|our|my|only|just) (?:only )?{COUNT} (?:[\w-]+ ){{0,2}}?{ROLE}"
    rf"|\bun[oa] de (?:l[oa]s|mis|nuestr[oa]s) (?:únic[oa]s )?{COUNT} (?:[\w-]+ ){{0,1}}?{ROLE}"
    rf"|\b(?:the|our|my|los|las|nuestr[oa]s|mis) {COUNT} (?:[\w-]+ ){{0,2}}?"
    rf"(?:{ROLE}|hermanas|hermanos|sisters|brothers|siblings) "
    rf"(?:{words.CIRCUMSTANCES}|{GROUP})|{ONLY} (?:[\w-]+ ){{0,2}}?{words.CIRCUMSTANCES}\b(?: (?:from|de) [\w]+)?"
    rf"|\bonly {COUNT} (?:[\w-]+ ){{0,2}}?{GROUP} (?:[\w-]+ )?{ROLE}",
    re.IGNORECASE,
)


def find(text: str) -> tuple[Span, ...]:
    """Return what was seen in `text`, in its order, none over another."""
    plain = text.replace("'", "’")
    seen = [
        *(Span(*m.span(), Kind.EMAIL) for m in EMAIL.finditer(plain) if m["box"].lower() not in words.OFFICES),
        *_birth_dates(plain),
        *_ids(plain),
        *(Span(*m.span(), Kind.PHONE) for m in PHONE.finditer(plain)),
        *(Span(*m.span(), Kind.SMALL_GROUP) for m in SMALL_GROUP.finditer(plain) if _is_telling(m.group())),
        *_names(plain),
    ]
    kept: list[Span] = []
    for span in seen:
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return tuple(sorted(kept))


def _is_telling(found: str) -> bool:
    """Whether it says that they are few: "the only one" alone can be of anything."""
    inside = [word.low for word in _words(found)]
    return (
        any(word in words.ROLES or word in words.GROUPS or word.startswith("recién") for word in inside)
        or len(inside) > 5
    )


def _ids(text: str) -> Iterator[Span]:
    for m in ID.finditer(text):
        digits = sum(each.isdigit() for each in m["it"])
        if digits >= FEWEST_DIGITS and not MEETING_ID.search(text[: m.start()]):
            yield Span(*m.span("it"), Kind.ID)
    for start, end in _sentences(text):
        if RECORD.search(text, start, end):
            for m in CODE.finditer(text, start, end):
                if not MEETING_ID.search(text[: m.start()]):
                    yield Span(*m.span(), Kind.ID)
    for m in SOCIAL_SECURITY.finditer(text):
        yield Span(*m.span(), Kind.ID)


def _birth_dates(text: str) -> Iterator[Span]:
    for pattern in (BIRTH_DATE, DATE_THEN_BIRTH):
        for m in pattern.finditer(text):
            yield Span(*m.span("it"), Kind.BIRTH_DATE)


def _words(text: str) -> list[Word]:
    found, last = [], 0
    for m in WORD.finditer(text):
        found.append(Word(m.group(), m.start(), m.end(), text[last : m.start()]))
        last = m.end()
    return found


def _names(text: str) -> Iterator[Span]:
    found: list[Span] = []
    known: set[str] = set()
    is_told_of = False
    for start, end in _sentences(text):
        inside = [
            Word(each.text, each.start + start, each.end + start, each.gap if n else "")
            for n, each in enumerate(_words(text[start:end]))
        ]
        if inside and not _is_title(inside):
            sentence = _Sentence(text, end, inside, is_told_of=is_told_of)
            found += sentence.names()
            is_told_of = is_told_of or any(sentence.is_role(at) for at in range(len(inside)))
    for span in found:
        known.update(text[span.start : span.end].split())
    # A name that was told once is a minor's wherever it stands.
    for word in _words(text):
        name = text[word.start : word.name_end]
        if name in known and name[0].isupper() and name.lower() not in words.AMBIGUOUS:
            found.append(Span(word.start, word.name_end, Kind.NAME))
    yield from _joined(found)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Return the spans with the shorter of two that overlap left out."""
    end = -1
    for span in sorted(spans, key=lambda each: (each.start, -each.end)):
        if span.start >= end:
            yield span
            end = span.end


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    edges = [0, *(m.end() for m in SENTENCE_END.finditer(text)), len(text)]
    yield from pairwise(edges)


def _is_plural(role: str) -> bool:
    return role.endswith("s") or role in ("children", "freshmen", "youth", "jóvenes")


def _is_title(inside: Sequence[Word]) -> bool:
    long = [word for word in inside if len(word.text) > 3]
    return len(long) > 3 and sum(word.text[0].isupper() for word in long) > TITLE_CASE * len(long)


class _Sentence:
    """Looks for names in one sentence, by the words beside them."""

    def __init__(self, text: str, end: int, inside: Sequence[Word], *, is_told_of: bool) -> None:
        """`is_told_of`: a sentence before this one speaks of a minor."""
        self.text, self.end, self.words, self.is_told_of = text, end, inside, is_told_of

    def names(self) -> list[Span]:
        found: list[Span] = []
        for at in range(len(self.words)):
            if self.is_role(at):
                found += self.after_role(at)
            if self.can_be_name(at, is_sure=False, may_be_virtue=True):
                found += self.around_name(at)
        if self.is_told_of:
            found += self.name_that_is_told()
        return found

    def name_that_is_told(self) -> Iterator[Span]:
        """The name in "His name is Jayden." and "Se llama Ramón."."""
        for at in range(len(self.words)):
            before = " ".join(self.low(step) for step in range(max(at - 3, 0), at))
            if TOLD.search(before) and self.can_be_name(at, is_sure=True):
                yield from self.run(at)

    def low(self, at: int) -> str:
        return self.words[at].low if 0 <= at < len(self.words) else ""

    def is_role(self, at: int) -> bool:
        word = self.words[at]
        # "Student Council": a role with a capital inside a sentence is part of a title.
        if word.text[0].isupper() and at > 0:
            return False
        if word.low.rsplit("-", 1)[-1] in words.ROLES:
            return True
        return word.low in words.SIBLINGS and (self.low(at - 1) in words.OF_ANOTHER or self.low(at - 1).endswith("’s"))

    def after_role(self, at: int) -> Iterator[Span]:
        """Names after a role: "my student Marisol", "a boy named Omar", "my student in third grade, Ana,"."""
        next = at + 1
        if next >= len(self.words):
            return
        # "June" after one minor is a name, after several it is a month.
        if self.words[next].gap.strip() in BEFORE_NAME_GAPS and self.can_be_name(
            next, is_sure=not _is_plural(self.low(at))
        ):
            yield from self.run(next)
            return
        if self.low(next) in words.HELPERS | {"like", "como"} and self.can_be_name(
            next + 1, is_sure=True, after_colleague=True
        ):
            yield from self.run(next + 1)
            return
        for step in range(next, min(len(self.words), at + FARTHEST + 4)):
            word = self.words[step]
            if word.low in words.NAMED and self.can_be_name(step + 1, is_sure=True):
                yield from self.run(step + 1)
                return
            if word.low in ("llama", "llaman", "llamaba") and self.can_be_name(step + 1, is_sure=True):
                yield from self.run(step + 1)
                return
            if word.low == "name" and self.low(step + 1) in ("is", "was") and self.can_be_name(step + 2, is_sure=True):
                yield from self.run(step + 2)
                return
            if word.low == "nombre":
                told = step + 2 if self.low(step + 1) in ("es", "era") else step + 1
                if self.can_be_name(told, is_sure=True):
                    yield from self.run(told)
                    return
            # "The boy who cried is Bruno."
            if word.low in words.IS and self.can_be_name(step + 1, is_sure=False) and self.closes(step + 1):
                yield from self.run(step + 1)
                return
            if step > at + FARTHEST:
                continue
            # "The student I tutor, Bilal, passed."
            is_set_off = word.gap.strip() in (",", "—", "–", "(", ":")
            if (
                step > next
                and is_set_off
                and self.can_be_name(step, is_sure=False, may_be_virtue=True)
                and self.closes(step)
            ):
                yield from self.run(step)
                return
        # "mi alumna de cuarto grado Camila", "my student in fourth grade Kofi", "mi alumno nuevo Iker"
        step = next
        if self.low(step) in ("nuevo", "nueva", "favorito", "favorita", "mayor", "menor"):
            step += 1
        elif self.low(step) in ("de", "en", "in", "from"):
            step += 2
            if self.low(step) in ("grado", "grade", "año", "curso", "primaria", "kinder"):
                step += 1
        if step > next and step < len(self.words) and self.words[step].gap.strip() in ("", ","):
            grade = " ".join(self.low(each) for each in range(next, step))
            if GRADE.search(grade) and self.can_be_name(step, is_sure=False):
                yield from self.run(step)

    def around_name(self, at: int) -> Iterator[Span]:
        """Names known by what follows, or goes before: "Marisol, my student", "Mateo’s mom", "Ana (8)"."""
        # Only the first word of a name starts one.
        if at and self.words[at].gap == " " and self.can_be_name(at - 1, is_sure=False) and at > 1:
            return
        last = self.last_of(at)
        word = self.words[last]
        follows = self.low(last + 1)
        is_owner = word.text.endswith("’s") or word.text.endswith("’")
        if is_owner and (
            follows in words.FAMILY or (self.low(last + 2) in words.FAMILY and follows in ("whole", "foster", "little"))
        ):
            yield from self.run(at)
            return
        if is_owner and (follows in words.SIBLINGS):
            yield from self.run(at)
            return
        if self.low(at - 1) in ("de", "of") and self.low(at - 2) in words.FAMILY and self.words[at].gap.strip() == "":
            if self.low(at - 3) not in words.COLLEAGUES:
                yield from self.run(at)
            return
        rest = self.text[word.name_end : self.end].rstrip()
        if AGE.match(rest) or IN_GRADE.match(rest) or AGED_BEFORE.search(self.text[: self.words[at].start]):
            yield from self.run(at)
            return
        # "Marisol, my student,": a comma, at most four words, and a role before the next comma.
        has_verb = follows in words.IS
        for step in range(last + 1, min(len(self.words), last + 7)):
            gap = self.words[step].gap
            if step == last + 1 and not ("," in gap or "(" in gap or "—" in gap or "–" in gap):
                # "Marisol is a student in my class"
                if self.low(step) not in ("is", "es", "was", "era"):
                    break
                if self.low(step + 1) not in words.ARTICLES:
                    break
            elif step > last + 1 and gap.strip():
                break
            if self.low(step) in words.COLLEAGUES or self.low(step) in words.AND:
                break
            if self.is_role(step) and self.low(step) not in words.FAMILY:
                if self.low(step + 1) in words.COLLEAGUES or self.words[step].text.endswith("’s"):
                    break
                if step > last + 1 and (has_verb or self.is_apposition(step)):
                    yield from self.run(at)
                break

    def is_apposition(self, at: int) -> bool:
        """Whether nothing more is said of the role at `at` than it is: ", my student,", ", a girl in my group,"."""
        if at + 1 >= len(self.words):
            return True
        return self.words[at + 1].gap.strip() != "" or self.low(at + 1) in words.PHRASE

    def closes(self, at: int) -> bool:
        """Whether a comma, a bracket or the end stands after the name that starts at `at`."""
        last = self.last_of(at)
        if last + 1 >= len(self.words):
            return True
        gap = self.words[last + 1].gap.strip()
        return gap[:1] in tuple(",—–):;.") if gap else self.low(last + 1) in words.AND

    def can_be_name(
        self, at: int, *, is_sure: bool, may_be_virtue: bool = False, after_colleague: bool = False
    ) -> bool:
        """Whether the word at `at` can be a name. `is_sure`: a role stands right before, so "June" can be one too.

        `may_be_virtue`: "Grace" can be one, and no month.
        """
        if not 0 <= at < len(self.words):
            return False
        word = self.words[at]
        if not word.text[0].isupper() or word.bare in words.NOT_NAMES or word.low in words.NOT_NAMES:
            return False
        if len(word.text) > 1 and word.text.isupper() and len(word.bare) > 1:
            return False
        if word.bare in words.ROLES or word.bare in words.TITLES or word.bare in words.PLACES:
            return False
        is_open = is_sure or (may_be_virtue and not MONTH.fullmatch(word.bare))
        if not is_open and word.bare in words.AMBIGUOUS:
            return False
        if not is_sure and at == 0 and word.low.endswith(words.NOT_NAME_ENDINGS):
            return False
        if word.bare in words.AMBIGUOUS and re.match(r"\W+\d", self.text[word.end :]):
            return False
        if self.low(at - 1) in words.TITLES and "," not in word.gap:
            return False
        if self.low(at - 1) in words.COLLEAGUES and not after_colleague:
            return False
        return not self.names_a_place(at)

    def names_a_place(self, at: int) -> bool:
        for step in range(at + 1, min(len(self.words), at + 4)):
            word = self.words[step]
            if word.gap != " " or not word.text[0].isupper():
                return False
            if word.bare in words.PLACES:
                return True
        return False

    def last_of(self, at: int) -> int:
        """Return where the name ends that starts at `at`: "Ana Lucía", "Omar de la Cruz", "Marisol R."."""
        last = at
        while last + 1 < len(self.words) and last - at < 3 and not self.words[last].text.endswith("’s"):
            word = self.words[last + 1]
            if word.gap not in (" ", ". "):
                break
            if word.gap == ". " and len(self.words[last].text) > 1:
                break
            if word.text[0].isupper() and word.bare not in words.NOT_NAMES:
                last += 1
                continue
            ahead = last + 1
            while ahead < len(self.words) and ahead - last < 3 and self.low(ahead) in words.PARTICLES:
                ahead += 1
            if (
                last + 1 < ahead < len(self.words)
                and self.words[ahead].text[0].isupper()
                and self.words[ahead].gap == " "
            ):
                last = ahead
                continue
            break
        return last

    def run(self, at: int) -> Iterator[Span]:
        """Return the name that starts at `at`, and those joined to it: "Jamal, Aisha and Wei"."""
        last = self.last_of(at)
        yield Span(self.words[at].start, self.words[last].name_end, Kind.NAME)
        following = last + 1
        if following >= len(self.words):
            return
        gap = self.words[following].gap.strip()
        if self.low(following) in words.AND and self.can_be_name(following + 1, is_sure=False):
            yield from self.run(following + 1)
        # A list, if "and" comes before its last name.
        elif (
            gap == ","
            and self.can_be_name(following, is_sure=False)
            and any(self.low(step) in words.AND for step in range(following + 1, following + 5))
        ):
            yield from self.run(following)


def without(text: str) -> str:
    """Return `text` with "a student" for who was seen, in the language of the text, and the other details left out."""
    is_spanish = _is_spanish(text)
    somebody, left_out = ("un estudiante", "(omitido)") if is_spanish else ("a student", "(left out)")
    made, last = "", 0
    for start, end, kind in _to_replace(text):
        made += text[last:start]
        if kind is None:
            made = made.rstrip(" ,:(—–") if start else made
        elif kind in (Kind.NAME, Kind.SMALL_GROUP):
            starts = not made.strip() or re.search(r"[.!?\n]\s*$", made)
            made += somebody[0].upper() + somebody[1:] if starts else somebody
        else:
            made += left_out
        last = end
    return made + text[last:]


def _to_replace(text: str) -> Iterator[tuple[int, int, Kind | None]]:
    """Return what is replaced. The kind is None for a name that a role stands before: the role alone says enough."""
    spans, at = find(text), 0
    while at < len(spans):
        span = spans[at]
        if span.kind is not Kind.NAME:
            yield span.start, span.end, span.kind
            at += 1
            continue
        last = at
        while (
            last + 1 < len(spans)
            and spans[last + 1].kind is Kind.NAME
            and JOINT.fullmatch(text[spans[last].end : spans[last + 1].start])
        ):
            last += 1
        # A window, so that a long text takes no longer for each of its names.
        before = BEFORE_NAME.search(text, max(0, span.start - FARTHEST_BACK), span.start)
        if before:
            end = spans[last].end
            closing = re.match(r"[),]", text[end:])
            gap = "gap" if before["gap"] is not None else "gap2"
            opened = "(" in before[gap] or "," in before[gap]
            yield before.start(gap), end + bool(closing and opened), None
        else:
            yield span.start, spans[last].end, Kind.NAME
        at = last + 1


def _is_spanish(text: str) -> bool:
    found = [word.low for word in _words(text)]
    return sum(word in words.SPANISH for word in found) > sum(word in words.ENGLISH for word in found)


FARTHEST_BACK = 60  # characters
JOINT = re.compile(r"(?:, ?| ?,? (?:and|y|e|&|or|o) )", re.IGNORECASE)
BEFORE_NAME = re.compile(
    r"\b(?:"
    + "|".join(sorted((re.escape(role) for role in words.ROLES | words.SIBLINGS), key=len, reverse=True))
    + r")\b(?P<gap>,? +(?:(?:who is |que está )?"
    r"(?:named|called|llamad[oa]s?|que se llaman?|whose name is|de nombre) )?[“\"(]?)$"
    r"|\w(?P<gap2>,? +(?:named|called|llamad[oa]s?|que se llaman?|whose name is) )$",
    re.IGNORECASE,
)
