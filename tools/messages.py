"""Collect what our pages of JupyterLab say; make a language pack of its translations.

    python tools/messages.py                        write build/octavo.pot
    python tools/messages.py LANGUAGE PO FOLDER     make a package of octavo.po for, say, de_DE

What is said stands in the TypeScript (`trans.__('...')`), in the table of cell states, and in
the titles of settings and menus.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog, mofile, pofile

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "labextension"
STATES = ROOT / "src/octavo/jupyter/cell_states.json"
TEMPLATE = ROOT / "build/octavo.pot"
DOMAIN = "octavo"
TEXT = r"\s*'((?:[^'\\]|\\.)*)'"
CALL = re.compile(rf"\b(?:__\({TEXT}|_n\({TEXT},{TEXT})")
#: Between a context and its text, as in compiled catalogues of gettext.
BOND = "\x04"
PACKAGE = """[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "jupyterlab-language-pack-{dashed}"
version = "0.1.0"
description = "Octavo in JupyterLab, in {language}"

[project.entry-points."jupyterlab.languagepack"]
{language} = "jupyterlab_language_pack_{language}"

[tool.hatch.build.targets.wheel]
packages = ["jupyterlab_language_pack_{language}"]
"""


def main() -> None:
    """Write the template, or a package from its translation."""
    words = sys.argv[1:]
    if len(words) not in (0, 3):
        sys.exit(__doc__)
    if words:
        language, translated, folder = words
        with open(translated, "rb") as source:
            pack(pofile.read_po(source, language), language, Path(folder))
        print(f"{folder}: python -m pip install it beside JupyterLab")
        return
    TEMPLATE.parent.mkdir(exist_ok=True)
    with TEMPLATE.open("wb") as target:
        pofile.write_po(target, template(), sort_output=True, width=100)
    print(f"{TEMPLATE} was written")


def template() -> Catalog:
    """Return all texts, without translations."""
    catalog = Catalog(project="Octavo", domain=DOMAIN, charset="utf-8")
    for path in sorted((EXTENSION / "src").rglob("*.ts")):
        if not path.name.endswith(".test.ts"):
            for text in _in_code(path.read_text("utf-8")):
                catalog.add(text, locations=[(str(path.relative_to(ROOT)), 0)])
    registry = json.loads(STATES.read_text("utf-8"))
    for row in [*registry["groups"], *registry["states"]]:
        for key in ("label", "badge"):
            if key in row:
                catalog.add(row[key], locations=[(str(STATES.relative_to(ROOT)), 0)])
    for path in sorted((EXTENSION / "schema").glob("*.json")):
        for context, text in _in_schema(json.loads(path.read_text("utf-8"))):
            catalog.add(text, context=context, locations=[(str(path.relative_to(ROOT)), 0)])
    return catalog


def _in_code(code: str) -> Iterator[str | tuple[str, str]]:
    """Yield the texts of calls of the translator; two for a singular and a plural."""
    for found in CALL.finditer(code):
        one, singular, plural = (text and re.sub(r"\\(.)", r"\1", text) for text in found.groups())
        yield one or (singular, plural)


def _in_schema(schema: dict[str, Any], context: str = "schema") -> Iterator[tuple[str, str]]:
    """Yield the texts of a schema of settings, each with the context in which JupyterLab asks."""
    for key, value in schema.items():
        if key in ("title", "description") and isinstance(value, str):
            yield context, value
        elif key == "properties":
            for part in value.values():
                yield from _in_schema(part, "settings")
        elif key == "jupyter.lab.menus":
            yield from (("menu", label) for label in _labels(value))


def _labels(node: Any) -> Iterator[str]:  # noqa: ANN401 (any JSON)
    """Yield the labels of menus, however deep."""
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from _labels(child)
    if isinstance(node, dict) and "label" in node:
        yield node["label"]


def pack(catalog: Catalog, language: str, folder: Path) -> None:
    """Write a package that JupyterLab finds as a language pack."""
    names = {"language": language, "dashed": language.replace("_", "-")}
    module = folder / f"jupyterlab_language_pack_{language}"
    place = module / "locale" / language / "LC_MESSAGES"
    place.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PACKAGE.format(**names), "utf-8")
    (module / "__init__.py").write_text("", "utf-8")
    (place / f"{DOMAIN}.json").write_text(json.dumps(_for_pages(catalog, language)), "utf-8")
    with (place / f"{DOMAIN}.mo").open("wb") as target:  # the server translates schemas by this
        mofile.write_mo(target, catalog)


def _for_pages(catalog: Catalog, language: str) -> dict[str, Any]:
    """Return the translations as the page reads them."""
    head = {
        "domain": DOMAIN,
        "language": language.replace("_", "-"),
        "plural_forms": catalog.plural_forms,
    }
    found: dict[str, Any] = {"": head}
    for message in catalog:
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and any(texts):
            one = message.id[0] if isinstance(message.id, tuple) else message.id
            found[f"{message.context}{BOND}{one}" if message.context else one] = list(texts)
    return found


if __name__ == "__main__":
    main()
