"""`lakehouse mapping`: a drafted mapping is checked against its file before a run uses it."""

import json
from pathlib import Path

import pytest

from orchestration.cli import main
from orchestration.commands import mapping
from orchestration.commands.problems import in_words

ROWS = """\
No Tiket;Tanggal;Pengirim;No_HP;Pesan
T-1;05/11/2026 08:00;Pelanggan;0811 0000 0001;Tagihan saya naik
T-1;05/11/2026 08:05;CS;0811 0000 0001;Kami cek ya Kak
"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("LAKE", "LANDING", "KEY_FILE", "MAPPINGS", "HOME"):
        monkeypatch.setenv(f"LAKEHOUSE_{name}", str(tmp_path / name.lower()))
    (tmp_path / "mappings").mkdir()
    (tmp_path / "landing" / "desk").mkdir(parents=True)
    (tmp_path / "landing" / "desk" / "tiket_1.csv").write_text(ROWS)
    return tmp_path


def check(file: Path | None) -> int:
    return mapping.check(file, landing=None, as_json=True)


def drafted(home: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    file = home / "landing" / "desk" / "tiket_1.csv"
    assert mapping.draft(file) == 0
    (home / "mappings" / "desk.yml").write_text(capsys.readouterr().out)
    return file


def test_a_draft_passes_its_own_check(home: Path, capsys: pytest.CaptureFixture[str]):
    file = drafted(home, capsys)
    assert check(file) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["connector"] == "mapped:tiket"
    assert told["turns_by_role"] == {"agent": 1, "customer": 1}
    assert (told["conversations"], told["rejected"]) == (1, [])
    assert check(None) == 0
    (listed,) = json.loads(capsys.readouterr().out)
    assert (listed["name"], listed["file"]) == ("tiket", "desk.yml")


def test_words_for_people_show_no_content(home: Path, capsys: pytest.CaptureFixture[str]):
    file = drafted(home, capsys)
    file.write_text(ROWS + "T-2;kemarin;CS;0811 0000 0002;Halo\n")
    assert mapping.check(file, landing=None, as_json=False) == 1
    told = capsys.readouterr().out
    assert "rejected 1: bad_time" in told and "(first at row 3)" in told
    for secret in ("kemarin", "Tagihan", "0811"):
        assert secret not in told


def test_a_file_that_no_mapping_names(home: Path, capsys: pytest.CaptureFixture[str]):
    drafted(home, capsys)
    other = home / "landing" / "crm.csv"
    other.write_text("crm_id,name,updated_at\n")
    assert check(other) == 1
    assert "the connector tabular reads it" in capsys.readouterr().err
    other.write_text("x,y\n")
    assert check(other) == 1
    assert "nothing reads it" in capsys.readouterr().err


def test_what_cannot_be_drafted_or_used_is_said_in_a_line(
    home: Path, capsys: pytest.CaptureFixture[str]
):
    picture = home / "picture.png"
    picture.write_bytes(b"\x89PNG\x00\x00")
    assert mapping.draft(picture) == 1
    assert "picture.png" in capsys.readouterr().err
    (home / "mappings" / "desk.yml").write_text("name: desk\nmtach: x\n")
    with pytest.raises(ValueError, match="did you mean") as caught:
        check(None)
    words = in_words(caught.value)
    assert words is not None and words.startswith("mapping desk.yml:2: ")


def test_a_run_says_in_a_line_what_is_wrong_with_a_mapping(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    (home / "mappings" / "desk.yml").write_text("name: desk\nmtach: x\n")
    monkeypatch.setattr("sys.argv", ["lakehouse", "run"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    assert capsys.readouterr().err.startswith("mapping desk.yml:2: unknown field 'mtach'")
    assert not (home / "lake").exists()
