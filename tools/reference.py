"""Write the reference pages that are made from tables of the code.

    python tools/reference.py            write them
    python tools/reference.py --check    exit with 1 where one is out of date

They are docs/reference/options.md, languages.md and tags.md, and the table of the formats in
docs/formats/index.md (between its two comments).
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from octavo.core.languages import LANGUAGES, Language
from octavo.core.options import FORMAT_OPTIONS, Option
from octavo.core.tags import MARKS, Mark
from octavo.formats import _index
from octavo.formats._format import Format

DOCS = Path(__file__).parent.parent / "docs"
NOTE = "<!-- Written by `python tools/reference.py` from {}: edit that. -->"
OPENING = "<!-- table of the formats: written by `python tools/reference.py` -->\n"
CLOSING = "<!-- end of the table -->\n"
FEW = 4  # suffixes that are named one by one

OPTIONS = """\
# Format options

{note}

An option can be said in four places, the first of which wins:

1. on the command line: `--comment-magics`, `--no-comment-magics`, `--cell-markers '\"\"\"'`, or by
   its name, `--opt comment_magics=false`;
2. in Python: `octavo.writes(document, "py:percent", comment_magics=False)`;
3. in the notebook, under `jupytext` in its metadata, where Jupytext keeps it too;
4. the default of the format.

An option that neither the format read nor the format written knows is an error
([OCT-O003](errors.md#oct-o003)).

{options}
"""

LANGUAGE_LIST = """\
# Languages

{note}

{languages} languages, {suffixes} suffixes of scripts. Every script format that is not tied to one
language works in all of them. Where a language has several suffixes, the first one is written. A
notebook in a language that is not listed can be written as Markdown.

{table}

`octavo formats --languages --json` prints this table for programs.
"""

TAGS = """\
# Tags and other marks on cells

{note}

Every tool has its own words for "do not show this" or "do not run this". The table says which of
them mean the same. Converting a notebook changes none of them: what you wrote is what every
edition carries.

In tags, hyphen and underscore are the same: `remove_cell` is `remove-cell`.

{table}

Tags that say where a cell is active, such as `active-ipynb`, have a page of their own:
[Active cells](../active-cells.md).

```python
>>> import octavo
>>> from octavo.core.tags import marks_of
>>> [cell] = octavo.reads('# %% tags=["remove_input"]', "py:percent").cells
>>> sorted(marks_of(cell))
['drop-input']

```
"""


def main() -> int:
    """Write or check the pages."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only tell what is out of date")
    only_check = parser.parse_args().check
    stale = [path for path, page in pages() if not path.exists() or path.read_text("utf-8") != page]
    for path, page in pages():
        if path in stale and not only_check:
            path.write_text(page, "utf-8")
            print(f"{path} was renewed")
    if stale and only_check:
        sys.stderr.write(f"out of date: {', '.join(map(str, stale))}; run `make generate`\n")
    return int(bool(stale) and only_check)


def pages() -> Iterator[tuple[Path, str]]:
    """Yield each page with what should stand in it."""
    yield DOCS / "reference/options.md", options_page()
    yield DOCS / "reference/languages.md", languages_page()
    yield DOCS / "reference/tags.md", tags_page()
    index = DOCS / "formats/index.md"
    yield index, with_table(index.read_text("utf-8"), formats_table())


def options_page() -> str:
    """Return the page of the format options."""
    formats = _formats()
    lines = (line for option in FORMAT_OPTIONS for line in _option(option, formats))
    return OPTIONS.format(note=NOTE.format("src/octavo/core/options.py"), options="\n".join(lines))


def _option(option: Option, formats: Iterable[Format]) -> Iterator[str]:
    known = [f"[{fmt.name}]({_page(fmt)})" for fmt in formats if option.name in fmt.options]
    directions = {"both": "reading and writing", "read": "reading", "write": "writing"}
    yield f"## {option.name}"
    yield ""
    yield option.help
    yield ""
    yield "| | |"
    yield "|---|---|"
    yield f"| Flag | {_flags(option)} |"
    yield f"| Default | {_default(option)} |"
    if option.example:
        yield f"| Example | `{option.name}={option.example}` |"
    yield f"| Used in | {directions[option.direction]} |"
    yield f"| Formats | {', '.join(known)} |"
    yield ""


def _flags(option: Option) -> str:
    if option.kind == "flag":
        return f"`{option.flag}`, `--no-{option.flag[2:]}`"
    return f"`{option.flag} TEXT`"


def _default(option: Option) -> str:
    if option.default is None:
        return "depends on the format, see above"
    if option.kind == "flag":
        return "true" if option.default else "false"
    return f"`{option.default}`" if option.default else "not set"


def languages_page() -> str:
    """Return the page of the languages."""
    head = ("Language", "Suffixes", "Comment", "Other names", "Usual kernels")
    return LANGUAGE_LIST.format(
        note=NOTE.format("src/octavo/core/languages.py"),
        languages=len(LANGUAGES),
        suffixes=sum(len(language.suffixes) for language in LANGUAGES),
        table="\n".join(_table(head, map(_language, LANGUAGES))),
    )


def _language(language: Language) -> tuple[str, ...]:
    return (
        language.name,
        _words(language.suffixes),
        _words(filter(None, (language.comment, language.comment_end))),
        ", ".join(language.aliases),
        ", ".join(language.kernels),
    )


def tags_page() -> str:
    """Return the page of the marks on cells."""
    head = ("Meaning", "Tags", "Metadata", "Quarto's `#|`", "nbdev's `#|`")
    table = "\n".join(_table(head, map(_mark, MARKS)))
    return TAGS.format(note=NOTE.format("src/octavo/core/tags.py"), table=table)


def _mark(mark: Mark) -> tuple[str, ...]:
    return (
        f"**{mark.name}**: {mark.summary}",
        _words(mark.tags),
        "<br>".join(f"`{path}: {_json(value)}`" for path, value in mark.metadata),
        "<br>".join(f"`{key}: {value}`" for key, value in mark.options),
        _words(mark.directives),
    )


def formats_table() -> list[str]:
    """Return the lines of the table of the formats."""
    head = ("Format", "Suffixes", "What it is", "Cell metadata", "Raw cells", "Outputs, ids")
    return _table(head, map(_format, _formats()))


def _format(fmt: Format) -> tuple[str, ...]:
    keeps = fmt.keeps
    suffixes = fmt.suffixes
    shown = _words(suffixes) if len(suffixes) <= FEW else f"`.py`, `.R`, `.jl` ({len(suffixes)})"
    return (
        f"[{fmt.name}]({_page(fmt).removeprefix('../formats/')})",
        shown,
        fmt.summary,
        {"all": "yes", "code": "code cells", "tags": "tags", "none": "no"}[keeps.cell_metadata],
        "yes" if keeps.raw else "no",
        "yes" if keeps.outputs else "no",
    )


def with_table(text: str, rows: list[str]) -> str:
    """Return a page with other lines between the comments that hold its table."""
    before, _, rest = text.partition(OPENING)
    _, _, after = rest.partition(CLOSING)
    return before + OPENING + "\n" + "\n".join(rows) + "\n\n" + CLOSING + after


def _formats() -> list[Format]:
    found = (_index.get(name) for name in _index.names())
    return [fmt for fmt in found if fmt is not None]


def _page(fmt: Format) -> str:
    return f"../formats/{fmt.name}.md"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    head = list(head)
    lines = [head, ["---"] * len(head), *(list(map(_cell, row)) for row in rows)]
    return [f"| {' | '.join(line)} |" for line in lines]


def _cell(text: str) -> str:
    return text.replace("|", r"\|")


def _words(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words)


def _json(value: object) -> str:
    return json.dumps(value)


if __name__ == "__main__":
    sys.exit(main())
