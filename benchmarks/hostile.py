"""Long texts made to slow patterns down, and what every rule and every locating pattern takes over them."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass

import service
from service.checks import LANGUAGES, rules_of
from service.folding import fold
from service.rules import Rule

LENGTH = 10_000
"""Code points of each text."""

PIECES = (
    "a",
    "a ",
    "A A",
    "Aa ",
    "ab-",
    "a.",
    "a, ",
    "a'",
    "é",
    "ß ",
    "1",
    "1 ",
    "1,",
    "1.1",
    "12:",
    "1/1/",
    "1-",
    "(1",
    "+1 ",
    "#1 ",
    "$1",
    "£1 ",
    "1 a ",
    "20 ",
    "at ",
    "@",
    "a@",
    "a@a.",
    "@a ",
    "www.",
    "a.com/",
    "http://",
    ".",
    "!",
    "?",
    "!? ",
    "-",
    "— ",
    "\n",
    " ",
    "\t ",
    "\u00a0",
    "\u200b",
    '"',
    "'",
    '"a" ',
    "[",
    "]",
    "[a",
    "{{",
    "{{a}}",
    "<",
    "<a",
    "⟦",
    "⟦email:1⟧",
    "x",
    "xX",
    "_",
    "*",
    "**a",
    "#",
    "^",
    "~",
    "😂",
    "🇬🇧",
    "👨\u200d",
    "；",
    "sorry ",
    "sorry, ",
    "sorry so very ",
    "we ",
    "we will ",
    "we've ",
    "i'm ",
    "you ",
    "for any ",
    "the ",
    "by ",
    "on monday ",
    "in 3 ",
    "3 march ",
    "march ",
    "street ",
    "12 high ",
    "order ",
    "order number ",
    "code ",
    "born ",
    "refund ",
    "re\u0301",
    "mr ",
    "Mr A",
    "hi ",
    "dear ",
    "oh ",
    "thank you for ",
    "please ",
    "if ",
    "not ",
    "и",
    "す",
    "。",
)
"""What the texts repeat."""


READERS = tuple(
    f"service.{name}"
    for name in (
        "channels",
        "checks",
        "facts",
        "folding",
        "language",
        "privacy",
        "repair",
        "rules",
        "scores",
        "sentences",
        "terms",
    )
)
"""The modules that look for things in a draft."""


def texts() -> tuple[str, ...]:
    """Every piece over and over, once with something else at the end."""
    whole = tuple((piece * LENGTH)[:LENGTH] for piece in PIECES)
    return (*whole, *(text[:-2] + "!x" for text in whole))


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that a module of the service holds, by name: its own, and those of its word lists."""
    for module in pkgutil.walk_packages(service.__path__, "service."):
        if not module.name.startswith(READERS):
            continue
        held = vars(importlib.import_module(module.name))
        for name in ("_words", "_patterns"):
            if callable(loader := held.get(name)) and getattr(loader, "__module__", "") == module.name:
                try:
                    lists = loader()
                except TypeError:
                    continue  # it reads something else
                if is_dataclass(lists):
                    for each in fields(lists):
                        yield from _in(f"{module.name}.{each.name}", getattr(lists, each.name))
        for name, value in held.items():
            yield from _in(f"{module.name}.{name}", value)


def _in(name: str, value: object) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        yield name, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _in(f"{name}[{key}]", inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _in(name, inner)


def rules() -> Iterator[tuple[str, Rule]]:
    """Every wording rule, by language, family and file."""
    for language in sorted(LANGUAGES):
        for rule in rules_of(language).rules:
            yield f"{language}/{rule.check}/{rule.id}", rule


def measured() -> Iterator[tuple[float, str, str]]:
    """CPU milliseconds that each rule and pattern takes over its worst text, with its name and the text."""
    hostile = texts()
    folded = [fold(text) for text in hostile]
    for each in folded:
        each.data  # noqa: B018  worked out once for all rules
    for name, rule in rules():
        own = [_long(text) for text in rule.flagged[:20]]
        every = (*folded, *map(fold, own))
        yield _worst(name, [(each.original, lambda each=each, rule=rule: rule.find(each)) for each in every])
    for name, pattern in patterns():
        run = [(text, lambda text=text, pattern=pattern: sum(1 for _ in pattern.finditer(text))) for text in hostile]
        yield _worst(name, run)


def _long(text: str) -> str:
    """An example without its end, over and over."""
    return ((text[:-1] or text) * LENGTH)[:LENGTH]


def _worst(name: str, runs: Iterable[tuple[str, object]]) -> tuple[float, str, str]:
    slowest = (0.0, name, "")
    for text, run in runs:
        took = _once(run)
        if took > slowest[0] and (took := min(took, _once(run))) > slowest[0]:  # a busy machine is no slow pattern
            slowest = (took, name, text)
    return slowest


def _once(run: object) -> float:
    started = time.thread_time()
    run()  # type: ignore[operator]  # a closure of measured()
    return (time.thread_time() - started) * 1e3
