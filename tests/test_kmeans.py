"""Lloyd's algorithm: the kernel agrees with the textbook, whatever the data and the threads."""

from typing import Any

import numpy as np
import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st

import fewcolors
from fewcolors import _core, kmeans


def kernel_lloyd(
    rows: Any, weights: Any, centroids: Any, max_iter: int = 300, tol: float = 0.0, threads: int = 2
) -> reference.Fit:
    centroids, labels, inertia, n_iter = _core.lloyd(
        rows, weights, centroids, max_iter, tol, threads
    )
    return reference.Fit(np.array(centroids), np.array(labels), inertia, n_iter)


def distinct_rows(rng: np.random.Generator, count: int, dims: int, high: int = 256) -> Any:
    rows = np.unique(rng.integers(0, high, (count, dims)), axis=0).astype(np.float64)
    return rng.permutation(rows)


def assert_same_fit(ours: reference.Fit, twin: reference.Fit) -> None:
    np.testing.assert_array_equal(ours.labels, twin.labels)
    np.testing.assert_allclose(ours.centroids, twin.centroids, rtol=1e-9, atol=1e-9)
    assert ours.inertia == pytest.approx(twin.inertia, rel=1e-9)
    assert ours.n_iter == twin.n_iter


@pytest.mark.parametrize("dims", [1, 2, 3, 4, 5, 17])
@pytest.mark.parametrize("k", [1, 2, 16, 64])
def test_labels_equal_the_twins_and_inertia_to_nine_digits(dims: int, k: int) -> None:
    rng = np.random.default_rng(dims * 100 + k)
    rows = distinct_rows(rng, 3000 if dims > 1 else 300, dims)
    weights = rng.integers(1, 50, len(rows)).astype(np.float64)
    start = rows[rng.choice(len(rows), k, replace=False)]
    assert_same_fit(
        kernel_lloyd(rows, weights, start), reference.lloyd(rows, weights, start, 300, 0.0)
    )


@pytest.mark.parametrize("k", [3, 100, 256])
def test_points_in_spatial_order_give_the_twins_labels_too(k: int) -> None:
    rng = np.random.default_rng(k)
    pixels = rng.normal(128, 40, (20000, 3)).clip(0, 255).astype(np.uint8)
    colors, weights = _core.count_colors(pixels.tobytes(), 3, b"", False, 1)
    rows = np.array(_core.to_space(colors, _core.Space.SRGB, 3))
    start = rows[rng.choice(len(rows), k, replace=False)]
    assert_same_fit(
        kernel_lloyd(rows, np.array(weights), start, 40),
        reference.lloyd(rows, np.array(weights), start, 40, 0.0),
    )


def test_fractions_agree_as_well_as_integers() -> None:
    rng = np.random.default_rng(7)
    rows = rng.random((2000, 3))
    weights = rng.random(2000) + 0.1
    start = rows[:20].copy()
    assert_same_fit(
        kernel_lloyd(rows, weights, start), reference.lloyd(rows, weights, start, 300, 0.0)
    )


@pytest.mark.parametrize("heavy", [1.0, 1e8, 1e14, 1e18])
def test_heavy_points_that_leave_a_cluster_take_no_digits_along(heavy: float) -> None:
    rows = np.array([[-3.0], [0.0], [5.1], [10.0], [13.0]])
    weights = np.array([1.0, heavy, 1.0, heavy, 1.0])
    fit = kernel_lloyd(rows, weights, np.array([[-8.0], [4.9], [18.0]]))
    assert fit.centroids[1, 0] == pytest.approx(5.1, rel=1e-12)


def test_weights_of_zero_alone_leave_no_rows() -> None:
    _, weights, places = _core.unique_rows(np.random.default_rng(0).random((9, 5)), np.zeros(9), 1)
    assert len(weights) == 0
    assert list(places) == [-1] * 9


@pytest.mark.parametrize("scale", [1e-160, 1e-155, 1e-150, 1e150])
def test_labels_are_the_nearest_even_where_squares_leave_the_range_of_doubles(
    scale: float,
) -> None:
    rng = np.random.default_rng(9)
    rows = rng.normal(0, 1, (4000, 3)) * scale
    fit = kernel_lloyd(rows, np.ones(4000), rows[:30].copy(), 60)
    np.testing.assert_array_equal(fit.labels, reference.nearest(rows, fit.centroids))


@pytest.mark.parametrize("tol", [1e-3, 1.0, 100.0])
def test_stops_when_the_shifts_are_within_tolerance(tol: float) -> None:
    rng = np.random.default_rng(3)
    rows = distinct_rows(rng, 2000, 3)
    weights = np.ones(len(rows))
    start = rows[:12].copy()
    assert_same_fit(
        kernel_lloyd(rows, weights, start, 300, tol),
        reference.lloyd(rows, weights, start, 300, tol),
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 4), st.integers(1, 6))
def test_ties_and_empty_clusters_go_as_in_the_twin(
    seed: int, k: int, dims: int, max_iter: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = distinct_rows(rng, 120, dims, high=6)  # a small lattice: ties everywhere
    weights = rng.integers(1, 4, len(rows)).astype(np.float64)
    # Starts that coincide, or lie far away, leave clusters empty.
    start = rng.integers(-3, 9, (min(k, len(rows)), dims)).astype(np.float64)
    assert_same_fit(
        kernel_lloyd(rows, weights, start, max_iter),
        reference.lloyd(rows, weights, start, max_iter, 0.0),
    )


@given(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(1, 6))
def test_nearest_breaks_ties_to_the_first(seed: int, k: int, dims: int) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.integers(0, 5, (200, dims)).astype(np.float64)
    centroids = rng.integers(0, 5, (k, dims)).astype(np.float64)
    labels = _core.nearest(rows, centroids, 1)
    np.testing.assert_array_equal(np.array(labels), reference.nearest(rows, centroids))


@pytest.mark.parametrize("seeding", [_core.Seeding.PLUS_PLUS, _core.Seeding.RANDOM])
def test_threads_never_change_a_bit(seeding: Any) -> None:
    rng = np.random.default_rng(5)
    rows = distinct_rows(rng, 30000, 3)
    weights = rng.random(len(rows)) + 0.5
    results = []
    for threads in (1, 2, 3, 8):
        (start, n_iter), _ = _core.best_restarts(
            rows[:2000],
            weights[:2000],
            k=40,
            seeding=seeding,
            n_init=4,
            n_best=2,
            max_iter=10,
            tolerance=0.0,
            seed=42,
            n_threads=threads,
        )
        fit = _core.lloyd(rows, weights, start, 10, 0.0, threads)
        results.append((n_iter, bytes(fit[0]), bytes(fit[1]), fit[2], fit[3]))
    assert all(result == results[0] for result in results)


@pytest.mark.parametrize("seeding", [_core.Seeding.PLUS_PLUS, _core.Seeding.RANDOM])
@pytest.mark.parametrize("dims", [1, 3, 5])
def test_seeds_are_distinct_points(seeding: Any, dims: int) -> None:
    rng = np.random.default_rng(11)
    rows = distinct_rows(rng, 200, dims)
    k = min(50, len(rows))
    [(centroids, n_iter)] = _core.best_restarts(
        rows,
        np.ones(len(rows)),
        k=k,
        seeding=seeding,
        n_init=1,
        n_best=1,
        max_iter=0,
        tolerance=0.0,
        seed=1,
        n_threads=1,
    )
    drawn = {tuple(row) for row in np.array(centroids).tolist()}
    assert len(drawn) == k
    assert drawn <= {tuple(row) for row in rows.tolist()}
    assert n_iter == 0


def test_more_starts_are_never_worse() -> None:
    rng = np.random.default_rng(2)
    rows = distinct_rows(rng, 2000, 3)
    weights = np.ones(len(rows))
    errors = []
    for n_init in (1, 5, 20):
        [(start, _)] = _core.best_restarts(
            rows,
            weights,
            k=12,
            seeding=_core.Seeding.PLUS_PLUS,
            n_init=n_init,
            n_best=1,
            max_iter=300,
            tolerance=0.0,
            seed=9,
            n_threads=2,
        )
        errors.append(kernel_lloyd(rows, weights, np.array(start), 0).inertia)
    assert errors == sorted(errors, reverse=True)


def test_the_best_starts_come_in_order() -> None:
    rows = distinct_rows(np.random.default_rng(4), 2000, 3)
    weights = np.ones(len(rows))
    starts = _core.best_restarts(
        rows,
        weights,
        k=12,
        seeding=_core.Seeding.RANDOM,
        n_init=9,
        n_best=9,
        max_iter=2,
        tolerance=0.0,
        seed=1,
        n_threads=2,
    )
    errors = [kernel_lloyd(rows, weights, np.array(start), 0).inertia for start, _ in starts]
    assert errors == sorted(errors)
    assert len(set(errors)) > 1


def test_plus_plus_spreads_its_seeds() -> None:
    # Nine tight groups: nine greedy draws hit each of them once.
    centers = np.array([[x, y, 0] for x in (0, 100, 200) for y in (0, 100, 200)], float)
    offsets = np.array([[dx, 0, dz] for dx in range(3) for dz in range(3)], float)
    rows = (centers[:, None] + offsets[None]).reshape(-1, 3)
    [(start, _)] = _core.best_restarts(
        rows,
        np.ones(len(rows)),
        k=9,
        seeding=_core.Seeding.PLUS_PLUS,
        n_init=1,
        n_best=1,
        max_iter=0,
        tolerance=0.0,
        seed=0,
        n_threads=1,
    )
    assert len({tuple(row) for row in (np.array(start) // 100).tolist()}) == 9


def test_kernels_refuse_arrays_they_would_have_to_copy() -> None:
    rows = np.zeros((4, 3), np.float32)
    with pytest.raises(TypeError, match="incompatible function arguments"):
        _core.nearest(rows, rows, 1)  # type: ignore[arg-type]
    fortran = np.asfortranarray(np.zeros((4, 3)))
    with pytest.raises(TypeError, match="incompatible function arguments"):
        _core.nearest(fortran, fortran, 1)


def fit_arguments(alphas: slice, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Returns how the colours of noise are fitted at effort "max"."""
    noise = np.random.default_rng(2).integers(0, 256, (160, 160, 4)).astype(np.uint8)
    noise[:, alphas, 3] = 255
    options = fewcolors.Options(64, effort="max")
    histogram = fewcolors.build_histogram(fewcolors.decode(noise))
    given: dict[str, Any] = {}
    monkeypatch.setattr(kmeans, "fit_points", lambda *_, **arguments: given.update(arguments))
    kmeans.fit_kmeans(histogram, 64, options)
    return given


def test_noise_of_many_alphas_takes_no_exact_ranking(monkeypatch: pytest.MonkeyPatch) -> None:
    given = fit_arguments(slice(0, 0), monkeypatch)
    assert given["rank"] == "coarse"
    assert 5 <= given["max_iter"] < 300 * 160 * 160


def test_opaque_noise_is_ranked_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    given = fit_arguments(slice(0, 120), monkeypatch)
    assert (given["rank"], given["max_iter"]) == ("exact", 300)


def test_the_iterations_on_many_translucent_colours_are_bounded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kmeans, "MOST_DISTANCES", 20 * 160 * 160 * 64 * 3)
    assert fit_arguments(slice(0, 0), monkeypatch)["max_iter"] == 20
