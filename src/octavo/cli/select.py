"""Select cells and sections of documents by tag, kind, language, audience, or an expression.

Changes the files, or works as a filter: `octavo select --tag tutorial < in.md > out.md`. All that
is asked for must be true of a cell; several values of one option are alternatives.
"""

from octavo.cli import _output, _transforming

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from octavo.core.document import Document

USAGE = "[FILE ...] [options]"
_FIELDS = ("tag", "kind", "audience", "language", "cell")


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    add = parser.add_argument
    add(
        "-e", "--where", default="", metavar="EXPRESSION",
        help="Such as 'not tag:solution and (kind:tutorial or kind:how-to)'.",
    )  # fmt: skip
    for field in _FIELDS:
        add(f"--{field}", action="append", default=[], metavar=field.upper(),
            help=f"Keep cells of this {field}; may be repeated.")  # fmt: skip
        add(f"--not-{field}", action="append", default=[], metavar=field.upper(),
            help=f"Leave out cells of this {field}; may be repeated.")  # fmt: skip
    _transforming.add_arguments(parser)


def run(arguments: "Namespace") -> int:
    """Select in each document; one that fails does not stop the others."""
    from octavo.core.errors import OptionError
    from octavo.transforms import _expression
    from octavo.transforms.select import select

    text = _expression_of(arguments)
    if not text:
        raise OptionError(
            "OCT-O020", "select: say what to select", hint="octavo select --tag tutorial FILE"
        )
    wanted = _expression.parse(text)

    def change(document: "Document", name: str) -> "Document":
        _warn(document, wanted, name, quiet=arguments.quiet)
        return select(document, text, path=name)

    return _transforming.run(arguments, change)


def _expression_of(arguments: "Namespace") -> str:
    parts = [f"({arguments.where})"] if arguments.where else []
    for field in _FIELDS:
        wanted = [f"{field}:{_quoted(word)}" for word in getattr(arguments, field)]
        parts += [f"({' or '.join(wanted)})"] if wanted else []
        unwanted = getattr(arguments, f"not_{field}")
        parts += [f"not {field}:{_quoted(word)}" for word in unwanted]
    return " and ".join(parts)


def _quoted(word: str) -> str:
    return f"'{word}'" if '"' in word else f'"{word}"'


def _warn(document: "Document", wanted: "object", name: str, *, quiet: bool) -> None:
    """Tell about tags that no cell has: often a slip of the pen."""
    from octavo.core.errors import did_you_mean
    from octavo.transforms import _expression, _sections

    if quiet or not isinstance(wanted, _expression.Expression) or not wanted.tags:
        return
    known = {tag for part in _sections.parts(document) for tag in part.facts.tags}
    for tag in wanted.tags:
        if _sections.tag_of(tag) not in known and "*" not in tag:
            hint = did_you_mean(tag, sorted(known))
            said = f" (hint: {hint})" if hint else ""
            _output.err(f"{_output.one_line(name)}: no cell has the tag {tag!r}{said}\n")
