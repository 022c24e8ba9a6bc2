"""Paths and links of the pages lead somewhere, and nothing in the project leads to one machine."""

import re
import subprocess
from pathlib import Path

import pytest
from pages import PAGES, README, ROOT, blocks, spans, text_of


def tree():
    """Lines of the annotated tree in the README as paths."""
    lines = next(body for body in blocks(README) if body.startswith("ingestion/")).splitlines()
    parent = ""
    for line in lines:
        name = line.split()[0]
        if not line.startswith(" "):
            parent = name
        yield name if name == parent else parent + name


@pytest.mark.parametrize("path", list(tree()))
def test_every_path_of_the_tree_exists(path):
    assert (ROOT / path).is_dir()


def test_no_folder_is_missing_from_the_tree():
    listed = set(tree())
    tracked = {path.relative_to(ROOT).parts[0] + "/" for path in files() if path.parent != ROOT}
    assert {name for name in tracked if not name.startswith(".")} <= listed


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_to_files_and_headings(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        path, _, heading = target.partition("#")
        found = page if not path else page.parent / path
        assert found.exists(), target
        if heading:
            titles = re.findall(r"^#+ (.+)$", text_of(found), re.MULTILINE)
            assert heading in {title.lower().replace(" ", "-") for title in titles}, target


def test_files_that_the_readme_names_exist():
    folders = (
        "ingestion/",
        "enrichment/",
        "warehouse/",
        "orchestration/",
        "dbt_project/",
        "tests/",
    )
    named = [word for span in spans(README) for word in span.split() if word.startswith(folders)]
    assert len(named) > 10
    for name in named:
        assert (ROOT / name.rstrip(')"')).exists(), name


def files() -> list[Path]:
    """All text files of the project that are, or could be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [ROOT / line for line in listed.stdout.splitlines()]
    return [path for path in paths if path.is_file() and path.suffix not in {".skops", ".parquet"}]


def test_no_path_of_one_machine_and_no_package_index():
    folders = {str(ROOT), str(Path.home())} - {"/"}
    hosts = ("pypi" + ".org", "python" + "hosted.org", "index" + "-url", "trusted" + "-host")
    own = Path(__file__).parent
    for path in files():
        text = path.read_bytes().decode("utf-8", "replace")
        assert not [host for host in hosts if host in text], path
        if own not in path.parents:
            found = [f for f in folders if re.search(re.escape(f) + r"(?![\w-])", text)]
            found += re.findall(r"/(?:home|Users)/[a-z]\w*/", text)
            assert not found, f"{path}: {found}"
