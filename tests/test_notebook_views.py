"""How results show themselves: a line in a terminal, HTML in a notebook."""

from typing import Any

import numpy as np
import pytest
from conftest import photo, soft_shadow

import fewcolors
from fewcolors.kmeans import fit_kmeans

OPTIONS = fewcolors.Options(8)


def histogram() -> fewcolors.Histogram:
    return fewcolors.build_histogram(fewcolors.decode(photo()))


SHOWN: dict[str, Any] = {
    "Compressed": lambda: fewcolors.compress(photo(), 8),
    "Compressed GIF": lambda: fewcolors.compress(photo(), 8, format="gif"),
    "Compressed with alpha": lambda: fewcolors.compress(soft_shadow(), 8),
    "IndexedImage": lambda: fewcolors.quantize(photo(), 8),
    "Palette": lambda: fewcolors.palette_of(photo()),
    "Histogram": histogram,
    "Clustering": lambda: fit_kmeans(histogram(), 8, OPTIONS),
    "KMeans": lambda: fewcolors.KMeans(8, random_state=0).fit(np.asarray(photo()).reshape(-1, 3)),
    "KMeans unfitted": lambda: fewcolors.KMeans(7),
    "KMeans of 5 features": lambda: fewcolors.KMeans(2).fit(np.eye(5)),
}


@pytest.fixture(params=SHOWN)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_terminal_shows_one_line_that_says_something(name: str) -> None:
    line = repr(SHOWN[name]())
    assert "\n" not in line
    assert name.partition(" ")[0] in line
    assert any(character.isdigit() for character in line)
    assert len(line) < 160


def test_a_notebook_shows_html_that_is_whole(name: str) -> None:
    from html.parser import HTMLParser

    class Balance(HTMLParser):
        open: list[str]

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            if tag != "img":
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open.pop() == tag

    parser = Balance()
    parser.open = []
    shown = SHOWN[name]()._repr_html_()
    parser.feed(shown)
    assert parser.open == []
    assert "script" not in shown


def test_a_result_shows_picture_sizes_and_palette() -> None:
    result = fewcolors.compress(photo(), 8)
    shown = result._repr_html_()
    assert "data:image/png;base64," in shown
    assert "8 colours, score" in shown
    assert shown.count("<span") == 8


def test_a_histogram_shows_its_most_frequent_colours_first() -> None:
    pixels = np.array([[[1, 2, 3]] * 3 + [[255, 0, 0]]], np.uint8)
    shown = fewcolors.build_histogram(fewcolors.decode(pixels))._repr_html_()
    assert shown.index("#010203, 75.0%") < shown.index("#ff0000, 25.0%")


def test_a_fit_of_colours_shows_them_and_another_does_not() -> None:
    assert "background:#" in SHOWN["KMeans"]()._repr_html_()
    assert "background:#" not in SHOWN["KMeans of 5 features"]()._repr_html_()
    bundle = SHOWN["KMeans"]()._repr_mimebundle_(include=None, exclude=None)
    assert set(bundle) == {"text/plain", "text/html"}


def test_a_result_that_travels_leaves_the_original_behind() -> None:
    import pickle

    result = fewcolors.compress(photo(), 8)
    assert result.original is not None
    copy = pickle.loads(pickle.dumps(result))
    assert copy.original is None
    assert (copy.data, copy.score, copy.note) == (result.data, result.score, result.note)


def test_the_states_of_a_fit_end_where_the_fit_does() -> None:
    rows = np.asarray(photo()).reshape(-1, 3).astype(float)
    model = fewcolors.KMeans(8, n_init=3, random_state=0)
    runs = model.iterations(rows)
    plain = fewcolors.KMeans(8, n_init=3, random_state=0).fit(rows)
    np.testing.assert_array_equal(model.labels_, plain.labels_)
    best = min(runs, key=lambda run: run[-1].inertia)
    assert best[-1].inertia == pytest.approx(plain.inertia_)
    np.testing.assert_allclose(best[-1].centroids, plain.cluster_centers_)
    for run in runs:
        inertias = [state.inertia for state in run]
        assert inertias == sorted(inertias, reverse=True)
        assert all(state.shift is not None for state in run[:-1])
        assert run[-1].shift is None
