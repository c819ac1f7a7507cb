"""Java regular expressions: what java.util.regex.Pattern refuses to compile, although Python's `re` may not."""

import re

_PLAIN_ESCAPES = frozenset("\\tnrfaedDhHsSvVwW")
_ANCHORS = frozenset("bBAGzZRX")
_FLAGS = re.compile(r"[idmsuxU]*(-[idmsuxU]*)?")
_REPEAT = re.compile(r"\{(\d+)(,(\d*))?\}")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_LARGEST = 2**31 - 1
_PROPERTIES = re.compile(
    "Lower|Upper|ASCII|Alpha|Digit|Alnum|Punct|Graph|Print|Blank|Cntrl|XDigit|Space|all|L1|L[CDlmotu]?"
    "|C[cfnos]?|M[cen]?|N[dlo]?|Z[lps]?|P[cdefios]?|S[ckmo]?|(Is|In|java).+|[^=]+=.+"
)


class _Wrong(Exception):
    pass


def problem(pattern: str) -> str | None:
    """What Java would refuse in the pattern."""
    try:
        _Parser(pattern).whole()
    except _Wrong as wrong:
        return str(wrong)
    return None


class _Parser:
    """Reads the pattern once, as Pattern does; what it is not sure about passes."""

    def __init__(self, pattern: str) -> None:
        self._text, self._at = pattern, 0
        self._names: set[str] = set()
        self._comments = False

    def whole(self) -> None:
        self._branches()
        if self._at < len(self._text):
            raise _Wrong("has a closing bracket without an opening one")

    def _branches(self) -> None:
        repeatable = False
        while (letter := self._peek()) and letter != ")":
            self._at += 1
            repeatable = self._piece(letter, repeatable)

    def _piece(self, letter: str, repeatable: bool) -> bool:
        """Reads what the letter begins; returns whether a quantifier may follow."""
        if letter == "|":
            return False
        if self._comments and (letter.isspace() or letter == "#"):
            self._at = self._text.find("\n", self._at) % (len(self._text) + 1) if letter == "#" else self._at
            return repeatable
        if letter in "*+?":
            if not repeatable:
                raise _Wrong(f"has {letter!r} with nothing before it to repeat")
            self._greed()
            return False
        if letter == "{":
            self._counted()
            return self._peek() == "{"
        if letter == "(":
            return self._group()
        if letter == "[":
            self._class()
        elif letter == "\\":
            self._escape()
        return True

    def _greed(self) -> None:
        if self._peek() in ("?", "+"):
            self._at += 1

    def _counted(self) -> None:
        found = _REPEAT.match(self._text, self._at - 1)
        if not found:
            raise _Wrong("has '{' with no number of repetitions after it: write \\{ for the character")
        low, high = int(found[1]), int(found[3] or found[1])
        if max(low, high) > _LARGEST or (found[3] and high < low):
            raise _Wrong(f"has the impossible repetition {found[0]}")
        self._at = found.end()
        self._greed()

    def _group(self) -> bool:
        before = self._comments
        repeatable = True
        if self._peek() == "?":
            self._at += 1
            if not self._special():
                return False
        self._branches()
        if self._peek() != ")":
            raise _Wrong("has a group that is not closed")
        self._at += 1
        self._comments = before
        return repeatable

    def _special(self) -> bool:
        """Reads what follows `(?`; False if the brackets contain only flags."""
        for start in ("<=", "<!", ":", "=", "!", ">"):
            if self._text.startswith(start, self._at):
                self._at += len(start)
                return True
        if self._peek() == "<":
            self._at += 1
            name = self._name()
            if name in self._names:
                raise _Wrong(f"has two groups named {name}")
            self._names.add(name)
            return True
        found = _FLAGS.match(self._text, self._at)
        self._at = found.end() if found else self._at
        end = self._peek()
        if end not in (":", ")") or end is None:
            raise _Wrong("has a group after (? of a kind that Java does not know")
        on = (found[0] if found else "").partition("-")
        self._comments = (self._comments or "x" in on[0]) and "x" not in on[2]
        self._at += 1
        return end == ":"

    def _name(self) -> str:
        found = _NAME.match(self._text, self._at)
        if not found or self._text[found.end() : found.end() + 1] != ">":
            raise _Wrong("has a group name that is not letters and digits followed by '>'")
        self._at = found.end() + 1
        return found[0]

    def _escape(self, within: bool = False) -> str | None:
        """Reads what follows a backslash; returns the character that it stands for, if it is a single one."""
        letter = self._peek()
        if letter is None:
            raise _Wrong("ends with a backslash")
        self._at += 1
        if letter == "Q":
            end = self._text.find("\\E", self._at)
            self._at = len(self._text) if end < 0 else end + 2
            return None
        if letter in "pP":
            self._property()
            return None
        if letter in "xu0cNk":
            return self._coded(letter, within)
        if not letter.isascii() or not letter.isalnum():
            return letter
        if letter in _PLAIN_ESCAPES or (not within and (letter in _ANCHORS or letter.isdigit())):
            return None
        raise _Wrong(f"has \\{letter}, which means nothing to Java")

    def _coded(self, letter: str, within: bool) -> str | None:
        form = {
            "x": r"[0-9A-Fa-f]{2}|\{(?:0*(?:10|[0-9A-Fa-f])?[0-9A-Fa-f]{1,4})\}",
            "u": r"[0-9A-Fa-f]{4}",
            "0": r"[0-3][0-7]{2}|[0-7]{1,2}",
            "c": r"[\s\S]",
            "N": r"\{[A-Za-z0-9 _-]+\}",
            "k": r"<[A-Za-z][A-Za-z0-9]*>",
        }[letter]
        found = re.compile(form).match(self._text, self._at)
        if not found or (within and letter == "k"):
            raise _Wrong(f"has \\{letter} without what has to follow it")
        if letter == "k" and found[0][1:-1] not in self._names:
            raise _Wrong(f"refers to the group {found[0][1:-1]}, which is not defined before it")
        self._at = found.end()
        if letter in "xu":
            return chr(int(found[0].strip("{}"), 16))
        return chr(int(found[0], 8)) if letter == "0" else None

    def _property(self) -> None:
        if self._peek() != "{":
            name = self._peek() or ""
            self._at += 1
        else:
            end = self._text.find("}", self._at)
            if end < 0:
                raise _Wrong("has a character property that is not closed")
            name, self._at = self._text[self._at + 1 : end], end + 1
        if not _PROPERTIES.fullmatch(name):
            raise _Wrong(f"names the character property {name or 'nothing'}, which Java does not know")

    def _class(self) -> None:
        if self._peek() == "^":
            self._at += 1
        first, low = True, None
        while True:
            letter = self._peek()
            if letter is None:
                raise _Wrong("has a character class [ that is not closed")
            self._at += 1
            if letter == "]" and not first:
                return
            first = False
            low = self._member(letter, low)

    def _member(self, letter: str, low: str | None) -> str | None:
        """Reads one member of a character class; `low` is the letter before it if that may begin a range.

        Returns the letter that may begin the next range.
        """
        if letter == "[":
            self._class()
            return None
        if self._text.startswith("&&", self._at - 1):
            self._at += 1
            return None
        if letter == "\\":
            return self._escape(within=True)
        if letter == "-" and low is not None and self._peek() not in ("]", "[", None):
            self._range(low)
            return None
        return letter

    def _range(self, low: str) -> None:
        letter = self._text[self._at]
        self._at += 1
        high = self._escape(within=True) if letter == "\\" else letter
        if high is None or high < low:
            raise _Wrong(f"has a range in [ that ends before it begins: {low}-{self._text[self._at - 1]}")

    def _peek(self) -> str | None:
        return self._text[self._at] if self._at < len(self._text) else None
