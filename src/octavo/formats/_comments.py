r"""Comment and uncomment: every line of a text that is no code in a script.

A lone carriage return ends a line for Python and others, though not for us; what follows it
is commented too, so that prose never becomes code.
"""

import re


def comment(source: str, prefix: str, suffix: str = "") -> str:
    r"""Return *source* with every line commented; an empty line gets the sign alone.

    >>> comment("a\n\nb", "#")
    '# a\n#\n# b'
    >>> comment("a", "(*", "*)")
    '(* a *)'
    """
    if not prefix:
        return source
    if suffix:
        return "\n".join(
            f"{prefix} {line} {suffix}" if line else f"{prefix} {suffix}"
            for line in source.split("\n")
        )
    text = f"{prefix} " + source.replace("\n", f"\n{prefix} ")
    if "\r" in text:
        text = text.replace("\r", f"\r{prefix} ")
    if "\n\n" in source:
        # Twice, since each match takes the newline that the next one begins with.
        blank, bare = f"\n{prefix} \n", f"\n{prefix}\n"
        text = text.replace(blank, bare).replace(blank, bare)
    if not source or source[0] == "\n":
        text = prefix + text[len(prefix) + 1 :]
    if source.endswith("\n"):
        text = text[:-1]
    return text


def uncomment(text: str, prefix: str, suffix: str = "") -> str:
    r"""Return *text* without the comment sign (and its space) where a line has one.

    >>> uncomment("# a\n#\n#b\nc", "#")
    'a\n\nb\nc'
    """
    if not prefix:
        return text
    if suffix:
        return "\n".join(_strip(line, prefix, suffix) for line in text.split("\n"))
    if "\r" in text:
        text = text.replace(f"\r{prefix} ", "\r")
    pattern = _PATTERNS.get(prefix)
    if pattern is None:
        pattern = _PATTERNS[prefix] = re.compile(f"\n{re.escape(prefix)} ?")
    return pattern.sub("\n", "\n" + text)[1:]


_PATTERNS: "dict[str, re.Pattern[str]]" = {}


def _strip(line: str, prefix: str, suffix: str) -> str:
    if line.startswith(prefix + " "):
        line = line[len(prefix) + 1 :]
    elif line.startswith(prefix):
        line = line[len(prefix) :]
    if line.endswith(" " + suffix):
        return line[: -len(suffix) - 1]
    return line.removesuffix(suffix)
