"""The applications that a link can open, and the address of a file in each."""

from octavo.binder.errors import BinderError
from octavo.core.errors import did_you_mean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class App:
    """An application: the address is `prefix`, the path, `suffix`.

    `opens` is "any" (file or folder), "file", "folder", or "nothing" (it has no addresses).
    """

    __slots__ = ("name", "opens", "prefix", "suffix", "title")

    def __init__(self, name: str, title: str, prefix: str, opens: str, suffix: str = "") -> None:
        self.name = name
        self.title = title
        self.prefix = prefix
        self.opens = opens
        self.suffix = suffix


APPS = {
    app.name: app
    for app in (
        App("lab", "JupyterLab", "lab/tree/", "any"),
        App("notebook", "Jupyter Notebook", "tree/", "any"),
        App("notebooks", "Jupyter Notebook (one document)", "notebooks/", "file"),
        App("doc", "JupyterLab (one document)", "doc/tree/", "any"),
        App("classic", "the classic Notebook", "nbclassic/tree/", "any"),
        App("rstudio", "RStudio", "rstudio/", "nothing"),
        App("shiny", "Shiny", "shiny/", "folder", "/"),
        App("voila", "Voila", "voila/render/", "file"),
    )
}
#: RetroLab is gone; what it did, Jupyter Notebook 7 does.
RETRO_PREFIX = "retro/tree/"


def get_app(name: str) -> App:
    """Return an application by its name.

    Raises: `BinderError` OCT-B005.
    """
    if name in APPS:
        return APPS[name]
    if name in ("retro", "retrolab"):
        hint = "RetroLab became Jupyter Notebook 7: use --app notebook"
    else:
        hint = did_you_mean(name, list(APPS)) or "known: " + ", ".join(APPS)
    raise BinderError("OCT-B005", f"no application {name!r} can be opened", hint=hint)


def by_prefix() -> "Iterator[App]":
    """Yield all applications, those with the longest prefix first."""
    yield from sorted(APPS.values(), key=lambda app: -len(app.prefix))
