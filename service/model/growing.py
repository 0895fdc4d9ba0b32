"""The text of the draft that is being written: read from a JSON string that has no end yet."""

from __future__ import annotations

import json
import re

from service.sentences import sentences

MOST_LOOKS = 40
"""How often one text is searched for new sentences; a longer one is no reply, and its rest is read when it is whole."""

FARTHEST = 4_000
"""Code points that may stand before a draft's text in its object; the models were told to put it first."""

LONGEST_TEXT = 10_000
"""Code points of one draft; no channel takes more."""

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
"""What no reply holds and no database takes: control characters and halves of surrogate pairs."""

_DECODER = json.JSONDecoder(strict=False)
_MEMBER = re.compile(r'\s*[{,]\s*"((?:[^"\\]|\\.)*)"\s*:\s*(?=\S)')
_MEMBER_END = re.compile(r"\s*,")
_CHARACTERS = re.compile(
    r"""(?:
        [^"\\]++                                                        # plain characters
        | \\[^u]                                                        # \n, \", \\ …
        | \\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}    # a surrogate pair
        | \\u[dD][89abAB][0-9a-fA-F]{2}(?=[^\\]|\\[^u]|\\u[^dD]|\\u[dD][^c-fC-F])  # half of a pair that never comes
        | \\u(?![dD][89abAB])[0-9a-fA-F]{4}
    )*+""",
    re.VERBOSE,
)
"""Characters and escapes that are there as a whole; what may go on in the next piece is left for it."""
_SIGN = re.compile(r'[.!?…。！？\n"\\]')
"""What a sentence or the text may end with, or may be an escape for."""
_ENDED = re.compile(r"[.!?…][\"'’”)\]]*(?:\s+\S|[A-Z^~*][a-z])|[。！？]+[^。！？]|\n\s*\S")
"""Where a sentence may have ended and something has followed."""


class Growing:
    """One draft's object in an answer that has not come to its end."""

    def __init__(self, at: int) -> None:
        """``at`` is where the object, or the white space before it, begins in the answer."""
        self._at = at
        self._given_up_at = at + FARTHEST
        self._seen = 0
        self._open = False
        self._looked = 0
        self._looks = 0
        self.begun = False
        """Whether the text was begun."""
        self.text = ""
        """As far as it was read: no half escape, no half of a surrogate pair, no white space before it."""
        self.whole = ""
        """The same up to its last whole sentence: one that something follows, or that the text ends with."""

    def read(self, answer: str) -> None:
        """Take in what the answer holds by now; without a sign that a sentence may have ended, that can wait."""
        if self._looks >= MOST_LOOKS or not (self.begun or self._found(answer)):
            return
        start, self._seen = self._seen, len(answer)
        if not self._open and _SIGN.search(answer, start) is None:
            return
        end = _CHARACTERS.match(answer, self._at).end()  # type: ignore[union-attr]  # it matches the empty string too
        try:
            part = _DECODER.decode(f'"{answer[self._at : end]}"')
        except ValueError:  # an escape that JSON does not know; the draft is read when it is whole
            self._looks = MOST_LOOKS
            return
        self._at = end
        self.text = (self.text + CONTROL.sub("", part)).lstrip()
        if len(self.text) > LONGEST_TEXT:
            self._looks = MOST_LOOKS
        elif answer.startswith('"', end):
            self.whole = self.text.rstrip()
            self._looks = MOST_LOOKS
        else:
            self._look()
            self._open = end < len(answer) or _SIGN.search(self.text, self._looked) is not None

    def _found(self, answer: str) -> bool:
        """Go to the first character of the text, past the members that stand before it."""
        while (member := _MEMBER.match(answer, self._at)) is not None:
            if member[1] == "text":
                self.begun = answer.startswith('"', member.end())
                self._at = self._seen = member.end() + self.begun
                return self.begun
            try:
                _, after = _DECODER.raw_decode(answer, member.end())
            except ValueError:
                break
            if not _MEMBER_END.match(answer, after):
                break
            self._at = after
        if len(answer) > self._given_up_at:
            self._looks = MOST_LOOKS
        return False

    def _look(self) -> None:
        """Search for a new whole sentence where one may have ended."""
        *_, ended = (None, *_ENDED.finditer(self.text, self._looked))
        if ended is None:
            return
        self._looked = ended.end() - 1
        self._looks += 1
        *whole, _going_on = sentences(self.text)
        if whole:
            self.whole = self.text[: whole[-1].end]
