"""Finds personal data in free text, and keeps it from the model: mask what leaves, unmask what comes back.

The words that tell an order number from a price stand in ``lexicon/privacy.yml``; the shapes stand here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from service.domain import Context, Span
from service.folding import letters

KINDS: Final = ("email", "phone", "card", "iban", "address", "postcode", "order", "booking", "account")
"""Every kind of personal data that ``find`` tells apart."""

Claim = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Personal:
    """One piece of personal data, and where it stands."""

    kind: str
    """One of ``KINDS``."""
    span: Span
    value: str
    """Comparable: two spellings of one datum have the same value."""


def find(text: str, *, region: str | None = None) -> tuple[Personal, ...]:
    """Personal data of a text, in its order, never overlapping.

    ``region`` is the ISO 3166 country whose phone numbers are meant where one has no country code.
    Names are not found: a reply may greet by name.
    """
    lowered = text.lower()
    if len(lowered) != len(text):  # a letter that grows when lowered; the places must stay true
        lowered = "".join(sign.lower() if len(sign.lower()) == 1 else sign for sign in text)
    places = [match.start() for match in _DIGIT.finditer(text)]
    digits = len(places)
    mailbox = _mailish(text, lowered)
    if not digits and not mailbox and not _LETTER_CODE.search(text):
        return ()
    taken: list[Claim] = []
    if mailbox:
        _claim(taken, _emails(text))
    if digits:
        seen = _Seen(text, lowered, letters(text), digits, region)
        urls = [match.span() for match in _URL.finditer(text)] if "://" in text or "www." in lowered else []
        for least, detector in _DETECTORS:
            if digits >= least:
                _claim(taken, detector(seen), urls)
        streets = tuple(end for kind, _, end in taken if kind == "address")
        coded = any(at and text[at - 1].isupper() for at in places)
        _claim(taken, _postcodes(seen, streets, coded=coded), urls)
    else:
        _claim(taken, _letter_codes(text))
    return tuple(Personal(kind, Span(start, end), _value(kind, text[start:end])) for kind, start, end in taken)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A text with what several detectors ask of it."""

    text: str
    lowered: str
    words: frozenset[str]
    digits: int
    """How many."""
    region: str | None


def _claim(taken: list[Claim], found: Iterable[Claim], barred: Iterable[tuple[int, int]] = ()) -> None:
    """Add what overlaps nothing that was claimed before; claims stay in the order of the text."""
    for kind, start, end in found:
        place = bisect_left(taken, start, key=_start)
        free = (not place or taken[place - 1][2] <= start) and (place == len(taken) or end <= taken[place][1])
        if free and all(end <= a or b <= start for a, b in barred):
            taken.insert(place, (kind, start, end))


def _start(claim: Claim) -> int:
    return claim[1]


def _value(kind: str, quote: str) -> str:
    if kind == "email":
        return re.sub(r"\s", "", re.sub(_DOT, ".", re.sub(_AT, "@", quote.lower())))
    if kind == "address":
        return " ".join(quote.casefold().replace(",", " ").split())
    return re.sub(r"[\W_]", "", quote).upper()


# Words


@dataclass(frozen=True, slots=True)
class _Words:
    """The word lists of ``lexicon/privacy.yml``, as patterns."""

    cues: Mapping[str, str]
    coded: re.Pattern[str]
    hosts: tuple[str, ...]
    email_cue: re.Pattern[str]
    phone_cue: re.Pattern[str]
    postcode_cue: re.Pattern[str]
    unit: re.Pattern[str]
    streets: frozenset[str]
    german: tuple[str, ...]
    german_not: frozenset[str]
    not_names: frozenset[str]
    number_first: re.Pattern[str]
    plain: re.Pattern[str]
    name_first: re.Pattern[str]
    compound: re.Pattern[str]
    french: re.Pattern[str]
    states: frozenset[str]
    areas: frozenset[str]
    postcodes: frozenset[str]
    ibans: Mapping[str, int]


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _words() -> _Words:
    raw: dict[str, Any] = yaml.load(
        Path(__file__).with_name("lexicon").joinpath("privacy.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    cues = {word: kind for kind, words in raw["cues"].items() for word in words}
    street = raw["streets"]
    endings = {form for word in street["english"] for form in (word.capitalize(), word.upper())}
    name = r"[A-ZÀ-Þ][\w'’.-]*"
    article = r"(?:de la |de l['’]|du |des |de |d['’]|del |della |dei |das? |dos? |de los |de las )"
    return _Words(
        cues=MappingProxyType(cues),
        coded=re.compile(
            rf"(?<=\w)(?!\w)(?=\D{{0,120}}+\d)(?P<marked>(?:[\s.:'-]{{0,3}}(?:(?:de|d['’]|of|my|{_any(raw['markers'])})\b|[#№]|n[°ºo.])){{0,4}})"
            r"[\s.]{0,3}(?P<is>(?:[:=]|(?:is|was|ist|lautet|est|es|è|é)\b)?)[\s\"'“(\[]{0,3}"
            r"#?(?=[a-z/_.-]{0,31}+\d)(?P<code>[a-z0-9](?:[a-z0-9]|[-/_.](?=[a-z0-9])){3,31})(?![\w@])"
        ),
        hosts=tuple(raw["mailbox_hosts"]),
        email_cue=re.compile(
            rf"(?i)\b(?:{_any(raw['email_cues'])})\b\W*(?:(?:address|is|me|us|at|on|to|adresse|ist|est|es)\W+)*$"
        ),
        phone_cue=re.compile(
            rf"(?i)\b(?:{_any(raw['phone_cues'])})\b[^\d\n]{{0,24}}$|\b(?:my|phone|mobile|contact)\s+number\b[^\d\n]{{0,6}}$"
        ),
        postcode_cue=re.compile(rf"(?i)\b(?:{_any(raw['postcode_cues'])})\b\s*(?:code|is|:|-|ist)*\s*$"),
        unit=re.compile(rf"(?i)(?<=\w)\s?(?:{_any(raw['units'])})(?!\w)"),
        streets=frozenset(street["english"]) | frozenset(street["french"]) | frozenset(street["southern"]),
        german=tuple(street["german"]),
        german_not=frozenset(street["german_not"]),
        not_names=frozenset(street["not_names"]),
        number_first=re.compile(
            rf"(?<![\w.,#£$€-])\d{{1,5}}[A-Za-z]?(?:[-/]\d{{1,4}})?,?\s(?:[A-ZÀ-Þ][^\W\d_]+['’.-]?\w*\s){{1,4}}(?:{_any(endings)})\b"
        ),
        french=re.compile(
            rf"(?<![\w.,#£$€-])\d{{1,4}}(?:\s?(?:bis|ter))?,?\s(?i:{_any(street['french'])})\s"
            rf"(?:{article}[\w'’-]+|{name})(?:\s(?:{article})?{name}){{0,3}}"
        ),
        plain=re.compile(rf"(?i)(?<![\w.,#£$€-])\d{{1,5}}[a-z]?,?\s([^\W\d_]{{3,}})\s(?:{_any(street['plain'])})\b"),
        name_first=re.compile(
            rf"(?<!\w)(?:(?i:{_any(street['southern'])})\b\.?|[Cc]/)\s?(?:{article})?{name}(?:\s(?:{article})?{name}){{0,3}}"
            r"(?:,\s?|\s)(?:n[.ºo°]*\s?)?\d{1,4}(?:[A-Za-z]\b)?(?=\s*(?:[,;:!?)\n]|\.(?:\s|$)|$|\d{5}\b))"
        ),
        compound=re.compile(
            rf"(?<![\w.-])((?:{name}[\s-])?[\wäöüßÄÖÜ.-]{{0,40}}?(?i:{_any(street['german'])}))\s(\d{{1,3}}\s?(?:[a-zA-Z]\b)?)(?![\w%€]|[.,:]\d)"
        ),
        states=frozenset(raw["states"]),
        areas=frozenset(raw["areas"].split()),
        postcodes=frozenset(raw["postcode_cues"]),
        ibans=MappingProxyType(raw["ibans"]),
    )


# Mail

_DIGIT: Final = re.compile(r"\d")
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"']+")
_AT: Final = r"\s*(?:[(\[]\s*at\s*[)\]]|(?<=\s)at(?=\s)|@)\s*"
_DOT: Final = r"\s*[(\[]\s*dot\s*[)\]]\s*|\sdot\s"
_HOST: Final = r"[^\W_][\w-]{0,62}(?:(?:\.|\s?[(\[]\s?dot\s?[)\]]\s?|\sdot\s)[^\W_][\w-]{0,62}){1,4}"
_JOINT: Final = re.compile(rf"(@|\s@\s?|@\s|\s?[(\[]\s?at\s?[)\]]\s?|\sat\s)({_HOST})", re.IGNORECASE)
_LOCAL: Final = re.compile(r"(?<![\w.+%'-])[\w.+%'-]{1,64}$")


def _mailish(text: str, lowered: str) -> bool:
    """Whether anything but "@handle" asks for a closer look."""
    at = text.find("@")
    while at >= 0:
        if (at and (text[at - 1].isalnum() or text[at - 1] in "._+-%'")) or text[at + 1 : at + 2].isspace():
            return True
        at = text.find("@", at + 1)
    if "at)" in lowered or "at ]" in lowered or "at]" in lowered or "at )" in lowered:
        return True
    return " at " in lowered and any(f" at {host}" in lowered for host in _words().hosts)


def _emails(text: str) -> Iterator[Claim]:
    """``name@host``, ``name (at) host`` and, where it is plain, ``name @ host``."""
    for match in _JOINT.finditer(text):
        window = max(0, match.start() - 64)
        local = _LOCAL.search(text[window : match.start()])
        if local is None:
            continue
        name = local[0].lstrip(".+%'-")
        start = match.start() - len(name)
        if not name or (start and text[start - 1] == "@"):
            continue  # "@name@host" is a handle
        joint, host = match[1].lower(), match[2].lower()
        if any(sign in joint for sign in " \t\n") and not re.search(r"[(\[]", joint):
            known = any(re.match(rf"{re.escape(box)}\b", host) for box in _words().hosts)
            cued = "@" in joint and (
                re.search(r"[\d._+]", name) or _words().email_cue.search(text[max(0, start - 40) : start])
            )
            if not known and not cued:
                continue
        yield "email", start, match.end()


# Money's numbers

_IBAN: Final = re.compile(r"(?<!\w)([A-Za-z]{2})\d{2}(?=[ -]?[A-Za-z0-9]{2})")
_CARD: Final = re.compile(r"(?<![\w.])\d(?:[ -]?\d){12,}")


def _ibans(seen: _Seen) -> Iterator[Claim]:
    for match in _IBAN.finditer(seen.text):
        text = seen.text
        length = _words().ibans.get(match[1].upper())
        if length is None:
            continue
        compact, end = "", match.start()
        while end < len(text) and len(compact) < length and (text[end].isalnum() or text[end] in " -"):
            if text[end].isascii() and text[end].isalnum():
                compact += text[end].upper()
            end += 1
        whole = end == len(text) or not text[end].isalnum()
        turned = compact[4:] + compact[:4]
        if len(compact) == length and whole and int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1:
            yield "iban", match.start(), end


def _cards(seen: _Seen) -> Iterator[Claim]:
    for match in _CARD.finditer(seen.text):
        run = match[0]
        places = [i for i, sign in enumerate(run) if sign.isdigit()]
        heads = [n for n, i in enumerate(places) if i == 0 or not run[i - 1].isdigit()][:12]
        ends = {n for n, i in enumerate(places, 1) if i + 1 == len(run) or not run[i + 1].isdigit()}
        for head in heads:
            size = next(
                (n for n in range(19, 12, -1) if head + n in ends and _luhn(run, places[head : head + n])), None
            )
            if size:
                yield "card", match.start() + places[head], match.start() + places[head + size - 1] + 1
                break


def _luhn(run: str, places: list[int]) -> bool:
    digits = [int(run[i]) for i in reversed(places)]
    total = sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
    return total % 10 == 0 and len(set(digits)) > 1


# Numbers that a cue announces

_LETTER_CODE: Final = re.compile(r"[A-Z]{6}(?![A-Z])(?<![A-Z][A-Z]{6})")
_LETTERS_CUED: Final = re.compile(
    r"(?:\bPNR\b(?=:? ?[A-Z]{6})|(?:[Bb]ooking|[Rr]eservation|[Cc]onfirmation)"
    r"(?: (?:ref(?:erence)?|code|number|no\.?))?|[Rr]ecord locator)(?:\s*[:#=]\s*| is |(?<=PNR) )#?([A-Z]{6})(?![\w-])"
)
_LETTERED: Final = frozenset({"pnr", "booking", "reservation", "confirmation", "locator"})
_HASHED: Final = re.compile(r"(?<![\w&#/])#\s?((?:[A-Z]{1,4}-?)?\d{5,}(?:-\d+)*)(?!\w)")
_DATE: Final = re.compile(r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})$")
_YEAR: Final = re.compile(r"(?:19|20)\d\d$")
_FLIGHT: Final = re.compile(r"[A-Z][A-Z0-9]\d{1,4}$")


def _numbers(seen: _Seen) -> Iterator[Claim]:
    """Order, booking and account numbers: a word that announces one, and the shape of one."""
    words, text = _words(), seen.text
    for at, cue in sorted(_cues(seen, words.cues)):  # of two cues before one number, the first names it
        match = words.coded.match(seen.lowered, at + len(cue))
        if match is not None and not words.unit.match(text, match.end()):
            marked = bool(match["marked"].strip(" .'-") or match["is"])
            start, end = match.span("code")
            if _coded(text[start:end], marked):
                yield words.cues[cue], start, end
    if "#" in text:
        for match in _HASHED.finditer(text):
            yield "order", match.start(1), match.end(1)
    if not seen.words.isdisjoint(_LETTERED):
        yield from _letter_codes(text)


def _cues(seen: _Seen, cues: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Where a word stands that announces a number, and which."""
    for cue in seen.words & cues.keys():
        at = seen.lowered.find(cue)
        while at >= 0:
            if _free(seen.text, at):
                yield at, cue
            at = seen.lowered.find(cue, at + 1)


def _free(text: str, start: int) -> bool:
    """Whether no word runs into this place."""
    return start == 0 or not (text[start - 1].isalnum() or text[start - 1] in "_-")


def _coded(code: str, marked: bool) -> bool:
    """Whether the shape is one of a number that names a thing, not a price, a date, a year or a flight."""
    digits = sum(sign.isdigit() for sign in code)
    if not digits or _DATE.match(code) or _YEAR.match(code) or re.fullmatch(r"\d+[.,]\d{1,2}", code):
        return False
    if re.search(r"[a-z]", code) and not marked:
        return False
    if digits == len(code):
        return digits >= (4 if marked else 5)
    if marked:
        return digits >= 2 or len(code) == 6
    return not _FLIGHT.match(code) and (digits >= 4 or (len(code) == 6 and digits >= 2))


def _letter_codes(text: str) -> Iterator[Claim]:
    """Booking codes of six letters, where the words before leave no doubt."""
    for match in _LETTERS_CUED.finditer(text):
        yield "booking", match.start(1), match.end(1)


# Phones

_WORD: Final = re.compile(r"[^\W\d_]+")
_PHONE: Final = re.compile(r"(?<![\w.,£$€#+/-])(?:\+|00)?\(?\d(?:[\s().\-–/]{0,3}\d){6,17}(?![\w%])")
_NATIONAL: Final = re.compile(r"0\d[\s().\-–/]*(?:\d[\s().\-–/]*){7,9}$|\(0\d{1,4}\)")
_AMERICAN: Final = re.compile(r"(?:1[ .-])?\(?[2-9]\d\d\)?[ .-]\s?[2-9]\d\d[ .-]\d{4}$")


def _phones(seen: _Seen) -> Iterator[Claim]:
    text = seen.text
    for match in _PHONE.finditer(text):
        run = match[0]
        if "\n" in run or _not_phone(run) or _words().unit.match(text, match.end()):
            continue
        before = text[max(0, match.start() - 40) : match.start()]
        spaced = re.search(r"\d[\s().\-–/]+\d", run) is not None
        shaped = spaced and (_NATIONAL.match(run) or _AMERICAN.match(run))
        if shaped or _words().phone_cue.search(before) or _known_phone(run, seen.region):
            yield "phone", match.start(), match.end()


def _not_phone(run: str) -> bool:
    """Dates, years in a row, network addresses and thousands."""
    parts = re.split(r"[\s().\-–/]+", run.strip("()"))
    if run.startswith(("+", "00")):
        return False
    if (
        _DATE.match(run)
        or all(_YEAR.match(part) for part in parts)
        or re.match(r"\d{4}-\d\d-\d\d|\d\d?/\d\d?/\d{2,4}", run)
    ):
        return True
    if re.fullmatch(r"\d{1,3}(?:\.\d{1,3}){3}", run):
        return True
    return (
        len(parts[0]) <= 3
        and parts[0] != "0"
        and len(set(re.findall(r"[^\d]", run))) == 1
        and all(len(part) == 3 for part in parts[1:])
        and not run.startswith("0")
    )


def _known_phone(run: str, region: str | None) -> bool:
    """Whether the numbering plans know it; the library is loaded by the first number that needs it."""
    international = run.startswith(("+", "00"))
    if not international and region is None:
        return False
    import phonenumbers

    try:
        number = phonenumbers.parse("+" + run.lstrip("+0") if international else run, None if international else region)
    except phonenumbers.NumberParseException:
        return False
    if international:
        return bool(phonenumbers.is_possible_number(number))
    return bool(phonenumbers.is_valid_number(number))


# Places

_FLAT: Final = re.compile(r"(?:Flat|Apt|Apartment|Unit)\.? \w{1,5},? $")
_UK: Final = re.compile(r"([A-Z]{1,2})\d[A-Z\d]?\s?\d(?!GB|TB|ST|ND|RD|TH)[ABD-HJLNP-UW-Z]{2}(?![\w-])")
_AMERICAN_ZIP: Final = re.compile(r"([A-Z]{2}),?\s+(\d{5}(?:-\d{4})?)(?![\w-])")
_CANADA: Final = re.compile(r"[ABCEGHJ-NPRSTVXY]\d[ABCEGHJ-NPRSTV-Z][ -]?\d[ABCEGHJ-NPRSTV-Z]\d(?![\w-])")
_DUTCH: Final = re.compile(r"(?<![\w,.-])[1-9]\d{3} ?[A-Z]{2}(?![\w-])")
_FIVE: Final = re.compile(r"(?<![\w,.#£$€-])(?:[DF]-)?\d{5}(?![\w,.-]?\d)(?=\s+([A-ZÀ-Þ][\w-]{2,}))")
_CUED: Final = re.compile(r"(?<![\w-])\d{4,5}(?:-\d{4}|-\d{3}| ?[A-Z]{2})?(?![\w-])")


def _addresses(seen: _Seen) -> Iterator[Claim]:
    words, text = _words(), seen.text
    if not seen.words.isdisjoint(words.streets) or "c/" in seen.lowered:
        for pattern in (words.french, words.number_first, words.plain):
            for match in pattern.finditer(text):
                if words.not_names.isdisjoint(_WORD.findall(match[0].lower())[:-1]):
                    flat = _FLAT.search(text[max(0, match.start() - 24) : match.start()])
                    yield "address", match.start() - (len(flat[0]) if flat else 0), match.end()
        for match in words.name_first.finditer(text):
            if not match[0].startswith("via") or "," in match[0] or text[: match.start()].endswith("in "):
                yield "address", match.start(), match.end()
    if any(ending in seen.lowered for ending in words.german):
        for match in words.compound.finditer(text):
            named = match[1].lower().split()
            if (len(named) > 1 or named[0] not in words.german) and named[-1] not in words.german_not:
                yield "address", match.start(), match.start() + len(match[0].rstrip())


def _postcodes(seen: _Seen, streets: tuple[int, ...], *, coded: bool) -> Iterator[Claim]:
    """Postcodes whose shape is their own; bare digits only after a street, a state or a word for it.

    ``coded`` says that some digit follows a capital letter, as in British and Canadian ones.
    """
    words, text = _words(), seen.text
    for match in _UK.finditer(text) if coded else ():
        if match[1] in words.areas and _free(text, match.start()):
            yield "postcode", match.start(), match.end()
    for match in _CANADA.finditer(text) if coded else ():
        if _free(text, match.start()):
            yield "postcode", match.start(), match.end()
    if seen.digits < 4:
        return
    for match in _AMERICAN_ZIP.finditer(text):
        if match[1] in words.states and _free(text, match.start()):
            yield "postcode", match.start(2), match.end()
    cued = not seen.words.isdisjoint(words.postcodes)
    if not cued and not streets:
        return
    for pattern in (_CUED, _DUTCH, _FIVE):
        for match in pattern.finditer(text):
            near = pattern is not _CUED and any(0 < match.start() - end <= 3 for end in streets)
            if near or (cued and words.postcode_cue.search(text[max(0, match.start() - 24) : match.start()])):
                yield "postcode", match.start(), match.end()


Detector = Callable[[_Seen], Iterator[Claim]]
_DETECTORS: Final[tuple[tuple[int, Detector], ...]] = (
    (10, _ibans),
    (13, _cards),
    (1, _numbers),
    (7, _phones),
    (1, _addresses),
)
"""The fewest digits that a text must hold, and the detector; the surest come first."""


# Masking

_LITERAL: Final = "text"
"""The kind of a token that stands for token-like words which the text held from the start."""
_EXACT: Final = re.compile(r"⟦([a-z]+):(\d+)⟧")
_TOKEN_KIND: Final = "|".join((*KINDS, _LITERAL))
_LENIENT: Final = re.compile(
    rf"(?:⟦{{1,2}}\s*({_TOKEN_KIND})[\s:：_#-]*(\d{{1,6}})\s*[⟧\])>】〛]{{0,2}}"
    rf"|[\[<(【〚]{{1,2}}\s*({_TOKEN_KIND})\s*[:：_#-]\s*(\d{{1,6}})\s*[⟧\])>】〛]{{1,2}})",
    re.IGNORECASE,
)


class Vault:
    """What was masked in one request, and the way back. Lives and dies with the request; never logged, never stored."""

    __slots__ = ("_exempt", "_found", "_numbers", "_region", "_tokens", "_words")

    def __init__(self, *, exempt: Iterable[str] = (), region: str | None = None) -> None:
        self._exempt = frozenset(exempt)
        self._region = region
        self._found: dict[str, tuple[Personal, ...]] = {}
        self._tokens: dict[str, str] = {}
        self._words: dict[tuple[str, int], str] = {}
        self._numbers: dict[str, int] = {}

    def __repr__(self) -> str:
        return f"Vault({dict(self.counts)})"

    @property
    def counts(self) -> Mapping[str, int]:
        """Kind → how many different pieces were kept from the model."""
        return MappingProxyType({kind: count for kind, count in self._numbers.items() if kind != _LITERAL})

    def mask(self, text: str) -> str:
        """The text with a token for each piece of personal data, known from before or new."""
        if not text:
            return text
        self._learn(text)
        pieces: list[str] = []
        at = 0
        for kind, start, end in self._spans(text):
            pieces += (text[at:start], self._token(kind, text[start:end]))
            at = end
        return "".join((*pieces, text[at:]))

    def unmask(self, text: str) -> str:
        """The text with its data back; a token that this request never gave out stays as it is."""
        if not self._words:
            return text
        pieces: list[str] = []
        at = 0
        for match in _EXACT.finditer(text):
            original = self._words.get((match[1], int(match[2])))
            if original is not None:
                pieces += (self._mended(text[at : match.start()]), original)
                at = match.end()
        return "".join((*pieces, self._mended(text[at:])))

    def _mended(self, piece: str) -> str:
        """Tokens that a model bent, restored where they can mean one thing only."""

        def restore(match: re.Match[str]) -> str:
            kind, number = match[1] or match[3], match[2] or match[4]
            return self._words.get((kind.lower(), int(number)), match[0])

        return _LENIENT.sub(restore, piece)

    def _personal(self, text: str) -> tuple[Personal, ...]:
        if text not in self._found:
            found = find(text, region=self._region)
            self._found[text] = tuple(personal for personal in found if personal.value not in self._exempt)
        return self._found[text]

    def _learn(self, text: str) -> None:
        for personal in self._personal(text):
            self._token(personal.kind, personal.span.of(text))

    def _token(self, kind: str, words: str) -> str:
        known = self._tokens.get(words)
        if known is not None:
            return known
        number = self._numbers[kind] = self._numbers.get(kind, 0) + 1
        token = self._tokens[words] = f"⟦{kind}:{number}⟧"
        self._words[kind, number] = words
        return token

    def _spans(self, text: str) -> list[Claim]:
        """What to replace: token-like words, data, and data found elsewhere in the request; joined on overlap."""
        claims: list[Claim] = [(_LITERAL, *match.span()) for match in _LENIENT.finditer(text)]
        claims += [(p.kind, p.span.start, p.span.end) for p in self._personal(text)]
        folded = text.casefold()
        for known, token in tuple(self._tokens.items()):
            if known.casefold() in folded:
                kind = token[1:].partition(":")[0]
                claims += [(kind, start, end) for start, end in _again(known, text, folded)]
        joined: list[Claim] = []
        for kind, start, end in sorted(claims, key=lambda claim: (claim[1], -claim[2])):
            if joined and start < joined[-1][2]:
                before = joined[-1]
                joined[-1] = (kind if before[0] == _LITERAL else before[0], before[1], max(end, before[2]))
            else:
                joined.append((kind, start, end))
        return joined


def _again(words: str, text: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where a datum stands in a text and its casefolded form, in any case; a short one only as a word of its own."""
    short = len(words) < 6
    small = words.casefold()
    if len(folded) != len(text) or len(small) != len(
        words
    ):  # a letter that grows when folded; the places must stay true
        escaped = re.escape(words)
        pattern = rf"(?<!\w){escaped}(?!\w)" if short else escaped
        yield from (match.span() for match in re.finditer(pattern, text, re.IGNORECASE))
        return
    at = folded.find(small)  # thousands of data must not cost a compiled pattern each
    while at >= 0:
        end = at + len(small)
        if short and (_wordy(text[at - 1 : at]) or _wordy(text[end : end + 1])):
            end = at + 1
        else:
            yield at, end
        at = folded.find(small, end)


def _wordy(sign: str) -> bool:
    """Whether a word goes on with this sign; an empty one is the text's edge."""
    return sign.isalnum() or sign == "_"


def mask(context: Context, *, region: str | None = None) -> tuple[Context, Vault]:
    """The context without personal data, and the vault that puts it back.

    Names and handles stay unless they are an address or a number themselves, and so does what the brand itself
    publishes (its links, its facts, its sign-off).
    """
    vault = Vault(exempt=_published(context), region=region)
    texts = tuple(_texts(context))
    for text in texts:
        vault._learn(text)
    if not vault.counts and not any(_LENIENT.search(text) for text in texts):
        return context, vault
    return _masked(context, vault.mask), vault


def _published(context: Context) -> frozenset[str]:
    brand = context.brand
    own = (brand.name, brand.voice.sign_off or "", *brand.names, *brand.facts, *brand.policy.links)
    offers = (offer.text for offer in brand.policy.offers)
    return frozenset(personal.value for text in (*own, *offers) for personal in find(text))


def _texts(context: Context) -> Iterator[str]:
    """Every free text that a prompt may show."""
    complaint = context.complaint
    yield complaint.text
    yield complaint.url or ""
    yield complaint.author.handle or ""
    yield complaint.author.name or ""
    yield from (message.text for message in complaint.thread)
    yield from (part for event in context.customer.history for part in (event.kind, event.text))
    yield from (
        *context.actions,
        context.notes,
        *context.incidents,
        *context.examples,
        *context.recent_replies,
        *context.siblings,
    )
    if context.rewrite is not None:
        yield from (context.rewrite.text, context.rewrite.instruction, *context.rewrite.findings)


def _masked(context: Context, hide: Callable[[str], str]) -> Context:
    def every(texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(hide(text) for text in texts)

    def maybe(text: str | None) -> str | None:
        return None if text is None else hide(text)

    complaint, customer, rewrite = context.complaint, context.customer, context.rewrite
    author = complaint.author
    return replace(
        context,
        complaint=replace(
            complaint,
            text=hide(complaint.text),
            url=maybe(complaint.url),
            author=replace(author, handle=maybe(author.handle), name=maybe(author.name)),
            thread=tuple(replace(message, text=hide(message.text)) for message in complaint.thread),
        ),
        customer=replace(
            customer,
            history=tuple(replace(event, kind=hide(event.kind), text=hide(event.text)) for event in customer.history),
        ),
        actions=every(context.actions),
        notes=hide(context.notes),
        incidents=every(context.incidents),
        examples=every(context.examples),
        recent_replies=every(context.recent_replies),
        siblings=every(context.siblings),
        rewrite=None
        if rewrite is None
        else replace(
            rewrite, text=hide(rewrite.text), instruction=hide(rewrite.instruction), findings=every(rewrite.findings)
        ),
    )
