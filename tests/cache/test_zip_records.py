import zipfile

import pytest

from cache.zip_records import LimitedReads, record_start


def test_a_record_begins_behind_its_own_header(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("first", b"one")
        archive.writestr("second with a longer name", b"two")

    with (tmp_path / "a.zip").open("rb") as file, zipfile.ZipFile(file) as archive:
        for record in archive.infolist():
            file.seek(record_start(file, record))
            assert file.read(3) == archive.read(record)


def test_a_place_before_the_file_is_damage(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK")

    with (
        (tmp_path / "a.zip").open("rb") as opened,
        LimitedReads(opened.raw) as file,
        pytest.raises(zipfile.BadZipFile, match="before the file"),
    ):
        file.seek(-1)


@pytest.mark.parametrize("place", [1, 5, 10**6])
def test_a_record_that_begins_elsewhere_is_refused(tmp_path, place):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("first", b"one")
        (record,) = archive.infolist()
    record.header_offset = place

    with (tmp_path / "a.zip").open("rb") as file, pytest.raises(zipfile.BadZipFile, match="'first' does not"):
        record_start(file, record)


def test_a_directory_larger_than_the_limit_is_not_read(tmp_path, monkeypatch):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for number in range(100):
            archive.writestr(f"record {number}", b"")
    monkeypatch.setattr("cache.zip_records.MAX_READ", 1000)

    with (
        (tmp_path / "a.zip").open("rb") as opened,
        LimitedReads(opened.raw) as file,
        pytest.raises(zipfile.BadZipFile, match="the limit is 1000"),
    ):
        zipfile.ZipFile(file)
