"""Write what is generated from the code: the table in `octavo/formats/_index.py`.

    python tools/generate.py            write it
    python tools/generate.py --check    exit with 1 where it is out of date

The table lets questions about names and suffixes be answered without importing a format.  A
format is a file of the folder that does not start with `_` and ends with `FORMAT = Format(...)`.
"""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

import octavo.formats
from octavo.core.languages import SCRIPT_SUFFIXES
from octavo.formats import _index
from octavo.formats._format import Format

INDEX = Path(octavo.formats.__file__).with_name("_index.py")
OPENING = "TABLE: "
WIDTH = 100


def main() -> int:
    """Write or check the generated files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only tell what is out of date")
    only_check = parser.parse_args().check
    before = INDEX.read_text("utf-8")
    after = with_table(before, table(formats()))
    if after == before:
        return 0
    if only_check:
        sys.stderr.write(f"{INDEX} is out of date: run `make generate`\n")
        return 1
    INDEX.write_text(after, "utf-8")
    print(f"{INDEX} was renewed")
    return 0


def formats() -> dict[str, Format]:
    """Return every format by its module: known ones in the table's order, then new ones."""
    modules = sorted(
        module.name
        for module in pkgutil.iter_modules(octavo.formats.__path__)
        if not module.name.startswith("_")
    )
    known = [row[0] for row in _index.TABLE.values()]
    modules.sort(key=lambda name: known.index(name) if name in known else len(known))
    return {name: importlib.import_module(f"octavo.formats.{name}").FORMAT for name in modules}


def table(found: dict[str, Format]) -> list[str]:
    """Return the lines of the table."""
    lines = []
    for module, fmt in found.items():
        parts = [
            repr(module).replace("'", '"'),
            _tuple(fmt.suffixes),
            _tuple(fmt.default_for),
            _tuple(fmt.assumed_for),
            str(fmt.rank),
        ]
        row = f'    "{fmt.name}": ({", ".join(parts)}),'
        if len(row) <= WIDTH:
            lines.append(row)
        else:
            lines += [f'    "{fmt.name}": (', *(f"        {part}," for part in parts), "    ),"]
    return lines


def with_table(text: str, rows: list[str]) -> str:
    """Return the source of the index with other rows in its table."""
    lines = text.split("\n")
    start = next(i for i, line in enumerate(lines) if line.startswith(OPENING)) + 1
    stop = lines.index("}", start)
    return "\n".join([*lines[:start], *rows, *lines[stop:]])


def _tuple(suffixes: tuple[str, ...]) -> str:
    if suffixes == SCRIPT_SUFFIXES:
        return "_S"
    inner = ", ".join(f'"{suffix}"' for suffix in suffixes)
    return f"({inner},)" if len(suffixes) == 1 else f"({inner})"


if __name__ == "__main__":
    sys.exit(main())
