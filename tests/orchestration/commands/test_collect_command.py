"""`lakehouse collect` and `lakehouse run` together: a run takes what a killed collector left."""

from ingestion.collect.journal import Journal, journal_folder, journals, owned
from ingestion.collect.records import Entry
from orchestration.commands import run as run_module
from orchestration.commands.run import run_everything
from tests.ingestion.collect.collecting import lines

BODY = b'{"object":"whatsapp_business_account","entry":[]}'


def left_by_a_killed_collector(landing):
    folder = journal_folder(landing)
    folder.mkdir(parents=True)
    landing.mkdir()
    Journal(folder).append([Entry("whatsapp", b"", BODY)])
    return folder


def work_begins_with(landing, tmp_path, monkeypatch):
    """The lines in the landing folder when a run starts its steps; the steps are left out."""
    seen = []
    monkeypatch.setattr(run_module, "_execute", lambda *_: seen.extend(lines(landing)) or {})
    for name, value in (
        ("LAKEHOUSE_LAKE", tmp_path / "lake"),
        ("LAKEHOUSE_LANDING", landing),
        ("LAKEHOUSE_KEY_FILE", tmp_path / "keys" / "handles.key"),
    ):
        monkeypatch.setenv(name, str(value))
    code = run_everything(landing=landing, lake=tmp_path / "lake", sample=False, as_json=True)
    assert code == 0
    return seen


def test_a_run_hands_over_what_a_killed_collector_left(tmp_path, monkeypatch):
    landing = tmp_path / "landing"
    folder = left_by_a_killed_collector(landing)
    assert work_begins_with(landing, tmp_path, monkeypatch) == [BODY]
    assert journals(folder) == []


def test_a_run_leaves_the_journals_of_a_working_collector_alone(tmp_path, monkeypatch):
    landing = tmp_path / "landing"
    folder = left_by_a_killed_collector(landing)
    with owned(folder):
        assert work_begins_with(landing, tmp_path, monkeypatch) == []
    assert len(journals(folder)) == 1
