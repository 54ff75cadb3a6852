"""What a hub asks of the server that it started: the last part of a launch link, as sent.

Nothing is mended here.  A proof has to send what BinderHub or JupyterHub would send, and so it
does not go through `links.parse`, which understands links.

Source: `lib/spec.js` of BinderHub, `user_redirect` of JupyterHub, nbgitpuller's `handlers.py`.
"""

from urllib.parse import parse_qsl, quote, unquote, urlsplit

#: BinderHub's own parameters; the first of them that a link has wins.
_BINDER_PATHS = (("labpath", "doc/tree/"), ("filepath", "tree/"), ("urlpath", ""))
#: What JavaScript's encodeURI leaves alone.
_ENCODE_URI = ";/?:@&=+$,#-_.!~*'()"
_REDIRECT = "/user-redirect/"
_ENDPOINTS = ("git-pull", "git-sync", "interact")  # of nbgitpuller: its name, and two old ones


def request_of(url: str) -> str:
    """Return the path and query that the server is asked for, an empty string for none.

    >>> request_of("https://mybinder.org/v2/gh/U/R/main?labpath=a%20b.ipynb")
    'doc/tree/a%20b.ipynb'
    >>> request_of("https://hub.example/hub/user-redirect/git-pull?repo=https%3A%2F%2Fh%2FR")
    'git-pull?repo=https%3A%2F%2Fh%2FR'
    """
    parts = urlsplit(url)
    query = dict(reversed(parse_qsl(parts.query, keep_blank_values=True)))
    if _REDIRECT in parts.path:
        rest = parts.path.partition(_REDIRECT)[2]
        return _without_server(f"{rest}?{parts.query}" if parts.query else rest)
    end = parts.path.rstrip("/").rpartition("/")[2]
    if end in _ENDPOINTS and "/v2/" not in parts.path:
        return f"{end}?{parts.query}"
    if parts.path.endswith("/lti/launch") or ("next" in query and "urlpath" not in query):
        return request_of(query.get("next", ""))
    for name, prefix in _BINDER_PATHS:
        if query.get(name):
            path = query[name] if name == "urlpath" else quote(query[name], safe=_ENCODE_URI)
            return prefix + path.lstrip("/")
    return ""


def is_pull(request: str) -> bool:
    """Return whether a request goes to nbgitpuller."""
    path = request.partition("?")[0].rstrip("/")
    return path in _ENDPOINTS


def parameters(request: str) -> dict[str, str]:
    """Return the parameters of a request, as tornado reads them: the last of equal names wins."""
    query = urlsplit("http://server/" + request).query
    return dict(parse_qsl(query, keep_blank_values=True))


def document_path(path: str, app: str) -> str:
    """Return the file that *app* opens, given the path that the browser is sent to.

    *path* is a URL: `#` and `?` end it, each segment is decoded once.

    >>> document_path("lab/tree/R/week%201/My%20%231.ipynb", "lab/tree/")
    'R/week 1/My #1.ipynb'
    >>> document_path("lab/tree/R/My #1.ipynb", "lab/tree/")
    'R/My '
    """
    rest = path.removeprefix(app)
    rest = rest.partition("#")[0].partition("?")[0]
    return unquote(rest).strip("/")


def _without_server(rest: str) -> str:
    """Return a redirect without the name of a named server before `git-pull`."""
    head, slash, tail = rest.partition("/")
    return tail if slash and tail.partition("?")[0] in _ENDPOINTS and "?" not in head else rest
