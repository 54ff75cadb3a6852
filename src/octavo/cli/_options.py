"""Format options on the command line: one flag for each record, and `--opt key=value`."""

from argparse import BooleanOptionalAction

from octavo.core.errors import OptionError
from octavo.core.options import FORMAT_OPTIONS, parse_options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace, _ActionsContainer

    from octavo.core.options import Option, Value
    from octavo.formats._names import Target

_PREFIX = "option_"


def add_flags(parser: "ArgumentParser") -> None:
    """Add `--opt` and a flag for each format option."""
    group = parser.add_argument_group("format options")
    group.add_argument(
        "--opt",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="Set a format option by its name; may be repeated.",
    )
    for option in FORMAT_OPTIONS:
        _add_flag(group, option)


def given(arguments: "Namespace") -> "dict[str, Value]":
    """Return the options that were given, checked against the records.

    Raises: `OptionError` OCT-O001, OCT-O002 as `parse_options`, OCT-O022 for an `--opt` that is
    not `key=value`.
    """
    values: dict[str, object] = {}
    for option in FORMAT_OPTIONS:
        value = getattr(arguments, _PREFIX + option.name)
        if value is not None:
            values[option.name] = value
    for text in arguments.opt:
        key, equals, value = text.partition("=")
        if not equals:
            raise OptionError("OCT-O022", f"{text!r} is not key=value", hint=f"write {key}=true")
        values[key.strip()] = value
    return parse_options(values)


def known_to(target: "Target", options: "dict[str, Value]") -> "dict[str, Value]":
    """Return those of *options* that the format of *target* knows."""
    from octavo.formats import _text

    if not options:
        return options
    known = _text.get_format(target.name).options
    return {name: value for name, value in options.items() if name in known}


def check_known(options: "dict[str, Value]", source: "Target", target: "Target") -> None:
    """Check that each option is known to the format that is read or to the one written.

    Raises: `OptionError` OCT-O003 for the first that neither knows.
    """
    from octavo.formats import _text

    if options:
        known = {name for side in (source, target) for name in _text.get_format(side.name).options}
        parse_options(options, known)


def _add_flag(group: "_ActionsContainer", option: "Option") -> None:
    destination = _PREFIX + option.name
    help_text = option.help.replace("%", "%%")
    if option.kind == "flag":
        group.add_argument(
            option.flag, dest=destination, action=BooleanOptionalAction, help=help_text
        )
    else:
        group.add_argument(option.flag, dest=destination, metavar="TEXT", help=help_text)
