"""The postBuild that lets kernels import the content, which is cloned only after the build.

nbgitpuller clones when a person opens the link; no hook runs after that.  So postBuild writes
a path file (`.pth`) with folders that do not exist yet: Python passes over them until they do.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

_HEAD = """\
#!/bin/bash
# Made by `octavo binder branch`: edit the files it is made from, not this one.
set -eo pipefail
"""

_INSTALL = """
# Here because the lock file must stay as it is.
python3 -m pip install --no-cache-dir {requirements}
"""

_IMPORTABLE = """
# The content is cloned after the image is built; kernels started after that can import it.
python3 - {arguments} <<'OCTAVO'
import os
import sys
import sysconfig

is_editable, folder, *roots = sys.argv[1:]
content = os.path.join(os.environ.get("REPO_DIR") or os.path.expanduser("~"), folder)
path_file = os.path.join(sysconfig.get_path("purelib"), "octavo-content.pth")
with open(path_file, "w", encoding="utf-8") as fp:
    fp.writelines(os.path.join(content, root).rstrip("/") + "\\n" for root in roots)

HOOK = '''\\
def _octavo_install(folder):
    "Install the content, once for each of its commits."
    import importlib, os, site, subprocess, sys, sysconfig
    ask = ["git", "-C", folder, "rev-parse", "HEAD"]
    head = subprocess.run(ask, capture_output=True, text=True).stdout.strip()
    marker = os.path.join(sys.prefix, ".octavo-content")
    done = open(marker).read() if os.path.exists(marker) else ""
    if not head or head == done:
        return
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
           "--no-build-isolation", "--editable", folder]
    if subprocess.run(pip).returncode == 0:
        with open(marker, "w") as fp:
            fp.write(head)
        site.addsitedir(sysconfig.get_path("purelib"))
        importlib.invalidate_caches()

_octavo_install(%r)
del _octavo_install
'''
if is_editable == "editable":
    startup = os.path.join(os.path.expanduser("~"), ".ipython", "profile_default", "startup")
    os.makedirs(startup, exist_ok=True)
    with open(os.path.join(startup, "00-octavo-content.py"), "w", encoding="utf-8") as fp:
        fp.write(HOOK % content)
OCTAVO
"""

_CALL = """
# The postBuild of the repository.
exec "$(dirname "$0")"/{name}
"""


def post_build(
    *,
    folder: str = "",
    roots: "Sequence[str]" = (),
    is_editable: bool = False,
    requirements: "Sequence[str]" = (),
    user_script: str = "",
) -> str:
    """Return a postBuild script; what comes from outside is quoted for the shell.

    *folder* is the one that the content is cloned into ("" = nothing is made importable),
    *roots* the folders in it that hold packages, *requirements* what pip installs,
    *user_script* the name of the script beside it that is run at the end.
    """
    from shlex import join, quote

    parts = [_HEAD]
    if requirements:
        parts.append(_INSTALL.format(requirements=join(requirements)))
    if folder:
        kind = "editable" if is_editable else "path"
        parts.append(_IMPORTABLE.replace("{arguments}", join([kind, folder, *roots])))
    if user_script:
        parts.append(_CALL.format(name=quote(user_script)))
    return "".join(parts)
