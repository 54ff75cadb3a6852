"""The error of a proof: the link does not do what it says."""

from octavo.core.errors import OctavoError


class BrokenLink(OctavoError):  # noqa: N818  it names what was found, not a fault of ours
    """A launch link that does not open what it should."""

    exit_code = 1
