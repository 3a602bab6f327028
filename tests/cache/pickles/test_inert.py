from cache.pickles.inert import Made, Named, Persistent, kind_of


def test_an_object_is_called_as_its_author_called_its_class():
    made = Made(Named("src.modeling", "ImageEncoder"), ())

    assert kind_of(made) == "src.modeling.ImageEncoder"
    assert kind_of(Made(made, ())) == "src.modeling.ImageEncoder"
    assert kind_of(Persistent("a")) == "storage"
    assert kind_of([]) == "list"
