"""The error of version control: OCT-V."""

from octavo.core.errors import OctavoError


class VcsError(OctavoError, RuntimeError):
    """Git, or a repository, cannot do what was asked."""

    exit_code = 4
