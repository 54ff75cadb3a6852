"""A Markdown text with every feature that exporters know, made to be damaged."""

TEXT = r"""---
title: The title
subtitle: below it
authors: [{name: Ann}]
date: 2020-01-01
description: a few words
lang: en
---
(lab)=
# Head {#hid .cls}

Text *a* **b** `c` ~~d~~ $x^2$ [l](other.html "t") ![alt](a.png "tt"){width=20} <b>raw</b>
{ref}`lab` {ref}`words <lab>` {abbr}`A (b)` {sub}`2` {kbd}`Ctrl` {math}`y` {doc}`z` [^f]
@key [@key, p. 3] {cite:p}`key` <https://example.org/a> [[b]](#hid) [](#lab)

[^f]: foot *note*

$$ \frac{a}{b} \text{words} $$ (eq1)

\begin{align} a &= b \\ c \end{align}

> [!NOTE]
> of GitHub

```{note} title here
:class: dropdown
:name: nn
body
```

:::{figure} fig.png
:alt: alt words
:name: fg
:width: 50%
caption
:::

```{code-block} python
:caption: cap
x = 1
```

```{list-table} t
* - a
  - b
```

```{csv-table} c
a,b
```

````{tab-set}
```{tab-item} one
body
```
````

::: {.callout-tip title="T"}
tip
:::

```python {.cls key=1}
code
```

| a | b |
|---|:-:|
| c | d |

term
: definition

- [ ] task
3. three
   - two

<div class="k" id="i"><a href="j">t</a><img src="data:image/png;base64,AAAA" alt="q"></div>

```{unknown} w
words
```
"""
