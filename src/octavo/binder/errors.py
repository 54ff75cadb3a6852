"""The error of launch links: OCT-B."""

from octavo.core.errors import OctavoError


class BinderError(OctavoError, ValueError):
    """A launch link, or a repository it names, cannot be used as asked."""

    exit_code = 3
