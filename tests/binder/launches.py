"""Launches of every kind, for the tests of links."""

import string

from hypothesis import strategies as st

from octavo.binder.apps import APPS
from octavo.binder.links import BINDER, JUPYTERHUB, LTI, SERVER, Content, Launch
from octavo.binder.providers import Environment

NASTY = [
    "a b.ipynb", "My #1.ipynb", "a?b.ipynb", "100%.ipynb", "50%20off.ipynb", "a&b.ipynb", "a+b.ipynb",
    "a;b.ipynb", "it's.ipynb", 'say "hi".ipynb', "a(b)[c]{d}.ipynb", "<b>.ipynb", "über.ipynb", "数据.ipynb",
    "🎈 party.ipynb", "a=b&c=d.ipynb", "a\\b.ipynb", "`x`.ipynb", "$(touch x).ipynb", "a|b>c.ipynb",
    " leading.ipynb", "trailing .ipynb ", "~tilde.ipynb", "a,b!c*d@e:f.ipynb", "%2F.ipynb", "%252523.ipynb",
    "deep/er/and #/de?per/still%/x y.ipynb", "week 1/My #1.ipynb", "a&amp;b.ipynb", "git-pull", "?reset",
    "tab\there.ipynb", "line\nbreak.ipynb", "e\u0301.ipynb", "\u202eltr.ipynb", "amp;x.ipynb", "lab/tree/x.ipynb",
]  # fmt: skip

HUBS = [
    "https://mybinder.org",
    "https://h.org/binder",
    "https://h.org:8443/a/b",
    "http://localhost:8585",
]

ENVIRONMENTS = [
    Environment("gh", "owner/repo", "main"), Environment("gh", "owner/repo.name", "feature/x#1"),
    Environment("gh", "owner/repo", "a" * 40), Environment("gh", "o-w/r_p", "v1.0&more"),
    Environment("gist", "user/0123456789abcdef0123456789abcdef"),
    Environment("gist", "user/0123456789abcdef0123456789abcdef", "b" * 40),
    Environment("gl", "group/project", "main"), Environment("gl", "group/sub/sub2/project", "a/b c".replace(" ", "%")),
    Environment("git", "https://example.org/x/y.git", "refs/heads/main"),
    Environment("git", "ssh://git@example.org/x y".replace(" ", "%20"), "main"),
    Environment("git", "git@example.org:x/y.git", "feature/z"),
    Environment("zenodo", "10.5281/zenodo.3242074"), Environment("figshare", "10.6084/m9.figshare.9782777.v1"),
    Environment("dataverse", "10.7910/DVN/TJCLKP"), Environment("dataverse", "10.1000/a(b)#c?d%25"),
    Environment("hydroshare", "b8f6eae9d89241cf8b5904033460af61"),
    Environment("hydroshare", "https://www.hydroshare.org/resource/b8f6eae9d89241cf8b5904033460af61"),
    Environment("ckan", "https://demo.ckan.org/dataset/sample-dataset-1"),
    Environment("ckan", "https://demo.ckan.org/dataset/sample?activity_id=x"),
]  # fmt: skip

CONTENTS = [
    None,
    Content("https://github.com/owner/repo"),
    Content("https://github.com/owner/repo.git", "main"),
    Content("https://gitlab.com/a/b/c/", "feature/x", depth=0),
    Content("https://example.org/r", "a&b#c", target="my folder/sub", backup=True),
    Content("https://example.org/r%20s", "ü+é", target="t", depth=5),
]


def launches():
    """Yield launches: every kind with every environment, content, application and nasty name."""
    for environment in ENVIRONMENTS:
        for content in CONTENTS:
            for i, path in enumerate(NASTY):
                app = ("lab", "notebook", "doc", "classic", "notebooks", "voila")[i % 6]
                yield Launch(HUBS[i % 4], BINDER, environment=environment, content=content, app=app,
                             path=path.strip("/"))  # fmt: skip
    for kind in (JUPYTERHUB, LTI, SERVER):
        for content in CONTENTS[1:]:
            for i, path in enumerate(["", *NASTY]):
                server = "" if kind == SERVER or i % 2 else "my server"
                yield Launch(
                    HUBS[i % 4], kind, content=content, app="lab", path=path, server=server
                )


segments = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=12
).filter(lambda text: text not in (".", ".."))
paths = st.lists(segments, max_size=4).map("/".join)
words = st.text(string.ascii_letters + string.digits + "_", min_size=1, max_size=8)
refs = st.lists(
    st.text(string.ascii_letters + string.digits + "#&%+;'\"()<>$!|üß漢", min_size=1, max_size=8),
    min_size=1,
    max_size=3,
).map("/".join)
contents = st.builds(
    Content,
    st.builds(
        "https://{}.org/{}/{}{}".format, words, words, words, st.sampled_from(["", ".git", "/"])
    ),
    refs | st.just(""),
    target=st.lists(words, max_size=2).map("/".join),
    depth=st.none() | st.integers(0, 1000),
    backup=st.booleans(),
)
environments = st.one_of(
    st.sampled_from(ENVIRONMENTS),
    st.builds(lambda o, r, ref: Environment("gh", f"{o}/{r}", ref), words, words, refs),
    st.builds(lambda o, r, ref: Environment("gl", f"{o}/x/{r}", ref), words, words, refs),
    st.builds(
        lambda o, r, ref: Environment("git", f"https://{o}.org/{r}", ref), words, words, refs
    ),
)


@st.composite
def any_launch(draw):
    kind = draw(st.sampled_from([BINDER, BINDER, JUPYTERHUB, LTI, SERVER]))
    content = draw(contents if kind != BINDER else contents | st.none())
    app = draw(st.sampled_from([*APPS, ""]))
    path = draw(paths)
    if app in ("", "rstudio"):
        path = ""
    elif APPS[app].opens == "file":
        path = path or "x"
    return Launch(
        draw(st.sampled_from(HUBS)),
        kind,
        environment=draw(environments) if kind == BINDER else None,
        content=content,
        app=app,
        path=path,
        server=draw(words | st.just("")) if kind in (JUPYTERHUB, LTI) else "",
        parent=draw(st.sampled_from(["", "courses", "a/b"])),
    )
