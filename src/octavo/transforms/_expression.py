"""Expressions that choose cells: `not tag:solution and (kind:tutorial or kind:how-to)`.

    expression = all { "or" all }      all = one { "and" one }
    one        = "not" one | "(" expression ")" | FIELD ":" VALUE

A value may stand in quotes; `*` and `?` stand for other letters.
"""

from octavo.core.errors import OptionError, Span, did_you_mean
from octavo.core.patterns import lazy
from octavo.transforms import _sections

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from octavo.transforms._sections import Facts

    Test: TypeAlias = Callable[[Facts], bool]

FIELDS = {
    "tag": "a tag of the cell or of a section that it is in",
    "kind": "tutorial, how-to, explanation or reference",
    "audience": "for whom the cell or its section is",
    "language": "the programming language of a code cell, or the language of the text (`lang`)",
    "path": "the document, from the configuration file; `*` and `**` as in rules",
    "cell": "code, markdown or raw",
    "mark": "a mark of any dialect, such as drop-input",
    "id": "the id of the cell",
}
_TOKEN = lazy(r"""\s*(?:([()])|([A-Za-z_]+):("[^"]*"|'[^']*'|[^\s()]*)|([^\s()]+))""")
_CODE = "OCT-E050"


class Expression:
    """A test of a part of a document; `text` is as it was written, `tags` what it names."""

    __slots__ = ("_test", "audiences", "tags", "text")

    def __init__(self, text: str, test: "Test", tags: list[str], audiences: list[str]) -> None:
        self.text = text
        self._test = test
        self.tags = tuple(tags)
        self.audiences = tuple(audiences)

    def holds(self, facts: "Facts") -> bool:
        """Return whether it is true of a part."""
        return self._test(facts)


def parse(text: str) -> Expression:
    """Return the expression that a text holds.

    Raises: `OptionError` OCT-E050 with the column of the first fault.

    >>> parse("not tag:solution and (kind:tutorial or kind:how-to)").tags
    ('solution',)
    """
    return _Parser(text).whole()


def everything() -> Expression:
    """Return the expression that is true of all cells."""
    return Expression("", lambda _facts: True, [], [])


class _Token:
    __slots__ = ("column", "field", "sign", "value")

    def __init__(self, column: int, sign: str, field: str, value: str) -> None:
        self.column = column
        self.sign = sign
        self.field = field
        self.value = value


class _Parser:
    """Reads an expression by recursive descent."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0
        self._tags: list[str] = []
        self._audiences: list[str] = []

    def whole(self) -> Expression:
        test = self._any()
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            raise self._fault(
                f"{token.sign or token.field + ':' + token.value!r} is not expected here",
                token.column, "between two tests stands `and` or `or`",
            )  # fmt: skip
        return Expression(self._text, test, self._tags, self._audiences)

    def _any(self) -> "Test":
        tests = [self._all()]
        while self._take("or"):
            tests.append(self._all())
        return tests[0] if len(tests) == 1 else lambda facts: any(test(facts) for test in tests)

    def _all(self) -> "Test":
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda facts: all(test(facts) for test in tests)

    def _one(self) -> "Test":
        self._depth += 1
        if self._depth > 200:
            raise self._fault("is nested too deeply", 1, "fewer parentheses")
        try:
            return self._term()
        finally:
            self._depth -= 1

    def _term(self) -> "Test":
        if self._take("not"):
            inner = self._one()
            return lambda facts: not inner(facts)
        if self._take("("):
            test = self._any()
            if not self._take(")"):
                raise self._fault("a parenthesis is never closed", len(self._text) + 1, "add `)`")
            return test
        if self._at == len(self._tokens):
            raise self._fault("a test is missing", len(self._text) + 1, "for example tag:solution")
        token = self._tokens[self._at]
        self._at += 1
        if not token.field:
            hint = did_you_mean(token.sign, ["and", "or", "not"]) or f"write tag:{token.sign}"
            raise self._fault(f"{token.sign!r} is no test", token.column, hint)
        return self._test(token)

    def _test(self, token: _Token) -> "Test":
        field, value = token.field.lower(), token.value.strip("\"'")
        if field not in FIELDS:
            hint = did_you_mean(field, list(FIELDS)) or "there are: " + ", ".join(FIELDS)
            raise self._fault(f"unknown field {token.field!r}", token.column, hint)
        if not value:
            raise self._fault(f"{field}: without a value", token.column, f"for example {field}:x")
        if field == "tag":
            self._tags.append(value)
        elif field == "audience":
            self._audiences.append(value)
        elif field == "kind":
            value = _kind(value, self._fault, token.column)
        return _TESTS[field](value)

    def _take(self, sign: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at].sign.lower() == sign:
            self._at += 1
            return True
        return False

    def _fault(self, message: str, column: int, hint: str) -> OptionError:
        shown = self._text if len(self._text) <= 80 else self._text[:80] + "..."
        return OptionError(
            _CODE, f"{shown!r}: {message} (column {column})", Span(), hint=hint
        )  # fmt: skip


def kinds(words: "list[str]") -> "Iterator[str]":
    """Yield kinds of documentation in our spelling.

    Raises: `OptionError` OCT-E050 for a word that is none.
    """
    for word in words:
        yield _kind(word, lambda message, _column, hint: OptionError(_CODE, message, hint=hint), 0)


def _kind(word: str, fault: "Callable[[str, int, str], OptionError]", column: int) -> str:
    kind = _sections.kind_of(word)
    if kind not in _sections.KINDS and not any(sign in kind for sign in "*?["):
        known = list(_sections.KINDS)
        hint = did_you_mean(kind, known) or "there are: " + ", ".join(known)
        raise fault(f"unknown kind {word!r}", column, hint)
    return kind


def _tokens(text: str) -> "Iterator[_Token]":
    at = 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:  # cannot be: a token is anything but blanks
            return
        column = found.start() + len(found[0]) - len(found[0].lstrip()) + 1
        yield _Token(column, found[1] or found[4] or "", found[2] or "", found[3] or "")
        at = found.end()


def _fits(value: str, words: "Iterator[str] | tuple[str, ...]") -> bool:
    if not any(sign in value for sign in "*?["):
        return value in words
    from fnmatch import fnmatchcase

    return any(fnmatchcase(word, value) for word in words)


def _tag(value: str) -> "Test":
    wanted = _sections.tag_of(value)
    return lambda facts: _fits(wanted, tuple(facts.tags))


def _kind_test(value: str) -> "Test":
    return lambda facts: _fits(value, facts.kind)


def _audience(value: str) -> "Test":
    wanted = value.lower()
    return lambda facts: _fits(wanted, tuple(word.lower() for word in facts.audience))


def _language(value: str) -> "Test":
    wanted = value.lower()
    return lambda facts: _fits(
        wanted, (facts.language.lower(), *(word.lower() for word in facts.lang))
    )


def _path(value: str) -> "Test":
    from octavo.core.globs import matches

    return lambda facts: matches(value, facts.path)


def _cell(value: str) -> "Test":
    return lambda facts: _fits(value.lower(), (facts.cell,))


def _mark(value: str) -> "Test":
    return lambda facts: _fits(value, tuple(facts.marks))


def _id(value: str) -> "Test":
    return lambda facts: _fits(value, (facts.id,))


_TESTS = {
    "tag": _tag, "kind": _kind_test, "audience": _audience, "language": _language, "path": _path,
    "cell": _cell, "mark": _mark, "id": _id,
}  # fmt: skip

#: Names of expressions that are often wanted, `lock:non-answer` for example.
NAMED = {
    "answer": "tag:answer or tag:solution or tag:exercise",
    "non-answer": "not (tag:answer or tag:solution or tag:exercise)",
    "all": "cell:*",
    "code": "cell:code",
    "markdown": "cell:markdown",
}


def named(text: str) -> str:
    """Return the expression that a short name stands for; any other text as it is."""
    return NAMED.get(text.strip(), text)


def of_step(text: str) -> Expression:
    """Return the expression after the colon of a step; nothing there means all cells."""
    return parse(named(text)) if text.strip() else everything()
