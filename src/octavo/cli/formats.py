"""List formats, languages and options, and what each format can carry.

Outputs, execution counts, cell ids and attachments are carried by notebooks only; a text keeps
them beside itself, in the notebook that `octavo convert --update` looks at.
"""

from octavo.cli import _output, _table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Iterable, Iterator

    from octavo.core.languages import Language
    from octavo.core.options import Option
    from octavo.formats._format import Format

USAGE = "[NAME] [options]"
_YES_NO = {True: "yes", False: "no"}
_SHOWN_SUFFIXES = 4


def add_arguments(parser: "ArgumentParser") -> None:
    """Add the arguments of the command."""
    parser.add_argument(
        "name", nargs="?", metavar="NAME", help="Tell all about one format, such as percent."
    )
    parser.add_argument(
        "--languages", action="store_true", help="List languages: suffixes, comments, kernels."
    )
    parser.add_argument(
        "--options", action="store_true", help="List format options and the formats that know them."
    )
    parser.add_argument("--json", action="store_true", help="Print JSON.")


def run(arguments: "Namespace") -> int:
    """Print what was asked for."""
    if arguments.name:
        _print_one(_find(arguments.name), as_json=arguments.json)
        return 0
    sections = {
        "formats": not (arguments.languages or arguments.options),
        "languages": arguments.languages,
        "options": arguments.options,
    }
    wanted = [name for name, is_wanted in sections.items() if is_wanted]
    if arguments.json:
        _output.out_json({name: [dict(row) for row in _RECORDS[name]()] for name in wanted})
    else:
        _output.out("\n".join("".join(f"{line}\n" for line in _TABLES[name]()) for name in wanted))
    return 0


def _find(short: str) -> "Format":
    """Return the format that a name, or a suffix with one meaning, stands for."""
    from octavo.formats import _index, _names, _text

    target = _names.parse(short)
    return _text.get_format(target.name or _index.default_name(target.suffix))


def _all() -> "list[Format]":
    from octavo.formats import _index, _text

    return [_text.get_format(name) for name in _index.names()]


def _format_record(fmt: "Format") -> dict[str, object]:
    keeps = fmt.keeps
    return {
        "name": fmt.name,
        "summary": fmt.summary,
        "suffixes": list(fmt.suffixes),
        "default_for": list(fmt.default_for),
        "version": fmt.version,
        "oldest": fmt.oldest,
        "aliases": list(fmt.aliases),
        "options": list(fmt.options),
        "keeps": {
            "cell_metadata": keeps.cell_metadata,
            "raw": keeps.raw,
            "kinds": keeps.kinds,
            "notebook_metadata": keeps.notebook_metadata,
            "outputs": keeps.outputs,
        },
    }


def _language_record(language: "Language") -> dict[str, object]:
    return {
        "name": language.name,
        "suffixes": list(language.suffixes),
        "comment": language.comment,
        "comment_end": language.comment_end,
        "aliases": list(language.aliases),
        "kernels": list(language.kernels),
    }


def _option_record(option: "Option", formats: "Iterable[Format]") -> dict[str, object]:
    return {
        "name": option.name,
        "flag": option.flag,
        "kind": option.kind,
        "default": option.default,
        "direction": option.direction,
        "help": option.help,
        "example": option.example,
        "formats": [fmt.name for fmt in formats if option.name in fmt.options],
    }


def _format_records() -> "Iterator[dict[str, object]]":
    return map(_format_record, _all())


def _language_records() -> "Iterator[dict[str, object]]":
    from octavo.core.languages import LANGUAGES

    return map(_language_record, LANGUAGES)


def _option_records() -> "Iterator[dict[str, object]]":
    from octavo.core.options import FORMAT_OPTIONS

    formats = _all()
    return (_option_record(option, formats) for option in FORMAT_OPTIONS)


def _format_lines() -> "Iterator[str]":
    head = ("format", "suffixes", "cells", "raw", "metadata", "header", "outputs", "what it is")
    rows = []
    for fmt in _all():
        keeps = fmt.keeps
        cells = (_YES_NO[keeps.kinds], _YES_NO[keeps.raw], keeps.cell_metadata)
        rest = (_YES_NO[keeps.notebook_metadata], _YES_NO[keeps.outputs], fmt.summary)
        rows.append((fmt.name, _shortened(fmt.suffixes), *cells, *rest))
    return _table.lines(head, rows)


def _language_lines() -> "Iterator[str]":
    from octavo.core.languages import LANGUAGES

    head = ("language", "suffixes", "comment", "kernels")
    rows = [
        (
            language.name,
            " ".join(language.suffixes),
            f"{language.comment} {language.comment_end}".strip(),
            " ".join(language.kernels),
        )
        for language in LANGUAGES
    ]
    return _table.lines(head, rows)


def _option_lines() -> "Iterator[str]":
    from octavo.core.options import FORMAT_OPTIONS

    formats = _all()
    for option in FORMAT_OPTIONS:
        yield f"{option.name} ({option.kind}, default {_default(option)})"
        yield f"    {option.help}"
        known = [fmt.name for fmt in formats if option.name in fmt.options]
        yield f"    {_DIRECTIONS[option.direction]} {', '.join(known) or 'no format'}"


_DIRECTIONS = {"both": "formats:", "read": "read by:", "write": "written by:"}
_RECORDS = {"formats": _format_records, "languages": _language_records, "options": _option_records}
_TABLES = {"formats": _format_lines, "languages": _language_lines, "options": _option_lines}


def _print_one(fmt: "Format", *, as_json: bool) -> None:
    if as_json:
        _output.out_json(_format_record(fmt))
        return
    keeps = fmt.keeps
    facts = (
        ("suffixes", " ".join(fmt.suffixes)),
        ("written by default to", _default_suffixes(fmt)),
        ("version", f"{fmt.version} (oldest that is read: {fmt.oldest})"),
        ("other names", " ".join(fmt.aliases)),
        ("cell metadata", keeps.cell_metadata),
        ("raw cells", _YES_NO[keeps.raw]),
        ("kinds and borders of cells", _YES_NO[keeps.kinds]),
        ("notebook metadata", _YES_NO[keeps.notebook_metadata]),
        ("outputs, counts, ids", _YES_NO[keeps.outputs]),
        ("options", " ".join(fmt.options) or "none"),
    )
    lines = [f"{fmt.name}: {fmt.summary}"]
    lines += [f"  {name}: {value}" for name, value in facts if value]
    _output.out("\n".join(lines) + "\n")


def _default_suffixes(fmt: "Format") -> str:
    if fmt.default_for == fmt.suffixes:
        return "all of them"
    return " ".join(fmt.default_for) or "none"


def _shortened(suffixes: tuple[str, ...]) -> str:
    shown = " ".join(suffixes[:_SHOWN_SUFFIXES])
    more = len(suffixes) - _SHOWN_SUFFIXES
    return f"{shown} and {more} more" if more > 0 else shown


def _default(option: "Option") -> str:
    if option.default is None:
        return "of the format"
    if isinstance(option.default, bool):
        return "true" if option.default else "false"
    return option.default or "none"
