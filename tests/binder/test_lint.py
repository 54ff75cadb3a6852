"""Every rule finds what it is for and nothing else; what is repaired stays repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from binder.launches import NASTY, any_launch
from binder.lint_fixtures import CLEAN, FAILING, HUB, PASSING
from octavo.binder import lint_rules
from octavo.binder.links import JUPYTERHUB, Content, Launch, build
from octavo.binder.lint import check
from octavo.binder.reading import parse, read

FAILING_LINKS = [(rule, url) for rule, urls in FAILING.items() for url in urls]
PASSING_LINKS = [(rule, url) for rule, urls in PASSING.items() for url in urls]
ELSEWHERE = {"L6", "L7", "L8", "L11", "L12", "L13", "L14", "L15", "L16", "L17"}
"""Rules whose fixtures are repositories and files: test_lint_online.py, test_lint_files.py."""


def rules(verdict):
    return {finding.rule for finding in verdict.findings}


def target(url):
    """Return what a launch is about: what is cloned from where, and what opens."""
    launch = parse(url)
    content, place = launch.content, launch.environment
    return (
        content and (content.branch, content.depth, content.backup),
        place and (place.clone_url or place.repository).removesuffix(".git").rpartition("/")[2],
        launch.path.strip("/"), launch.address, launch.server,
    )  # fmt: skip


def test_every_rule_has_its_fixtures():
    assert set(FAILING) == set(PASSING) == set(lint_rules.RULES) - ELSEWHERE
    assert all(len(urls) >= 3 for urls in FAILING.values())
    assert all(len(urls) >= 2 for urls in PASSING.values())


@pytest.mark.parametrize(("rule", "url"), FAILING_LINKS)
def test_rule_finds(rule, url):
    assert rule in rules(check(url))


@pytest.mark.parametrize(("rule", "url"), PASSING_LINKS)
def test_rule_lets_pass(rule, url):
    assert rule not in rules(check(url))


@pytest.mark.parametrize("url", CLEAN)
def test_good_links_pass_all_rules_and_stay(url):
    verdict = check(url)
    assert (verdict.findings, verdict.fixed) == ([], url)


@pytest.mark.parametrize(("rule", "url"), FAILING_LINKS)
def test_repaired_link_is_clean_and_means_the_same(rule, url):
    before = check(url)
    after = check(before.fixed)
    assert not [finding for finding in after.findings if finding.fixable]
    left = {finding.rule for finding in before.findings if not finding.fixable}
    assert rules(after) <= left | {"L18"}
    assert after.fixed == before.fixed
    assert target(before.fixed) == target(url)
    if any(finding.fixable for finding in before.findings):
        assert read(before.fixed).faults == [
            fault for fault in read(before.fixed).faults if not fault.is_fixed
        ]


@pytest.mark.parametrize("path", NASTY)
def test_paths_that_were_encoded_once_too_few_are_repaired(path):
    """What the generator of nbgitpuller writes: each of these names opens after the repair."""
    from urllib.parse import quote

    clean = path.strip("/").strip()
    url = f"{HUB}&urlpath={quote('lab/tree/R/' + clean, safe='')}"
    has_lost = any(sign in clean for sign in "#?") and clean != "?reset"  # lab takes ?reset
    assert ("L3" in rules(check(url))) or not has_lost
    if "%" not in clean and not clean.startswith("?"):
        assert parse(check(url).fixed).path == clean


@given(any_launch(), st.sampled_from(["amp", "cut", "once"]))
def test_damage_is_repaired(launch, damage):
    """Break a good link in a way seen in the wild, repair it: it launches what it did before."""
    if launch.content is None or not launch.content.branch or launch.kind == "lti":
        return
    url = build(launch.with_(parent=""))
    if damage == "amp":
        broken = url.replace("%26branch", "%26amp%3Bbranch").replace("&branch", "&amp;branch")
    elif damage == "cut":
        broken = (
            url.replace("%26branch%3D", "&branch=").replace("%2525", "%25")
            if "%25" not in url
            else url
        )
    else:
        broken = url.replace("urlpath=git-pull%3F", "urlpath=git-pull?")
    verdict = check(broken)
    assert read(check(url).fixed).launch == read(verdict.fixed).launch
    assert check(verdict.fixed).fixed == verdict.fixed


@given(st.text(max_size=80))
def test_no_text_brings_us_down(text):
    for start in (
        "https://mybinder.org/v2/gh/",
        "https://h.org/hub/user-redirect/git-pull?repo=",
        "",
    ):
        verdict = check(start + text)
        assert check(verdict.fixed).fixed == verdict.fixed


def test_renamed_branches_are_followed_on_both_sides():
    url = "https://mybinder.org/v2/gh/U/R/master?urlpath=git-pull%3Frepo%3Dhttps%253A%252F%252Fgithub.com%252FU%252FR%26branch%3Dmaster"
    verdict = check(url, renames=[("master", "main")])
    assert verdict.fixed == url.replace("master", "main")
    assert rules(verdict) == {"L8"}
    assert rules(check(verdict.fixed, renames=[("master", "main")])) == set()


def test_parent_path_of_a_hub_is_no_fault():
    url = f"{HUB}&urlpath=lab%2Ftree%2Fcourses%2FR%2Fa.ipynb"
    assert rules(check(url)) == {"L4"}
    assert rules(check(url, parent="courses")) == set()
    assert parse(url, parent="courses").path == "a.ipynb"


@pytest.mark.parametrize("branch", ["-x", "$(touch x)", "a b", "a..b"])
def test_branch_that_git_refuses_is_never_written(branch):
    from urllib.parse import quote

    url = f"{HUB}&amp;branch={quote(branch, safe='')}"
    verdict = check(url)
    assert verdict.fixed == url
    assert "OCT-B007" in rules(verdict)
    assert not any(finding.fixable for finding in verdict.findings)


def test_levels():
    assert {lint_rules.level(rule) for rule in lint_rules.RULES} == {"error", "warning", "advice"}
    assert lint_rules.level("OCT-B003") == "error"
    launch = Launch(
        "https://h.org", JUPYTERHUB, content=Content("https://h.org/r", "main"), app="lab"
    )
    assert lint_rules.renamed(launch, "master", "main") is None
