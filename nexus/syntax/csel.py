"""Nexus's content selector expressions, as its parser accepts them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nexus.syntax import java_regex

_TOKEN = re.compile(
    r"""\s+ | (?:\#\#|//)[^\n]* | /\*.*?\*/
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<op>\|\||&&|==|!=|=~|=\^|\(|\))
    | (?P<word>[A-Za-z_$@][\w.$@]*)
    | (?P<other>\d[\w.]*|!~|!\^|=\$|<=|>=|.)""",
    re.X | re.S,
)
_FIELDS = ("format", "path")
_EQUAL, _LIKE = ("==", "!=", "eq", "ne"), ("=~", "=^")
_OR, _AND = ("or", "||"), ("and", "&&")
_WORDS = (*_OR, *_AND, "eq", "ne")


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


class _Wrong(Exception):
    pass


def problem(expression: str) -> str | None:
    """What Nexus would refuse in the expression."""
    try:
        parser = _Parser(list(_tokens(expression)))
        if parser.left:
            parser.any()
    except _Wrong as wrong:
        return str(wrong)
    return None


def _tokens(expression: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(expression):
        kind = found.lastgroup
        if kind == "word" and found[0] in _WORDS:
            kind = "op"
        if kind:
            yield _Token(kind, found[0])


class _Parser:
    """Recursive descent: or, and, comparison, then a text, a field or an expression in brackets."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.left = tokens

    def any(self) -> None:
        self._or()
        if self.left:
            raise _Wrong(f"has {self._shown()} where it should end or continue with `and` or `or`")

    def _or(self) -> None:
        self._and()
        while self._takes(*_OR):
            self._and()

    def _and(self) -> None:
        self._equal()
        while self._takes(*_AND):
            self._equal()

    def _equal(self) -> None:
        self._like()
        if self._takes(*_EQUAL):
            self._like()

    def _like(self) -> None:
        self._operand()
        operator = self._takes(*_LIKE)
        if operator:
            pattern = self.left[0] if self.left else None
            self._operand()
            if operator == "=~" and pattern and pattern.kind == "text":
                self._regex(pattern.text)

    def _operand(self) -> None:
        if self._takes("("):
            self._or()
            if not self._takes(")"):
                raise _Wrong(f"has {self._shown()} where a closing bracket is expected")
            return
        if not self.left:
            raise _Wrong("ends where format, path or a text in quotes is expected")
        token = self.left[0]
        if token.kind == "text":
            _refuse_quotes(token.text)
        elif token.kind != "word":
            raise _Wrong(f"has {self._shown()} where format, path or a text in quotes is expected{_negated(token)}")
        elif token.text not in _FIELDS:
            raise _Wrong(f"uses {token.text!r}, but Nexus knows only format and path{_negated(token)}")
        self.left.pop(0)

    def _takes(self, *texts: str) -> str:
        if self.left and self.left[0].kind == "op" and self.left[0].text in texts:
            return self.left.pop(0).text
        return ""

    def _shown(self) -> str:
        return repr(self.left[0].text) if self.left else "nothing"

    @staticmethod
    def _regex(text: str) -> None:
        wrong = java_regex.problem(re.sub(r"\\(\\|[\"'])", r"\1", text[1:-1]))
        if wrong:
            raise _Wrong(f"has a regular expression that {wrong}")


def _refuse_quotes(text: str) -> None:
    inside = text[1:-1]
    if '"' in inside or "'" in inside:
        raise _Wrong(f"has quotes within the text {text}")


def _negated(token: _Token) -> str:
    return ": only != and (?!...) can negate" if token.text in ("not", "!") else ""
