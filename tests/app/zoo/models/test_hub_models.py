import pytest

from app.errors import ZooError
from app.zoo.models.hub_models import hub_model

SHA = "d7263209a98b0d1777c4c1fb02b3e59bcf743e47"


@pytest.fixture
def cache(tmp_path):
    """A cache with one model in two revisions, of which the first is main."""
    folder = tmp_path / "hub" / "models--openai--clip"
    for name in (SHA, "e" * 40):
        (folder / "snapshots" / name).mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(SHA)
    (folder / "refs" / "v2").write_text("e" * 40)
    return {"HF_HUB_CACHE": str(tmp_path / "hub")}


@pytest.mark.parametrize(
    ("written", "snapshot"),
    [
        ("hf:openai/clip", SHA),
        ("hf:openai/clip@main", SHA),
        ("hf:openai/clip@v2", "e" * 40),
        (f"hf:openai/clip@{SHA}", SHA),
        ("hf:openai/clip@eeeeeee", "e" * 40),
    ],
)
def test_a_model_is_found_by_branch_tag_and_commit(cache, written, snapshot):
    assert hub_model(written, cache).snapshot.name == snapshot


@pytest.mark.parametrize("variable", ["HF_HOME", "XDG_CACHE_HOME"])
def test_the_cache_is_where_huggingface_hub_keeps_it(tmp_path, cache, variable):
    below = tmp_path if variable == "HF_HOME" else tmp_path / "x"
    if variable == "XDG_CACHE_HOME":
        (below / "huggingface").mkdir(parents=True)
        (tmp_path / "hub").rename(below / "huggingface" / "hub")

    assert hub_model("hf:openai/clip", {variable: str(below)}).snapshot.name == SHA


@pytest.mark.parametrize("written", ["base.safetensors", "hfx", "models/hf:a"])
def test_anything_else_is_a_path(written):
    assert hub_model(written, {}) is None


@pytest.mark.parametrize("written", ["hf:clip", "hf:", "hf:a/b/c", "hf:../..", "hf:a/b@../../x", "hf:a b/c"])
def test_what_is_no_name_of_a_model_is_refused(cache, written):
    with pytest.raises(ZooError, match="is no model of the Hugging Face Hub; write hf:organisation/name"):
        hub_model(written, cache)


@pytest.mark.parametrize("written", ["hf:openai/other", "hf:openai/clip@v3"])
def test_a_model_that_is_not_there_says_how_to_get_it(cache, written):
    with pytest.raises(
        ZooError, match=rf"not in Hugging Face's cache at .*; fetch it with: python -m app download {written}"
    ):
        hub_model(written, cache)
