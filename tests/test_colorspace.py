"""Working spaces: OKLab as its author defines it, and every 8-bit colour survives the way back."""

from typing import Any

import numpy as np
import pytest
import reference

from fewcolors import _core


def all_greys_and_some_colors() -> Any:
    rng = np.random.default_rng(0)
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    colors = np.concatenate([greys, rng.integers(0, 256, (5000, 3), np.uint8)])
    return np.concatenate([colors, np.full((len(colors), 1), 255, np.uint8)], axis=1)


def test_oklab_is_its_authors() -> None:
    colors = all_greys_and_some_colors()
    points = np.array(_core.to_space(colors, _core.Space.OKLAB, 3))
    np.testing.assert_allclose(points, reference.oklab(colors[:, :3]), atol=1e-9)


def test_the_toe_bends_the_cones_near_black_and_leaves_white() -> None:
    colors = all_greys_and_some_colors()
    points = np.array(_core.to_space(colors, _core.Space.OKLAB_TOE, 3))
    np.testing.assert_allclose(points, reference.oklab(colors[:, :3], toe=0.004), atol=1e-9)
    black, almost_black, white = points[0], points[4], points[255]
    np.testing.assert_allclose(white, [1.0, 0.0, 0.0], atol=1e-4)
    plain = np.array(_core.to_space(colors, _core.Space.OKLAB, 3))
    assert np.abs(almost_black - black).max() < np.abs(plain[4] - plain[0]).max() / 5


@pytest.mark.parametrize("space", [_core.Space.SRGB, _core.Space.OKLAB, _core.Space.OKLAB_TOE])
@pytest.mark.parametrize("dims", [3, 4])
def test_every_colour_comes_back(space: Any, dims: int) -> None:
    colors = all_greys_and_some_colors()
    back = _core.from_space(_core.to_space(colors, space, dims), space)
    np.testing.assert_array_equal(np.frombuffer(back, np.uint8).reshape(-1, 4), colors)


def test_premultiplied_colours_come_back_as_well_as_their_alpha_allows() -> None:
    rng = np.random.default_rng(1)
    colors = rng.integers(0, 256, (3000, 4), np.uint8)
    for space in (_core.Space.SRGB, _core.Space.OKLAB, _core.Space.OKLAB_TOE):
        back = np.frombuffer(
            _core.from_space(_core.to_space(colors, space, 4), space), np.uint8
        ).reshape(-1, 4)
        np.testing.assert_array_equal(back[:, 3], colors[:, 3])
        seen = colors[:, 3] > 0
        np.testing.assert_array_equal(back[seen], colors[seen])
        assert (back[~seen] == 0).all()


def test_what_is_out_of_gamut_is_clipped() -> None:
    wild = np.array([[2.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [0.5, 0.5, 0.5]])
    back = np.frombuffer(_core.from_space(wild, _core.Space.OKLAB), np.uint8).reshape(-1, 4)
    assert back[0].tolist() == [255, 255, 255, 255]
    assert back[1].tolist() == [0, 0, 0, 255]
