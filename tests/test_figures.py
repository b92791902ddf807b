"""Figures: each is drawn into axes given or new ones, on a ground of its own, no text over text."""

import io
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from conftest import photo
from PIL import Image

import fewcolors
from fewcolors import figures
from fewcolors.figures.convergence import random_runs
from fewcolors.figures.style import CYCLE

pytestmark = pytest.mark.long

matplotlib = pytest.importorskip("matplotlib")
pyplot = pytest.importorskip("matplotlib.pyplot")

COLORS, QUALITIES = (2, 4, 8, 16, 32, 64, 128, 256), (40, 60, 75, 80)


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    matplotlib.use("agg")
    pyplot.close("all")  # those that other tests left open
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def picture() -> Image.Image:
    return photo()


@pytest.fixture(scope="module")
def exploration(picture: Image.Image) -> fewcolors.Exploration:
    return fewcolors.explore(picture, COLORS, QUALITIES)


def rows_of(picture: Image.Image) -> Any:
    return np.asarray(picture).reshape(-1, 3)


Draw = Callable[[Image.Image, fewcolors.Exploration, Any], Any]

DRAW: dict[str, Draw] = {
    "comparison": lambda p, e, ax: figures.comparison(p, fewcolors.compress(p, 8), ax=ax),
    "palette": lambda p, e, ax: figures.palette(p, ax=ax),
    "palette of 16": lambda p, e, ax: figures.palette(fewcolors.quantize(p, 16), ax=ax),
    "palette of 256": lambda p, e, ax: figures.palette(fewcolors.compress(p, 256), ax=ax),
    "color_cloud": lambda p, e, ax: figures.color_cloud(p, 8, ax=ax),
    "color_cloud in RGB": lambda p, e, ax: figures.color_cloud(p, 8, space="rgb", ax=ax),
    "elbow": lambda p, e, ax: figures.elbow(p, (1, 2, 4, 8, 16), ax=ax),
    "rate_distortion": lambda p, e, ax: figures.rate_distortion(
        e, others={"another": [(1500, 10), (2500, 60)]}, ax=ax
    ),
    "convergence": lambda p, e, ax: figures.convergence(rows_of(p)[::4], 4, n_init=3, ax=ax),
    "index_map": lambda p, e, ax: figures.index_map(p, 16, 50, ax=ax),
    "index_map of one": lambda p, e, ax: figures.index_map(fewcolors.quantize(p, 8), ax=ax),
}


@pytest.fixture(params=DRAW)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def texts(figure: Any) -> list[tuple[str, Any]]:
    """Returns the texts that are drawn, with the boxes in which they stand.

    Slanted ones, as along the axes of a cloud, do not fill their boxes, and are left out.
    """
    drawn = []
    draw = matplotlib.text.Text.draw

    def recorded(text: Any, renderer: Any, *others: Any) -> None:
        draw(text, renderer, *others)
        drawn.append(text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matplotlib.text.Text, "draw", recorded)
        figure.canvas.draw()
    upright = {
        id(text): text
        for text in drawn
        if text.get_text().strip() and text.get_rotation() % 90 == 0
    }
    return [(text.get_text(), text.get_window_extent()) for text in upright.values()]


def test_a_new_figure_is_whole_and_no_text_lies_over_another(
    name: str, picture: Image.Image, exploration: fewcolors.Exploration
) -> None:
    ax = DRAW[name](picture, exploration, None)
    figure = ax.figure
    file = io.BytesIO()
    figure.savefig(file, format="png")
    drawn = np.asarray(Image.open(file))
    assert len(np.unique(drawn.reshape(-1, 4), axis=0)) > 50
    assert (drawn[:, :, 3] == 255).all()  # a ground of its own, for dark pages
    assert (drawn[0, 0, :3] == 255).all()
    shown = texts(figure)
    assert shown
    pairs = combinations(shown, 2)
    over = [(a, b) for (a, one), (b, two) in pairs if a != b and _overlap(one, two)]
    assert over == []


def _overlap(one: Any, two: Any) -> bool:
    """Whether boxes share more than their margins of a pixel or two."""
    across = min(one.x1, two.x1) - max(one.x0, two.x0)
    down = min(one.y1, two.y1) - max(one.y0, two.y0)
    return bool(across > 3 and down > 3)


@pytest.mark.parametrize("name", [name for name in DRAW if " " not in name])
def test_axes_given_are_drawn_in_and_returned(
    name: str, picture: Image.Image, exploration: fewcolors.Exploration
) -> None:
    is_cloud = name.startswith("color_cloud")
    figure = pyplot.figure(figsize=(9, 5))
    ax = figure.add_subplot(projection="3d" if is_cloud else None)
    assert DRAW[name](picture, exploration, ax) is ax
    assert pyplot.get_fignums() == [figure.number]
    figure.canvas.draw()


@pytest.mark.parametrize("name", ["elbow", "rate_distortion", "convergence", "color_cloud"])
def test_axes_have_names(
    name: str, picture: Image.Image, exploration: fewcolors.Exploration
) -> None:
    ax = DRAW[name](picture, exploration, None)
    for panel in ax.child_axes or [ax]:
        assert panel.get_xlabel()
        assert panel.get_ylabel()
        assert panel.get_title(loc="left") or panel.get_title()


def test_the_style_of_the_caller_does_not_matter_and_stays(picture: Image.Image) -> None:
    with matplotlib.rc_context({"axes.facecolor": "black", "font.size": 30}):
        ax = figures.elbow(picture, (2, 4))
        assert matplotlib.rcParams["font.size"] == 30
    assert matplotlib.colors.to_hex(ax.get_facecolor()) == "#ffffff"


def test_colours_differ_in_grey_too() -> None:
    greys = sorted(np.dot(matplotlib.colors.to_rgb(color), (0.3, 0.59, 0.11)) for color in CYCLE)
    assert min(np.diff(greys)) > 0.01


def test_the_default_is_marked(exploration: fewcolors.Exploration) -> None:
    ax = figures.rate_distortion(exploration)
    legend = ax.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    [default] = [attempt for attempt in exploration.attempts if attempt.is_default]
    assert any(f"the default: {default.n_bytes / 1000:.1f} kB" in label for label in labels)


def test_the_result_draws_itself_beside_what_it_was_made_of(
    picture: Image.Image, tmp_path: Path
) -> None:
    picture.save(tmp_path / "photo.png")
    for source in (picture, tmp_path / "photo.png", (tmp_path / "photo.png").read_bytes()):
        ax = fewcolors.compress(source, 4).figure()
        assert len(ax.child_axes) == 3
    with (tmp_path / "photo.png").open("rb") as stream:
        result = fewcolors.compress(stream, 4)
    with pytest.raises(ValueError, match="needs the original"):
        result.figure()
    assert len(result.figure(picture).child_axes) == 3


def test_the_palette_has_every_hex_and_share(picture: Image.Image) -> None:
    image = fewcolors.quantize(picture, 8)
    shown = {text.get_text() for text in figures.palette(image).texts}
    pairs = zip(image.palette.hex(), image.shares, strict=True)
    assert shown == {f"{name}\n{100 * share:.1f} %" for name, share in pairs}


def test_translucent_swatches_show_checks() -> None:
    one = figures.palette(fewcolors.Palette.of("#ff000080"))
    assert len(one.patches) == 5


def test_inertias_fall_to_zero() -> None:
    rows = np.arange(12, dtype=np.uint8).reshape(1, 4, 3)
    found = figures.inertias(rows, (1, 2, 4, 8))
    assert list(found) == [1, 2, 4, 8]
    assert found[1] == pytest.approx(((rows - rows.mean(axis=1)) ** 2).sum())
    assert found[1] > found[2] > found[4] == found[8] == 0.0


def test_random_runs_end_where_a_fit_does(picture: Image.Image) -> None:
    rows = rows_of(picture)[::9].astype(float)
    runs = random_runs(rows, 5, n_init=3)
    assert len(runs) == 3
    for run in runs:
        inertias = [state.inertia for state in run]
        assert inertias == sorted(inertias, reverse=True)
        fit = fewcolors.KMeans(5, init=run[0].centroids).fit(rows)
        assert run[-1].inertia == pytest.approx(fit.inertia_)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda p: figures.elbow(p, ()), "colors must not be empty"),
        (lambda p: figures.elbow({2: 1.0}), "at least two"),
        (lambda p: figures.palette(p, 300), "n_colors must be 1 to 256"),
        (lambda p: figures.color_cloud(p, 4, space="xyz"), "space must be"),  # type: ignore[arg-type]
        (lambda p: figures.color_cloud(p, 4, ax=pyplot.subplots()[1]), "projection='3d'"),
        (lambda p: figures.convergence([[1.0], [2.0]], 1), "two features"),
        (lambda p: random_runs([[1.0], [1.0]], 2), "n_clusters must be at most 1"),
        (lambda p: figures.comparison(p, p.resize((9, 9))), "compressed must be 96 x 64"),
    ],
)
def test_wrong_arguments_are_named(
    call: Callable[[Any], Any], message: str, picture: Image.Image
) -> None:
    with pytest.raises(ValueError, match=message):
        call(picture)


def test_what_are_no_axes_is_refused(picture: Image.Image) -> None:
    with pytest.raises(TypeError, match="ax must be axes"):
        figures.elbow(picture, (2, 4), ax=3)  # type: ignore[arg-type]


def test_without_matplotlib_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, picture: Image.Image
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r"fewcolors\[plot\]"):
        figures.elbow({2: 3.0, 4: 1.0})
