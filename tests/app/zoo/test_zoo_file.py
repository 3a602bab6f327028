from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import ZooError
from app.zoo.zoo_file import MAX_BYTES, ControlEntry, read_zoo_file
from cache.errors import FileError

ZOO = """
name = "Tiny"
[base]
checkpoint = "base.safetensors"
[[tasks]]
name = "digits"
checkpoint = "digits.safetensors"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(text: str) -> Path:
        folder = tmp_path.resolve() / "zoo"
        folder.mkdir(exist_ok=True)
        (folder / "zoo.toml").write_text(text, encoding="utf-8")
        return folder

    return write


def test_smallest_zoo_needs_a_name_a_base_and_a_task(write: Write) -> None:
    folder = write(ZOO)

    zoo = read_zoo_file(folder)

    assert (zoo.folder, zoo.name) == (folder, "Tiny")
    assert zoo.base_checkpoint == folder / "base.safetensors"
    assert zoo.encoder is None
    assert zoo.controls == ()
    (digits,) = zoo.tasks
    assert digits.checkpoint == folder / "digits.safetensors"
    assert (digits.head, digits.templates, digits.classes) == (None, None, None)
    assert (digits.eval_sets, digits.expected) == ({}, {})


def test_everything_a_zoo_may_hold_is_read(write: Write) -> None:
    folder = write("""
        name = "Full"
        [encoder]
        model = "config.json"
        image_mean = [0.48, 0.46, 0.41]
        image_std = [0.27, 0.26, 1]
        logit_scale = 100
        [base]
        checkpoint = "sub/base.pt"
        [[tasks]]
        name = "digits"
        checkpoint = "digits.safetensors"
        head = "heads.safetensors#digits"
        classes = ["zero", "one"]
        val = "digits_val.safetensors"
        test = "torchvision:MNIST"
        expected = { zeroshot = 0.48, finetuned = 1 }
        [[tasks]]
        name = "letters"
        checkpoint = "letters.safetensors"
        templates = ["a photo of the letter {}."]
        classes = ["a", "b"]
        [[controls]]
        name = "cars"
        test = "cars"
    """)

    zoo = read_zoo_file(folder)

    assert zoo.encoder is not None
    assert zoo.encoder.model == folder / "config.json"
    assert zoo.encoder.image_mean == (0.48, 0.46, 0.41)
    assert zoo.encoder.image_std == (0.27, 0.26, 1.0)
    assert zoo.encoder.logit_scale == 100.0
    assert zoo.base_checkpoint == folder / "sub" / "base.pt"
    digits, letters = zoo.tasks
    assert digits.head == f"{folder / 'heads.safetensors'}#digits"
    assert digits.classes == ("zero", "one")
    assert digits.eval_sets == {"val": str(folder / "digits_val.safetensors"), "test": "torchvision:MNIST"}
    assert digits.expected == {"zeroshot": 0.48, "finetuned": 1.0}
    assert letters.templates == ("a photo of the letter {}.",)
    (cars,) = zoo.controls
    assert type(cars) is ControlEntry
    assert cars.eval_sets == {"test": str(folder / "cars")}


def test_encoder_that_is_no_file_is_an_open_clip_name(write: Write) -> None:
    zoo = read_zoo_file(write(ZOO + '[encoder]\nmodel = "ViT-B-32-quickgelu"'))

    assert zoo.encoder is not None
    assert zoo.encoder.model == "ViT-B-32-quickgelu"
    assert (zoo.encoder.image_mean, zoo.encoder.image_std, zoo.encoder.logit_scale) == (None, None, None)


def test_zoo_may_be_named_by_its_file(write: Write) -> None:
    folder = write(ZOO)

    assert read_zoo_file(folder / "zoo.toml") == read_zoo_file(folder)


def test_zoo_may_be_named_by_a_relative_path(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(ZOO)
    monkeypatch.chdir(folder)

    assert read_zoo_file(Path("zoo.toml")).base_checkpoint == folder / "base.safetensors"


def test_folder_without_zoo_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ZooError, match=r"has no zoo\.toml\. Name a folder that holds one"):
        read_zoo_file(tmp_path)


def test_zoo_toml_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "zoo.toml").mkdir()

    with pytest.raises(FileError, match=r"zoo\.toml' cannot be read: it is a folder, not a file\."):
        read_zoo_file(tmp_path)
    with pytest.raises(FileError, match=r"is not a path that can be followed: File name too long\."):
        read_zoo_file(tmp_path / ("x" * 300))


def test_path_stays_inside_after_a_detour(write: Write) -> None:
    folder = write(ZOO.replace("base.safe", "sub/../base.safe"))

    assert read_zoo_file(folder).base_checkpoint == folder / "base.safetensors"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"base.safetensors"', '"../base.safetensors"'),
        ('"digits.safetensors"', '"sub/../../digits.safetensors"'),
        ('"base.safetensors"', '"../zoo-of-others/base.safetensors"'),
    ],
)
def test_relative_path_out_of_the_folder_is_refused_even_with_a_root(
    write: Write, old: str, new: str
) -> None:
    folder = write(ZOO.replace(old, new))

    with pytest.raises(ZooError, match=r"leads out of the zoo's folder, .* --root"):
        read_zoo_file(folder, roots=[folder.parent])


def test_link_that_leads_out_of_the_folder_needs_a_root_above_its_target(
    write: Write, tmp_path: Path
) -> None:
    disk = tmp_path.resolve() / "disk"
    folder = write(ZOO.replace("digits.safe", "models/digits.safe") + 'val = "val"')
    (folder / "base.safetensors").symlink_to(disk / "blobs" / "1a2b")
    (folder / "models").symlink_to(disk)
    (folder / "val").symlink_to(disk / "images")

    with pytest.raises(ZooError, match=r"'base\.safetensors' leads out of .*, to '.*1a2b'.* --root\."):
        read_zoo_file(folder, roots=[disk / "images"])
    zoo = read_zoo_file(folder, roots=[disk])
    assert zoo.base_checkpoint == disk / "blobs" / "1a2b"
    assert zoo.tasks[0].checkpoint == disk / "digits.safetensors"
    assert zoo.tasks[0].eval_sets == {"val": str(disk / "images")}


def test_links_in_a_circle_are_refused(write: Write) -> None:
    folder = write(ZOO)
    (folder / "base.safetensors").symlink_to("base.safetensors")

    with pytest.raises(FileError, match=r"base\.safetensors' is not a path that can be followed"):
        read_zoo_file(folder)


@pytest.mark.parametrize("name", [r"base\u0000", "b" * 300, "folder/" * 3000])
def test_path_that_no_file_can_have_is_refused(write: Write, name: str) -> None:
    with pytest.raises(FileError, match=r"is not a path that can be followed"):
        read_zoo_file(write(ZOO.replace("base.safe", f"{name}.safe")))


def test_zoo_toml_that_a_link_takes_out_of_its_folder_is_refused(write: Write, tmp_path: Path) -> None:
    shared = tmp_path.resolve() / "shared"
    write(ZOO).rename(shared)
    folder = write(ZOO)
    (folder / "zoo.toml").unlink()
    (folder / "zoo.toml").symlink_to(shared / "zoo.toml")

    with pytest.raises(ZooError, match=r"'zoo\.toml' leads out"):
        read_zoo_file(folder)


def test_zoo_toml_is_not_read_without_end(write: Write) -> None:
    folder = write(ZOO + f"# {'x' * MAX_BYTES}")

    with pytest.raises(FileError, match=r"it has more than 1000000 bytes"):
        read_zoo_file(folder)


def test_absolute_path_needs_a_root_above_it(write: Write, tmp_path: Path) -> None:
    shared = tmp_path.resolve() / "shared"
    folder = write(ZOO.replace("base.safetensors", f"{shared}/base.pt"))

    with pytest.raises(ZooError, match=r"leads out of the zoo's folder"):
        read_zoo_file(folder)
    with pytest.raises(ZooError, match=r"leads out of the zoo's folder"):
        read_zoo_file(folder, roots=[tmp_path / "elsewhere", tmp_path / "share"])
    assert read_zoo_file(folder, roots=[tmp_path / "else", shared]).base_checkpoint == shared / "base.pt"


def test_absolute_path_that_climbs_out_of_its_root_is_refused(write: Write, tmp_path: Path) -> None:
    folder = write(ZOO.replace("base.safetensors", f"{tmp_path}/shared/../secret.pt"))

    with pytest.raises(ZooError, match=r"leads out"):
        read_zoo_file(folder, roots=[tmp_path / "shared"])


def test_absolute_path_into_the_zoo_itself_needs_no_root(write: Write, tmp_path: Path) -> None:
    folder = write(ZOO.replace("base.safetensors", f"{tmp_path.resolve()}/zoo/base.pt"))

    assert read_zoo_file(folder).base_checkpoint == folder / "base.pt"


def test_root_may_be_a_link(write: Write, tmp_path: Path) -> None:
    shared = tmp_path.resolve() / "shared"
    shared.mkdir()
    link = tmp_path.resolve() / "link"
    link.symlink_to(shared)
    folder = write(ZOO.replace("base.safetensors", f"{link}/base.pt"))

    assert read_zoo_file(folder, roots=[link]).base_checkpoint == shared / "base.pt"


@pytest.mark.parametrize("home", ["~", "$HOME", "${HOME}"])
def test_home_folder_may_be_written_short(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path.resolve() / "me"))
    folder = write(ZOO.replace("base.safe", f"{home}/models/base.safe"))

    zoo = read_zoo_file(folder, roots=[tmp_path / "me"])

    assert zoo.base_checkpoint == tmp_path.resolve() / "me" / "models" / "base.safetensors"
    with pytest.raises(ZooError, match=r"leads out of the zoo's folder"):
        read_zoo_file(folder)


def test_other_variable_is_not_replaced_and_refused_by_name(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", "hidden")
    folder = write(ZOO.replace("base.safe", "$SECRET/base.safe"))

    with pytest.raises(ZooError, match=r"'\$SECRET/base\.safetensors' begins with a variable, and only ~"):
        read_zoo_file(folder)
    (folder / "$SECRET").mkdir()
    (folder / "$SECRET" / "base.safetensors").touch()
    assert read_zoo_file(folder).base_checkpoint == folder / "$SECRET" / "base.safetensors"


def test_key_of_a_head_follows_the_last_hash(write: Write) -> None:
    folder = write(ZOO + 'head = "run#3/../heads#1.safetensors#digits"')

    assert read_zoo_file(folder).tasks[0].head == f"{folder}/heads#1.safetensors#digits"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('nmae = "Typo"' + ZOO, r"zoo\.toml has the unknown key 'nmae'; known are name, encoder"),
        (
            ZOO.replace('checkpoint = "base', 'file = "base'),
            r"\[base\] has the unknown key 'file'; known are ch",
        ),
        (ZOO + "tets = 'x'", r"The entry of 'digits' has the unknown key 'tets'; known are name"),
        (ZOO + "expected = { zero_shot = 0.5 }", r"'digits'\.expected has the unknown key 'zero_shot'"),
        (ZOO + "[encoder]\nmodel = 'ViT-B-32'\nmean = [0, 0, 0]", r"\[encoder\] has the unknown key 'mean'"),
        (
            ZOO + "[[controls]]\nname = 'cars'\ncheckpoint = 'c.pt'",
            r"'cars' has the unknown key 'checkpoint'",
        ),
    ],
)
def test_unknown_key_is_refused_by_name(write: Write, text: str, message: str) -> None:
    with pytest.raises(ZooError, match=message):
        read_zoo_file(write(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ZOO.replace('name = "Tiny"', ""), r"gives no name; it is required"),
        (
            'name = "Tiny"\n[[tasks]]\nname = "digits"\ncheckpoint = "d.pt"',
            r"gives no \[base\]; it is required",
        ),
        (ZOO.replace('checkpoint = "base.safetensors"', ""), r"gives no \[base\]\.checkpoint"),
        ('name = "Tiny"\n[base]\ncheckpoint = "b.pt"', r"gives no \[\[tasks\]\]; it is required"),
        (
            'name = "Tiny"\ntasks = []\n[base]\ncheckpoint = "b.pt"',
            r"\[\[tasks\]\] is \[\]; it must be a list of one or more",
        ),
        (ZOO.replace('name = "digits"', ""), r"gives no \[\[tasks\]\] 1\.name"),
        (ZOO + '[[tasks]]\ncheckpoint = "d.pt"', r"gives no \[\[tasks\]\] 2\.name"),
        (ZOO.replace('checkpoint = "digits.safetensors"', ""), r"gives no 'digits'\.checkpoint"),
        (ZOO + "[encoder]\nlogit_scale = 1", r"gives no \[encoder\]\.model"),
        (ZOO + "[[controls]]\nval = 'v'", r"gives no \[\[controls\]\] 1\.name"),
    ],
)
def test_missing_entry_is_refused_by_name(write: Write, text: str, message: str) -> None:
    with pytest.raises(ZooError, match=message):
        read_zoo_file(write(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ZOO.replace('"Tiny"', "3"), r"name is 3; it must be a string"),
        (
            'name = "Tiny"\nbase = "b.pt"\ntasks = []',
            r"\[base\] is 'b\.pt'; it must be a table of names and values",
        ),
        (
            ZOO.replace("[[tasks]]", "[tasks]"),
            r"\[\[tasks\]\] is \{.*; it must be a list of one or more tables",
        ),
        (
            'name = "Tiny"\ntasks = ["digits"]\nbase = {checkpoint = "b"}',
            r"\[\[tasks\]\] 1 is 'digits'; it must be a table of names",
        ),
        (ZOO.replace('"digits.safetensors"', "7"), r"'digits'\.checkpoint is 7; it must be a string"),
        (ZOO + "head = 7", r"'digits'\.head is 7; it must be written as file#key"),
        (ZOO + "val = ['v']", r"'digits'\.val is \['v'\]; it must be a string"),
        (ZOO + "classes = 10", r"'digits'\.classes is 10; it must be a list of one or more strings"),
        (ZOO + "classes = []", r"'digits'\.classes is \[\]; it must be a list of one or more strings"),
        (ZOO + "classes = ['one', 2]", r"'digits'\.classes\[1\] is 2; it must be a string"),
        (
            ZOO + "classes = ['one']\ntemplates = 'a {}'",
            r"'digits'\.templates is 'a \{\}'; it must be a list of one or more strings",
        ),
        (ZOO + "expected = 0.9", r"'digits'\.expected is 0\.9; it must be a table of names"),
        ("controls = 'cars'" + ZOO, r"\[\[controls\]\] is 'cars'; it must be a list of tables"),
        ("encoder = 'ViT-B-32'" + ZOO, r"\[encoder\] is 'ViT-B-32'; it must be a table of names"),
        (ZOO + "[encoder]\nmodel = 32", r"\[encoder\]\.model is 32; it must be a string"),
        (
            ZOO + "[encoder]\nmodel = 'x'\nimage_mean = [122.77, 116.75, 104.09]",
            r"\[encoder\]\.image_mean is \[122\.77, 116\.75, 104\.09\]; .* Divide by 255",
        ),
        (
            ZOO + "[encoder]\nmodel = 'x'\nimage_std = [0, 0, 0]",
            r"\[encoder\]\.image_std is \[0\.0, 0\.0, 0\.0\]; each must lie in \[0\.001, 1\]",
        ),
        (
            ZOO + "[encoder]\nmodel = 'x'\nlogit_scale = -5",
            r"\[encoder\]\.logit_scale is -5\.0; it must lie in \[0\.001, 10000\]",
        ),
        (
            ZOO + "[encoder]\nmodel = 'x'\nimage_mean = 0.5",
            r"image_mean is 0\.5; it must be three numbers, one per colour channel",
        ),
        (
            ZOO + "[encoder]\nmodel = 'x'\nimage_std = [1.0, 1.0]",
            r"image_std is \[1\.0, 1\.0\]; it must be three numbers",
        ),
        (
            ZOO + "[encoder]\nmodel = 'x'\nimage_mean = [0.5, '0', 0]",
            r"image_mean\[1\] is '0'; it must be a number",
        ),
        (ZOO + "[encoder]\nmodel = 'x'\nlogit_scale = '100'", r"logit_scale is '100'; it must be a number"),
        (ZOO + "[encoder]\nmodel = 'x'\nlogit_scale = true", r"logit_scale is True; it must be a number"),
        (ZOO + "[encoder]\nmodel = 'x'\nlogit_scale = nan", r"logit_scale is nan; it must be finite"),
        (
            ZOO + f"[encoder]\nmodel = 'x'\nlogit_scale = 1{'0' * 400}",
            r"logit_scale is inf; it must be finite",
        ),
    ],
)
def test_value_of_the_wrong_kind_is_refused_by_name(write: Write, text: str, message: str) -> None:
    with pytest.raises(ZooError, match=message):
        read_zoo_file(write(text))


@pytest.mark.parametrize("value", ["1.5", "48", "-0.1", "nan", "inf", "true", "'0.5'"])
def test_expected_accuracy_outside_zero_to_one_is_refused(write: Write, value: str) -> None:
    with pytest.raises(
        ZooError, match=r"'digits'\.expected\.finetuned is .*; it must be an accuracy in \[0, 1\]"
    ):
        read_zoo_file(write(ZOO + f"expected = {{ finetuned = {value} }}"))


@pytest.mark.parametrize("value", ["0", "1", "0.5"])
def test_expected_accuracy_may_be_either_end(write: Write, value: str) -> None:
    zoo = read_zoo_file(write(ZOO + f"expected = {{ zeroshot = {value} }}"))

    assert zoo.tasks[0].expected == {"zeroshot": float(value)}


def test_head_may_be_a_file_or_a_tensor_in_one(write: Write) -> None:
    alone = read_zoo_file(write(ZOO + "head = 'head_digits.pt'"))
    named = read_zoo_file(write(ZOO + "head = 'heads.safetensors#digits'"))

    assert alone.tasks[0].head == f"{alone.folder / 'head_digits.pt'}"
    assert named.tasks[0].head == f"{named.folder / 'heads.safetensors'}#digits"


@pytest.mark.parametrize("head", ["heads.safetensors#", "#digits", "#", "", " "])
def test_head_that_names_no_file_and_key_is_refused(write: Write, head: str) -> None:
    with pytest.raises(
        ZooError,
        match=r"'digits'\.head is '.*'; it must be written as file#key, such as heads\.safetensors#digits",
    ):
        read_zoo_file(write(ZOO + f"head = '{head}'"))


def test_templates_without_classes_are_refused(write: Write) -> None:
    with pytest.raises(ZooError, match=r"'digits' gives templates but no classes to fill them with"):
        read_zoo_file(write(ZOO + "templates = ['a photo of {}']"))


def test_head_beside_templates_is_refused(write: Write) -> None:
    both = "head = 'h.safetensors#d'\ntemplates = ['a {}']\nclasses = ['one']"

    with pytest.raises(ZooError, match=r"'digits' gives head and templates; give only one of them"):
        read_zoo_file(write(ZOO + both))


def test_images_that_have_splits_of_their_own_are_not_halved(write: Write) -> None:
    with pytest.raises(ZooError, match=r"torchvision splits its sets itself; give it as val and as test"):
        read_zoo_file(write(ZOO + "images = 'torchvision:MNIST'"))


@pytest.mark.parametrize("split", ["val", "test"])
def test_images_beside_a_split_are_refused(write: Write, split: str) -> None:
    with pytest.raises(ZooError, match=r"'digits' gives images, .*; give either images, or val and test"):
        read_zoo_file(write(ZOO + f"images = 'all'\n{split} = 'some'"))


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        (ZOO.replace("base.safetensors", ""), r"\[base\]\.checkpoint"),
        (ZOO.replace("digits.safetensors", " "), r"'digits'\.checkpoint"),
        (ZOO + "val = ''", r"'digits'\.val"),
        (ZOO + "classes = ['one', '']", r"'digits'\.classes\[1\]"),
        (ZOO + "[encoder]\nmodel = ''", r"\[encoder\]\.model"),
    ],
)
def test_empty_entry_is_refused_by_name(write: Write, text: str, entry: str) -> None:
    with pytest.raises(ZooError, match=rf"^{entry} is '.*'; it must be a string that is not empty"):
        read_zoo_file(write(text))


def test_two_names_that_look_the_same_are_refused(write: Write) -> None:
    one, other = "Caf\u00e9", "Cafe\u0301"
    more = f"[[tasks]]\nname = '{other}'\ncheckpoint = 'other.pt'"

    with pytest.raises(ZooError, match=f"calls two tasks or controls '{one}'"):
        read_zoo_file(write(ZOO.replace("digits", one, 1) + more))


@pytest.mark.parametrize("name", ["", " ", r"\t\n"])
def test_empty_name_is_refused(write: Write, name: str) -> None:
    with pytest.raises(ZooError, match=r"^name is '.*'; it must be a string that is not empty"):
        read_zoo_file(write(ZOO.replace("Tiny", name)))
    with pytest.raises(ZooError, match=r"^\[\[tasks\]\] 1\.name is '.*'; it must be a string that is not"):
        read_zoo_file(write(ZOO.replace("digits", name, 1)))


@pytest.mark.parametrize(
    "more", ['[[tasks]]\nname = "digits"\ncheckpoint = "other.pt"', '[[controls]]\nname = "digits"']
)
def test_two_entries_of_one_name_are_refused(write: Write, more: str) -> None:
    with pytest.raises(ZooError, match=r"calls two tasks or controls 'digits'; names must be distinct"):
        read_zoo_file(write(ZOO + more))


@pytest.mark.parametrize(
    "text",
    [
        "name = ",
        "not toml at all",
        ZOO + 'name = "again"\nname = "again"',
        "a = 1" + "0" * 5000,
        "a = " + "[" * 50_000,
    ],
)
def test_file_that_is_not_toml_is_refused(write: Write, text: str) -> None:
    with pytest.raises(ZooError, match=r"zoo\.toml' is not valid TOML"):
        read_zoo_file(write(text))


@pytest.mark.parametrize("text", [".".join("a" * 50_000) + " = 1", "[b" + ' . "b"' * 50_000, "'c'." * 50])
def test_key_of_many_parts_is_refused_before_it_is_parsed(write: Write, text: str) -> None:
    with pytest.raises(ZooError, match=r"is not valid TOML: a key has more than 40 parts between dots"):
        read_zoo_file(write(ZOO + text))


def test_dots_in_values_are_no_keys(write: Write) -> None:
    templates = [f"a photo of a {{}}, no. {number}...." for number in range(100)]

    zoo = read_zoo_file(write(ZOO + f"classes = ['a']\ntemplates = {templates}"))

    assert zoo.tasks[0].templates == tuple(templates)


def test_file_that_is_not_utf_8_is_refused(write: Write) -> None:
    folder = write(ZOO)
    (folder / "zoo.toml").write_bytes(b'name = "caf\xe9"')

    with pytest.raises(FileError, match=r"is not text in UTF-8"):
        read_zoo_file(folder)


def test_byte_order_mark_is_skipped(write: Write) -> None:
    assert read_zoo_file(write("\N{BYTE ORDER MARK}" + ZOO)).name == "Tiny"


def test_checkpoint_need_not_exist_yet(write: Write) -> None:
    assert not read_zoo_file(write(ZOO)).base_checkpoint.exists()


@pytest.mark.parametrize("roots", [[], ["."]])
def test_head_images_and_config_that_lie_elsewhere_cost_no_weights(write: Write, roots: list[str]) -> None:
    """Links and relative paths alike; what may not be opened is not looked at, and says why."""
    folder = write(
        ZOO.replace('"digits.safetensors"', '"digits.safetensors"\nhead = "../heads.safetensors#digits"')
        + 'val = "val"\ntest = "circle"\n[encoder]\nmodel = "../config.json"\n'
    )
    (folder / "val").symlink_to(folder.parent.parent)
    (folder / "circle").symlink_to(folder / "circle")

    zoo = read_zoo_file(folder, roots=[folder / root for root in roots])

    (task, *_), encoder = zoo.tasks, zoo.encoder
    assert task.head is None
    assert task.eval_sets == {}
    assert "'../heads.safetensors' leads out of the zoo's folder" in task.refused["head"]
    assert "'val' leads out" in task.refused["val"]
    assert "not a path that can be followed" in task.refused["test"]
    assert encoder is not None
    assert encoder.refused is not None
    assert "'../config.json' leads out" in encoder.refused


def test_short_names_are_as_given_or_made_from_the_names(write: Write) -> None:
    long = "org/clip-vit-base-patch32-finetuned-on-{}"
    text = ZOO.replace('"digits"', f'"{long.format("digits")}"')
    text += f'[[tasks]]\nname = "{long.format("cars")}"\ncheckpoint = "cars.safetensors"\n'

    made = read_zoo_file(write(text)).short_names
    assert made == {long.format("digits"): "digits", long.format("cars"): "cars"}
    assert read_zoo_file(write(text + 'short = "autos"\n')).short_names[long.format("cars")] == "autos"


@pytest.mark.parametrize(
    ("short", "says"),
    [
        ("digits", "calls two tasks or controls 'digits'; short names must be distinct"),
        ("x" * 25, "'cars'.short is 'x+'.*1 to 24 characters"),
        ("  ", "'cars'.short is ' '"),
    ],
)
def test_short_name_that_is_none_is_refused(write: Write, short: str, says: str) -> None:
    text = ZOO + f'[[tasks]]\nname = "cars"\nshort = "{short}"\ncheckpoint = "cars.safetensors"\n'

    with pytest.raises(ZooError, match=says):
        read_zoo_file(write(text))


def test_a_key_behind_a_file_says_where_the_model_lies(write):
    folder = write(ZOO.replace("base.safetensors", "base.pt#ema.model"))

    zoo = read_zoo_file(folder)

    assert (zoo.base_checkpoint, zoo.base_key) == (folder / "base.pt", "ema.model")
    assert zoo.tasks[0].key == ""


def test_a_file_whose_own_name_has_the_sign_is_that_file(write):
    folder = write(ZOO.replace("base.safetensors", "run#3.pt"))
    (folder / "run#3.pt").touch()

    zoo = read_zoo_file(folder)

    assert (zoo.base_checkpoint, zoo.base_key) == (folder / "run#3.pt", "")


def test_a_model_of_the_cache_may_lie_outside_of_the_zoo(write, tmp_path, monkeypatch):
    snapshot = tmp_path / "hub" / "models--a--b" / "snapshots" / "1"
    blob = tmp_path / "hub" / "models--a--b" / "blobs" / "1a2b"
    snapshot.mkdir(parents=True)
    blob.parent.mkdir()
    blob.touch()
    (snapshot / "model.safetensors").symlink_to(blob)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))

    assert read_zoo_file(write(ZOO.replace("base.safetensors", "hf:a/b"))).base_checkpoint == snapshot


def test_a_link_out_of_a_models_folder_is_refused(write, tmp_path):
    folder = write(ZOO.replace("base.safetensors", "model"))
    (folder / "model").mkdir()
    outside = tmp_path / "elsewhere.safetensors"
    outside.touch()
    (folder / "model" / "model.safetensors").symlink_to(outside)

    with pytest.raises(ZooError, match=r"'model\.safetensors' leads out of the zoo's folder"):
        read_zoo_file(folder)
