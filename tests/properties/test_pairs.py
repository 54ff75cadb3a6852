"""The members of a pair lie where the peer puts them, whichever of them is asked."""

import os
import warnings

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from octavo.core.errors import FileError
from octavo.workspace import pairs

ROOT = os.path.abspath("/project")
NAMES = st.sampled_from(["a", "bc", "x.y", "n-1", "pre_n", "Ü"])
FOLDERS = st.lists(st.sampled_from(["a", "b", "deep", "s p"]), max_size=2).map("/".join)
ROOTS = st.sampled_from(["nb", "scripts", "docs", "src/module"])
PREFIXES = st.sampled_from(["", "pre_", "x-"])
MIDDLES = st.sampled_from(["", ".pct", ".lgt", "_t"])
OWN = st.sampled_from(["", "sub", "in/ner"])
TARGETS = ["ipynb", "py:percent", "md", "Rmd", "R:spin", "qmd"]


@st.composite
def forms(draw):
    """Return the list of formats, and for each member what its path adds to the document's."""
    is_rooted = draw(st.booleans())
    targets = draw(st.lists(st.sampled_from(TARGETS), min_size=2, max_size=4, unique=True))
    shorts, parts = [], []
    for target in targets:
        root = draw(ROOTS) if is_rooted else ""
        folder, prefix, middle = draw(OWN), draw(PREFIXES), draw(MIDDLES)
        head = f"{root}//" if root else ""
        head += f"{folder}/" if folder else ""
        head += f"{prefix}/" if prefix or folder or root else ""
        suffix, _, name = target.partition(":")
        file = f"{middle}.{suffix}" if middle else suffix
        shorts.append(head + file + (f":{name}" if name else ""))
        parts.append((root, folder, prefix, f"{middle}.{suffix}"))
    return ",".join(shorts), parts


def path_at(left, below, stem, part):
    root, folder, prefix, ending = part
    return "/".join(filter(None, (left, root, below, folder, f"{prefix}{stem}{ending}")))


@given(forms(), FOLDERS, FOLDERS, NAMES, st.data())
def test_every_member_tells_all_others(forms, left, below, stem, data):
    formats, parts = forms
    below = below if parts[0][0] else ""
    expected = [path_at(left, below, stem, part) for part in parts]
    assume(len(set(expected)) == len(expected))
    asked = data.draw(st.sampled_from(expected))
    try:
        pair = pairs.of_path(f"{ROOT}/{asked}", formats, ROOT)
    except FileError as error:
        if error.code != "OCT-W022":  # another member's form may fit this path as well
            raise
        return
    # A path may have the form of two members: then the longer form counts, as for the peer.
    assert f"{ROOT}/{asked}" in [path.replace(os.sep, "/") for path in pair.paths]
    longest = max(
        (part for part in parts if asked.endswith(part[3])), key=lambda part: len(part[2] + part[3])
    )
    if longest is parts[expected.index(asked)]:
        assert list(pair.names) == expected


@given(forms(), FOLDERS, FOLDERS, NAMES, st.data())
def test_members_lie_where_the_peer_puts_them(forms, left, below, stem, data):
    paired_paths = pytest.importorskip("jupytext.paired_paths")
    from jupytext.formats import long_form_multiple_formats

    formats, parts = forms
    below = below if parts[0][0] else ""
    asked = path_at(left, below, stem, data.draw(st.sampled_from(parts)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            extension = os.path.splitext(asked)[1]
            long = long_form_multiple_formats(formats)
            theirs = paired_paths.paired_paths(f"/project/{asked}", {"extension": extension}, long)
        except Exception:  # noqa: BLE001  what the peer refuses is compared with nothing
            return
    ours = pairs.of_path(f"{ROOT}/{asked}", formats, ROOT)
    assert list(ours.paths) == [os.path.normpath(path) for path, _ in theirs]
