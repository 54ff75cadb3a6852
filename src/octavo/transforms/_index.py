"""The transforms by name: each file of this folder ends in TRANSFORMS, a tuple of some.

Other packages bring theirs through entry points of the group `octavo.transforms`.
"""

from octavo.core.errors import OptionError, did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from octavo.core.document import Document
    from octavo.transforms._transform import Step, Transform


def all_of_them() -> "dict[str, Transform]":
    """Return the built-in transforms by name."""
    import pkgutil
    from importlib import import_module

    import octavo.transforms as package

    found: dict[str, Transform] = {}
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            loaded = import_module(f"octavo.transforms.{module.name}")
            found.update({one.name: one for one in loaded.TRANSFORMS})
    return found


def step(text: str) -> "tuple[Transform, Step]":
    """Return the transform that `name` or `name:argument` asks for.

    Raises: `OptionError` OCT-E051 for an unknown transform or a wrong argument, OCT-E050 for an
    argument that is to be an expression and is none.
    """
    from octavo.transforms._transform import Step

    name, colon, argument = (word.strip() for word in text.partition(":"))
    known = all_of_them()
    found = known.get(name.replace("_", "-")) or _foreign().get(name)
    if found is None:
        hint = did_you_mean(name, list(known)) or "there are: " + ", ".join(known)
        raise OptionError("OCT-E051", f"unknown transform {name!r}", hint=hint)
    if colon and not found.takes:
        raise OptionError("OCT-E051", f"{name} takes nothing after a colon", hint=f"write {name}")
    if found.takes.startswith("EXPRESSION") and argument:
        from octavo.transforms import _expression

        _expression.parse(_expression.named(argument))
    return found, Step(found.name, argument)


def apply(document: "Document", text: str, path: str = "") -> "Document":
    """Return *document* after the transform that a text asks for; errors as `step`."""
    from octavo.transforms._transform import Step

    found, wanted = step(text)
    return found.apply(document, Step(wanted.name, wanted.argument, path))


def _foreign() -> "dict[str, Transform]":
    from importlib.metadata import entry_points

    from octavo.transforms._transform import Transform

    loaded = (point.load() for point in entry_points(group="octavo.transforms"))
    return {one.name: one for one in loaded if isinstance(one, Transform)}
