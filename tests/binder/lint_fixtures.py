"""Links that break a rule, and links that do not: at least three and two for each."""

from octavo.binder.links import JUPYTERHUB, LTI, Content, Launch, build
from octavo.binder.providers import Environment

GH = "https://mybinder.org/v2/gh/U/R/env"
PULL = f"{GH}?urlpath=git-pull%3Frepo%3Dhttps%253A%252F%252Fgithub.com%252FU%252FR%26branch%3Dmain"
HUB = "https://h.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fgithub.com%2FU%2FR"
SHA = "0123456789abcdef0123456789abcdef01234567"


def hub(repository, *, branch="main", path="a.ipynb", base="https://h.org", **content):
    """Return a link to a JupyterHub."""
    there = Content(repository, branch, **content)
    return build(Launch(base, JUPYTERHUB, content=there, app="lab", path=path))


def binder(provider, repository, ref, *, base="https://mybinder.org"):
    """Return a link to a BinderHub."""
    return build(
        Launch(base, environment=Environment(provider, repository, ref), app="lab", path="a.ipynb")
    )


CLEAN = [
    PULL,
    f"{PULL}%26urlpath%3Dlab%252Ftree%252FR%252Fa.ipynb",
    f"{PULL}%26urlpath%3Dlab%252Ftree%252FR%252FMy%252520%2525231.ipynb",
    f"{HUB}&branch=main&urlpath=lab%2Ftree%2FR%2Fa.ipynb",
    hub("https://github.com/U/R.git"),
    binder("gl", "a/b/c", "main"),
    "https://mybinder.org/v2/gh/ipython/ipython-in-depth/v1?urlpath=lab/tree/binder/Index.ipynb",
    "https://mybinder.org/v2/gh/binder-examples/r/main?urlpath=rstudio",
]

#: Rule -> links that break it.
FAILING = {
    "L1": [
        f"{GH}?urlpath=git-pull?repo=https://github.com/U/R%26amp%3Bbranch=B%26amp%3Bsubpath=F.ipynb",
        f"{HUB}&amp;branch=main&amp;urlpath=lab%2Ftree%2FR%2Fa.ipynb",
        f"{GH}?urlpath=git-pull%3Frepo%3Dhttps%253A%252F%252Fgithub.com%252FU%252FR%26amp%3Bbranch%3Dmain",
        f"{GH}?x=1&amp;urlpath=lab/tree/a.ipynb",
        f"{HUB}&amp;amp;branch=main",
    ],
    "L2": [
        f"{GH}?urlpath=git-pull?repo=https://github.com/U/R&branch=B&urlpath=lab/tree/R/a.ipynb",
        f"{GH}?urlpath=git-pull%3Frepo%3Dhttps://github.com/U/R&branch=main",
        f"{GH}?urlpath=git-pull?repo=https://github.com/U/R&depth=0",
        "https://h.org/hub/lti/launch?next=/hub/user-redirect/git-pull%3Frepo%3Dhttps://github.com/U/R&branch=main",
    ],
    "L3": [
        f"{PULL}%26urlpath%3Dlab%252Ftree%252FR%252FMy%20%231.ipynb",
        f"{PULL}%26urlpath%3Dlab%252Ftree%252FR%252FMy%252520%25231.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2FR%2Fa%3Fb.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2FR%2F100%25.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2FR%2Fa%23b.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2FR%2FMy%20#1.ipynb",
        f"{GH}?urlpath=lab/tree/a%23b.ipynb",
        f"{GH}?labpath=a%23b.ipynb",
        f"{HUB}&subPath=a%23b.ipynb",
        "https://h.org/git-pull?repo=https%253A%252F%252Fh.org%252FR&branch=main",
        f"{GH}?urlpath=git-pull%253Frepo%253Dhttps%25253A%25252F%25252Fgithub.com%25252FU%25252FR",
    ],
    "L4": [
        f"{HUB}.git&urlpath=lab%2Ftree%2FR%2Fa.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2FR.git%2Fa.ipynb",
        f"{HUB}&targetPath=notes&urlpath=lab%2Ftree%2FR%2Fa.ipynb",
        f"{HUB}&urlpath=tree%2Fr%2Fa.ipynb",
        f"{GH}?urlpath=final.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2Felsewhere%2Fa.ipynb",
        f"{HUB}&urlpath=lab%2Ftree%2Fcourses%2FR%2Fa.ipynb",
        f"{PULL}%26urlpath%3Dlab%252Ftree%252Fother%252Fa.ipynb%253Freset",
    ],
    "L5": [
        hub("https://github.com/U/R", branch=SHA),
        f"{HUB}&branch={SHA[::-1]}",
        build(Launch("https://h.org", LTI, content=Content("https://github.com/U/R", SHA), app="lab")),
    ],
    "L9": [
        f"{GH}?filepath=a/b.ipynb",
        f"{GH}?labpath=a%20b.ipynb",
        f"{HUB}&subPath=a.ipynb",
        f"{HUB}&subPath=.",
        f"{HUB}&subpath=a.ipynb&app=lab",
        f"{HUB}&urlpath=retro%2Ftree%2FR%2Fa.ipynb",
        f"{HUB}&urlpath=lab/tree/R/a.ipynb/%3Fautodecode",
        "https://h.org/hub/user-redirect/git-sync?repo=https://github.com/U/R",
        "https://h.org/hub/user-redirect/interact?account=U&repo=R&branch=main&path=a.ipynb",
    ],
    "L10": [
        "https://h.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fme%3Asecret%40github.com%2FU%2FR",
        "https://h.org/hub/user-redirect/git-pull?repo=https%3A%2F%2Fh.org%2FR%3Fprivate_token%3Dx",
        f"{HUB}&token=abc",
        binder("git", "https://oauth2:glpat-x@gitlab.example/a", "main"),
    ],
    "L18": [
        binder("gh", "U/R", "HEAD"), binder("gl", "a/b", "HEAD"), binder("git", "https://h.org/r", "HEAD"),
    ],
    "L19": [
        hub("https://github.com/U/R", path=".ipynb_checkpoints/a-checkpoint.ipynb"),
        hub("https://github.com/U/R", path="x/.ipynb_checkpoints/a-checkpoint.ipynb"),
        f"{GH}?urlpath=lab/tree/.ipynb_checkpoints/a-checkpoint.ipynb",
    ],
    "L20": [
        hub("git@github.com:U/R.git"), hub("ssh://git@gitlab.com/U/R"), hub("ssh://git@h.org/U/R"),
        hub("git://github.com/U/R"), hub("file:///home/me/R"), binder("git", "ssh://git@h.org/r", "main"),
        binder("git", "git@github.com:U/R.git", "main"),
    ],
    "L21": [
        binder("gh", "U/R", "main", base=f"https://{host}")
        for host in ("gke.mybinder.org", "ovh.mybinder.org", "turing.mybinder.org", "binder.curvenote.dev")
    ],
    "L22": [
        hub("http://github.com/U/R"), hub("https://github.com/U/R", base="http://h.org"), hub("http://h.org/R"),
        binder("gh", "U/R", "main", base="http://mybinder.org"), binder("git", "http://gitlab.example/r", "main"),
    ],
    "L23": [
        "https://mybinder.org/v2/gh/U/R.git/main?urlpath=lab",
        "https://mybinder.org/v2/gl/U/R/main", "https://mybinder.org/v2/gh/U/R", "https://mybinder.org/v2/gh/U/R/",
        "https://mybinder.org/v2/gh/https://github.com/U/R/main", "https://mybinder.org/v2/git/https://h.org/r/main",
        binder("git", "https://github.com/U/R.git", "main"), binder("git", "https://gitlab.com/a/b", "refs/heads/main"),
    ],
    "L24": [
        hub("https://github.com/U/R", path="x" * 2000), hub("https://github.com/U/R", path="#" * 400),
        hub("https://github.com/U/R", path="/".join(["deep"] * 300)),
    ],
    "L25": [
        "https://h.org/teach/hub/lti/launch?next=%2Fhub%2Fuser-redirect%2Fgit-pull%3Frepo%3Dhttps%253A%252F%252Fh.org%252FR",
        "https://h.org/a/b/hub/lti/launch?custom_next=/a/hub/user-redirect/git-pull%3Frepo%3Dhttps%253A%252F%252Fh.org%252FR",
        "https://h.org/x/hub/lti/launch?next=hub/user-redirect/git-pull%3Frepo%3Dhttps%253A%252F%252Fh.org%252FR",
    ],
    "L26": [
        f"{HUB}&depth=all", f"{PULL}%26depth%3Dx", f"{PULL}%26brunch%3Dmain", f"{PULL}%26subPaht%3Da.ipynb",
    ],
}  # fmt: skip

#: Rule -> links that look like it and are right.
PASSING = {
    "L1": [hub("https://github.com/U/R", path="a&amp;b.ipynb"), f"{HUB}&branch=main"],
    "L2": [f"{GH}?urlpath=lab/tree/a.ipynb&utm_source=x", hub("https://github.com/U/R", path="a&branch=b.ipynb")],
    "L3": [hub("https://github.com/U/R", path="#?%.ipynb"), f"{HUB}&urlpath=lab%2Ftree%2FR%2Fa.ipynb%3Freset",
           f"{GH}?urlpath=lab/tree/a%20b.ipynb"],
    "L4": [hub("https://github.com/U/R/"), hub("https://github.com/U/R", target="notes/1"), f"{HUB}&urlpath=rstudio%2F",
           f"{HUB}&urlpath=proxy%2F8080%2F"],
    "L5": [hub("https://github.com/U/R", branch="release-1.2"), hub("https://github.com/U/R", branch=SHA[:39])],
    "L9": [f"{GH}?urlpath=tree/a.ipynb", f"{HUB}&urlpath=tree%2FR%2Fretro%2Ftree"],
    "L10": [hub("https://github.com/U/token"), f"{GH}?urlpath=lab/tree/token=x.ipynb"],
    "L18": [binder("gh", "U/R", "main"), binder("zenodo", "10.5281/zenodo.3242074", "")],
    "L19": [hub("https://github.com/U/R", path="ipynb_checkpoints/a.ipynb"), hub("https://github.com/U/R")],
    "L20": [hub("https://github.com/U/R.git"), binder("git", "https://h.org/r", "main")],
    "L21": [binder("gh", "U/R", "main", base="https://binder.example.org"), binder("gh", "U/R", "main")],
    "L22": [hub("https://github.com/U/R", base="http://localhost:8888"), hub("http://127.0.0.1:9999/R")],
    "L23": [binder("gl", "a/b", "main"), binder("git", "https://h.org/r.git", "main"), binder("gh", "U/R", "a/b")],
    "L24": [hub("https://github.com/U/R", path="x" * 1000), PULL],
    "L25": [build(Launch("https://h.org/teach", LTI, content=Content("https://h.org/R"), app="lab")),
            "https://h.org/hub/lti/launch?next=/hub/user-redirect/git-pull%3Frepo%3Dhttps%253A%252F%252Fh.org%252FR"],
    "L26": [f"{HUB}&depth=0", f"{PULL}%26depth%3D3%26backup%3Dtrue"],
}  # fmt: skip
