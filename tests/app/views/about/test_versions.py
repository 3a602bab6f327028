from importlib.metadata import version

from app.views.about.versions import versions


def test_versions_are_those_that_run():
    found = {row["name"]: row["version"] for row in versions()}

    assert next(iter(found)) == "Tauscope"
    assert found["torch"] == version("torch")
