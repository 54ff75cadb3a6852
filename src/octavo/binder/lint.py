"""Judge launch links and repair them where there is one right answer.

`check` judges one link; `lint_text` all links of a text.  Files of an environment are judged by
`octavo.binder.lint_files`.
"""

from octavo.binder import find_links, links, lint_rules, reading
from octavo.binder.errors import BinderError
from octavo.core.errors import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from octavo.binder.links import Launch
    from octavo.binder.lint_online import Ask


class Finding:
    """Something wrong: the rule, what, where, and whether `--fix` repairs it."""

    __slots__ = ("fixable", "message", "rule", "span", "url")

    def __init__(
        self, rule: str, message: str, span: Span | None = None, *, fixable: bool = False,
        url: str = "",
    ) -> None:  # fmt: skip
        self.rule = rule
        self.message = message
        self.span = span or Span()
        self.fixable = fixable
        self.url = url

    @property
    def level(self) -> str:
        """How bad it is: "error", "warning" or "advice"."""
        return lint_rules.level(self.rule)

    def __str__(self) -> str:
        """Return `file:line:column: level: message [rule]`."""
        place = f"{self.span}: " if self.span.file or self.span.line else ""
        hint = " (hint: --fix repairs it)" if self.fixable else ""
        return f"{place}{self.level}: {self.message} [{self.rule}]{hint}"

    def __repr__(self) -> str:
        """Return a short form for test reports."""
        return f"Finding({str(self)!r})"

    def at(self, span: Span) -> "Finding":
        """Return the same finding at another place."""
        return Finding(self.rule, self.message, span, fixable=self.fixable, url=self.url)


class Verdict:
    """What is wrong with a link, and the link without what could be repaired."""

    __slots__ = ("findings", "fixed")

    def __init__(self, findings: list[Finding], fixed: str) -> None:
        self.findings = findings
        self.fixed = fixed


def check(
    url: str,
    *,
    parent: str = "",
    renames: "Iterable[tuple[str, str]]" = (),
    ask: "Ask | None" = None,
) -> Verdict:
    """Return what is wrong with a link, and the better link.

    *renames* are branches that have a new name; *ask* returns remote repositories (without it
    nothing is asked).  A link without a fault that can be repaired is returned as it is.
    """
    try:
        found = reading.read(url, parent=parent)
    except BinderError as error:
        return Verdict([Finding(error.code, error.message, url=url)], url)
    findings = [
        Finding(fault.rule, fault.message, fixable=fault.is_fixed, url=url)
        for fault in found.faults
    ]
    launch = found.launch
    for problem in _problems(launch, url, renames, ask):
        launch = problem.better or launch
        is_fixed = problem.better is not None
        findings.append(Finding(problem.rule, problem.message, fixable=is_fixed, url=url))
    return _verdict(url, launch, findings)


def lint_text(
    text: str, kind: str, judge: "Callable[[str], Verdict]" = check
) -> tuple[list[Finding], str]:
    """Return what is wrong with the links of a text, and the text with better ones.

    *kind* is "html", "text" (also for Markdown) or "notebook"; everything but links stays.

    Raises: `FormatError` OCT-N003 for a notebook that is no JSON.
    """
    findings: list[Finding] = []
    parts: list[str] = []
    end = line = line_start = 0
    for place in find_links.places(text, kind):
        verdict = judge(place.url)
        if lines := text.count("\n", end, place.start):
            line += lines
            line_start = text.rfind("\n", end, place.start) + 1
        span = Span("", line + 1, place.start - line_start + 1)
        findings += [finding.at(span) for finding in verdict.findings]
        is_same = verdict.fixed == place.url
        old = text[place.start : place.stop]
        parts += [text[end : place.start], old if is_same else place.written(verdict.fixed)]
        end = place.stop
    parts.append(text[end:])
    return findings, "".join(parts)


def _problems(
    launch: "Launch", url: str, renames: "Iterable[tuple[str, str]]", ask: "Ask | None"
) -> "Iterable[lint_rules.Problem]":
    """Yield all problems of a launch, each seen with the earlier ones repaired."""
    for old, new in renames:
        problem = lint_rules.renamed(launch, old, new)
        if problem is not None:
            launch = problem.better or launch
            yield problem
    for problem in lint_rules.problems(launch, url):
        launch = problem.better or launch
        yield problem
    if ask is not None:
        from octavo.binder import lint_online

        yield from lint_online.problems(launch, ask)


def _verdict(url: str, launch: "Launch", findings: list[Finding]) -> Verdict:
    if not any(finding.fixable for finding in findings):
        return Verdict(findings, url)
    try:
        return Verdict(findings, links.build(launch))
    except BinderError as error:
        unfixed = [Finding(finding.rule, finding.message, url=url) for finding in findings]
        return Verdict([*unfixed, Finding(error.code, error.message, url=url)], url)
