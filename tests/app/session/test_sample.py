from app.bench.measuring.measured_runs import QUICK_SAMPLE
from app.session.sample import Sample


def test_all_images_are_measured_unless_fewer_are_chosen():
    sample = Sample(1000)
    before = (sample.n_images, sample.in_words, sample.of(200))

    sample.choose(QUICK_SAMPLE)

    assert before == (None, "all validation images", 200)
    assert (sample.in_words, sample.of(200), sample.of(40)) == ("128 validation images per task", 128, 40)


def test_a_quick_sample_is_offered_only_where_it_has_fewer_images():
    assert Sample(1000).sizes == (None, QUICK_SAMPLE)
    assert Sample(QUICK_SAMPLE).sizes == (None,)
