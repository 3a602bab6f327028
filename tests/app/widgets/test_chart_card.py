from app.widgets.chart_card import colour_key


def test_key_of_a_chart_shows_each_name_as_text_beside_its_hue():
    key = colour_key({"agree": "#123456", "a<b": "#654321"})

    assert key.count("<span>") == 2
    assert 'background:#123456"></i>agree</span>' in key
    assert 'background:#654321"></i>a&lt;b</span>' in key
