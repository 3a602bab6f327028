from PIL import Image

from app.zoo.zoo_stamps import source_fingerprint


def pictures(folder, sides=(8, 8)):
    for number, side in enumerate(sides):
        Image.effect_noise((side, side), 60).save(folder / f"{number}.png")
    table = folder / "labels.csv"
    table.write_text("file,label\n0.png,0\n1.png,1\n")
    return table


def test_a_table_is_known_by_its_pictures_too(tmp_path):
    table = pictures(tmp_path)
    before = source_fingerprint(str(table))
    assert source_fingerprint(f"{table}#label") == before

    pictures(tmp_path, (8, 9))

    assert source_fingerprint(str(table)) != before
    (tmp_path / "1.png").unlink()
    assert source_fingerprint(str(table)) != before


def test_a_table_that_cannot_be_read_is_known_by_its_content(tmp_path):
    table = tmp_path / "labels.csv"
    table.write_text("nothing")
    before = source_fingerprint(str(table))

    table.write_text("nothing else")

    assert source_fingerprint(str(table)) != before


def test_a_folder_is_known_by_its_pictures_and_a_set_of_torchvision_by_its_name(tmp_path):
    pictures(tmp_path)
    before = source_fingerprint(str(tmp_path))

    pictures(tmp_path, (8, 9))

    assert source_fingerprint(str(tmp_path)) != before
    assert source_fingerprint("torchvision:MNIST") == "torchvision:MNIST"
