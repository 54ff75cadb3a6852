"""Groups of paired formats as configuration files spell them: text, list or table."""

from octavo.core.errors import ConfigError, OptionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.errors import Span

_HINT = 'for example formats = "ipynb,py:percent"'
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:+.")


def groups(value: object, span: "Span") -> list[str]:
    """Return *value* as a list of groups, each a text of members: `ipynb,py:percent`.

    A table `prefix -> format` is the group of files below these root folders.

    Raises: `ConfigError` OCT-C002 for what is no group.

    >>> from octavo.core.errors import Span
    >>> groups("ipynb,py; md,Rmd", Span())
    ['ipynb,py', 'md,Rmd']
    >>> groups({"notebooks/": "ipynb", "scripts/": "py:percent"}, Span())
    ['notebooks///ipynb,scripts///py:percent']
    """
    parts = value if isinstance(value, list) else [value]
    found: list[str] = []
    for part in parts:
        if isinstance(part, str):
            found += [_trimmed(group) for group in part.split(";") if group.strip()]
        elif isinstance(part, dict) and all(isinstance(form, str) for form in part.values()):
            found.append(",".join(_rooted(str(prefix), form) for prefix, form in part.items()))
        else:
            from reprlib import repr as short_repr

            raise ConfigError(
                "OCT-C002", f"formats takes texts or tables of texts, not {short_repr(part)}", span,
                hint=_HINT,
            )  # fmt: skip
    return found


def check(found: list[str], value: object, span: "Span") -> None:
    """Check that the members of groups name formats that exist.

    Raises: `ConfigError` OCT-C002.
    """
    if isinstance(value, list) and len(found) > 1 and not any("," in group for group in found):
        joined = ",".join(found)
        raise ConfigError(
            "OCT-C002", "a list holds groups of formats, and each of these has one member only",
            span, hint=f'one group of them all is formats = "{joined}"',
        )  # fmt: skip
    for group in found:
        for member in group.split(","):
            _check_member(member, span)


def with_names(group: str, preferred: str) -> str:
    """Return *group* with the format names of *preferred* at suffixes that have none.

    >>> with_names("ipynb,scripts//py,md:myst", "py:light,md:markdown")
    'ipynb,scripts//py:light,md:myst'
    """
    names = dict(_split(wish.strip()) for wish in preferred.split(",") if wish.strip())
    members = []
    for member in group.split(","):
        folder, slash, file = member.rpartition("/")
        suffix = file.rpartition(".")[2]
        name = "" if ":" in file else names.get(suffix, "")
        members.append(f"{folder}{slash}{file}" + (f":{name}" if name else ""))
    return ",".join(members)


def _trimmed(group: str) -> str:
    return ",".join(member.strip() for member in group.split(","))


def _rooted(prefix: str, form: str) -> str:
    folder = prefix.strip().rstrip("/")
    return f"{folder}///{form.strip()}" if folder else form.strip()


def _split(wish: str) -> tuple[str, str]:
    suffix, _, name = wish.partition(":")
    return suffix.removeprefix("."), name


def _check_member(member: str, span: "Span") -> None:
    """Check suffix and format of a plain member; other spellings are for those who use them."""
    from octavo.formats import _names

    file = member.rpartition("/")[2]
    if not set(file) <= _PLAIN:
        return
    path, colon, name = file.partition(":")
    short = path.rpartition(".")[2] + colon + name
    try:
        _names.parse(short)
    except OptionError as error:
        raise ConfigError("OCT-C002", error.message, span, hint=error.hint) from None
