// Weighted points and their clusters.
#include "kmeans/kmeans.hpp"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "kmeans/coarsen.hpp"
#include "kmeans/restarts.hpp"
#include "kmeans/unique_rows.hpp"
#include "kmeans/variance.hpp"

namespace fewcolors {
namespace {

using ByteRowsIn = nb::ndarray<const std::uint8_t, nb::ndim<2>, nb::c_contig, nb::device::cpu>;

// Of bytes or doubles; without weights each row weighs 1.
template <class Rows, class In>
std::tuple<RowsOut, NumbersOut, LabelsOut> py_unique_rows(const In& rows,
                                                          const std::optional<NumbersIn>& weights,
                                                          int n_threads) {
    UniqueRows unique;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        const double* const given = weights ? weights->data() : nullptr;
        unique = unique_rows(
            Rows{rows.data(), given, rows.shape(0), static_cast<int>(rows.shape(1))}, team);
    }
    const std::size_t n = unique.weights.size();
    const std::size_t n_places = unique.places.size();
    return {give<RowsOut>(std::move(unique.rows), {n, rows.shape(1)}),
            give<NumbersOut>(std::move(unique.weights), {n}),
            give<LabelsOut>(std::move(unique.places), {n_places})};
}

double py_mean_variance(const RowsIn& rows, const NumbersIn& weights) {
    nb::gil_scoped_release released;
    return mean_variance(points_of(rows, weights));
}

std::pair<RowsOut, NumbersOut> py_coarsen(const RowsIn& rows, const NumbersIn& weights,
                                          int levels) {
    CoarsePoints coarse;
    {
        nb::gil_scoped_release released;
        coarse = coarsen(points_of(rows, weights), levels);
    }
    const std::size_t n = coarse.weights.size();
    return {give<RowsOut>(std::move(coarse.rows), {n, rows.shape(1)}),
            give<NumbersOut>(std::move(coarse.weights), {n})};
}

std::vector<std::pair<RowsOut, int>> py_best_restarts(const RowsIn& rows, const NumbersIn& weights,
                                                      int k, Seeding seeding, int n_init,
                                                      int n_best, int max_iter, double tolerance,
                                                      std::uint64_t seed, int n_threads) {
    std::vector<Clustering> best;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        const Restarts restarts{.k = k,
                                .seeding = seeding,
                                .n_init = n_init,
                                .n_best = n_best,
                                .max_iter = max_iter,
                                .tolerance = tolerance,
                                .seed = seed};
        best = best_restarts(Blocks(points_of(rows, weights), team), restarts, team);
    }
    std::vector<std::pair<RowsOut, int>> starts;
    for (Clustering& fit : best)
        starts.emplace_back(
            give<RowsOut>(std::move(fit.centroids), {static_cast<std::size_t>(k), rows.shape(1)}),
            fit.n_iter);
    return starts;
}

std::tuple<RowsOut, LabelsOut, double, int> py_lloyd(const RowsIn& rows, const NumbersIn& weights,
                                                     const RowsIn& centroids, int max_iter,
                                                     double tolerance, int n_threads) {
    Clustering fit;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        std::vector<double> start(centroids.data(), centroids.data() + centroids.size());
        fit = lloyd(Blocks(points_of(rows, weights), team), std::move(start), max_iter, tolerance,
                    team);
    }
    const std::size_t n = fit.labels.size();
    return {give<RowsOut>(std::move(fit.centroids), {centroids.shape(0), rows.shape(1)}),
            give<LabelsOut>(std::move(fit.labels), {n}), fit.inertia, fit.n_iter};
}

std::tuple<RowsOut, LabelsOut, double, int, std::size_t> py_best_fit(
    const RowsIn& rows, const NumbersIn& weights, const std::vector<RowsIn>& starts, int trial_iter,
    int max_iter, double tolerance, int n_threads) {
    BestFit best;
    std::vector<std::vector<double>> centroids;
    for (const RowsIn& start : starts)
        centroids.emplace_back(start.data(), start.data() + start.size());
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        best = best_fit(Blocks(points_of(rows, weights), team), centroids, trial_iter, max_iter,
                        tolerance, team);
    }
    Clustering& fit = best.clustering;
    const std::size_t n = fit.labels.size();
    return {give<RowsOut>(std::move(fit.centroids), {starts[0].shape(0), rows.shape(1)}),
            give<LabelsOut>(std::move(fit.labels), {n}), fit.inertia, fit.n_iter, best.start};
}

LabelsOut py_nearest(const RowsIn& rows, const RowsIn& centroids, int n_threads) {
    std::vector<std::int32_t> labels;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        labels = nearest(rows.data(), rows.shape(0), static_cast<int>(rows.shape(1)),
                         {centroids.data(), centroids.data() + centroids.size()}, team);
    }
    return give<LabelsOut>(std::move(labels));
}

}  // namespace

void bind_kmeans(nb::module_& m) {
    nb::enum_<Seeding>(m, "Seeding")
        .value("PLUS_PLUS", Seeding::kPlusPlus)
        .value("RANDOM", Seeding::kRandom);
    m.def("unique_rows", py_unique_rows<Points, RowsIn>, "rows"_a.noconvert(),
          "weights"_a.noconvert().none(), "n_threads"_a);
    m.def("unique_byte_rows", py_unique_rows<ByteRows, ByteRowsIn>, "rows"_a.noconvert(),
          "weights"_a.noconvert().none(), "n_threads"_a);
    m.def("mean_variance", py_mean_variance, "rows"_a.noconvert(), "weights"_a.noconvert());
    m.def("coarsen", py_coarsen, "rows"_a.noconvert(), "weights"_a.noconvert(), "levels"_a);
    m.def("best_restarts", py_best_restarts, "rows"_a.noconvert(), "weights"_a.noconvert(),
          nb::kw_only(), "k"_a, "seeding"_a, "n_init"_a, "n_best"_a, "max_iter"_a, "tolerance"_a,
          "seed"_a, "n_threads"_a);
    m.def("lloyd", py_lloyd, "rows"_a.noconvert(), "weights"_a.noconvert(),
          "centroids"_a.noconvert(), "max_iter"_a, "tolerance"_a, "n_threads"_a);
    m.def("best_fit", py_best_fit, "rows"_a.noconvert(), "weights"_a.noconvert(), "starts"_a,
          nb::kw_only(), "trial_iter"_a, "max_iter"_a, "tolerance"_a, "n_threads"_a);
    m.def("nearest", py_nearest, "rows"_a.noconvert(), "centroids"_a.noconvert(), "n_threads"_a);
}

}  // namespace fewcolors
