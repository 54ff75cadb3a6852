"""Names of branches, tags and commits: which are safe to hand to git and to a link."""

from octavo.binder.errors import BinderError
from octavo.core.patterns import lazy

_COMMIT = lazy(r"[0-9a-f]{40}")
_FORBIDDEN = lazy(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|\.lock(?:/|$)|(?:^|/)\.|[./]$|^[-/]|^@$")


def is_commit(ref: str) -> bool:
    """Return whether *ref* is a full commit id."""
    return bool(_COMMIT.fullmatch(ref))


def check_ref(ref: str) -> str:
    """Return *ref* if git allows a branch or tag of that name, and no command reads it as a flag.

    Raises: `BinderError` OCT-B007.
    """
    if not ref or _FORBIDDEN.search(ref) or not _is_utf8(ref):
        raise BinderError(
            "OCT-B007",
            f"{ref!r} cannot be the name of a branch, tag or commit",
            hint="git allows no blanks, no `..`, none of ~^:?*[\\ and no leading dash",
        )
    return ref


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
