// The bindings: every kernel that Python can call, and nothing else.
//
// Buffers come in as they are (`noconvert`: a silent copy would be a wrong result or lost time)
// and go out as memoryviews, so that no array library is needed on either side. Shapes and ranges
// are checked in Python.
#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cstring>
#include <tuple>
#include <utility>
#include <vector>

#include "chain.hpp"
#include "coarsen.hpp"
#include "colorspace.hpp"
#include "deflate.hpp"
#include "dither.hpp"
#include "filters.hpp"
#include "histogram.hpp"
#include "kmeans.hpp"
#include "labels.hpp"
#include "lzw.hpp"
#include "masking.hpp"
#include "memory.hpp"
#include "metrics.hpp"
#include "missed.hpp"
#include "packing.hpp"
#include "restarts.hpp"
#include "run_length.hpp"
#include "size_aware.hpp"
#include "ssimulacra2.hpp"
#include "unique_rows.hpp"

namespace nb = nanobind;
using namespace nb::literals;

namespace {

using namespace fewcolors;

using Bytes = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using ColorsIn = nb::ndarray<const std::uint8_t, nb::shape<-1, 4>, nb::c_contig, nb::device::cpu>;
using RowsIn = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using StepsIn = nb::ndarray<const std::uint16_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;
using NumbersIn = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

using BytesOut = nb::ndarray<nb::memview, std::uint8_t, nb::ndim<1>, nb::c_contig>;
using ColorsOut = nb::ndarray<nb::memview, std::uint8_t, nb::shape<-1, 4>, nb::c_contig>;
using RowsOut = nb::ndarray<nb::memview, double, nb::ndim<2>, nb::c_contig>;
using NumbersOut = nb::ndarray<nb::memview, double, nb::ndim<1>, nb::c_contig>;
using StepsOut = nb::ndarray<nb::memview, std::uint16_t, nb::shape<-1, 2>, nb::c_contig>;
using LabelsOut = nb::ndarray<nb::memview, std::int32_t, nb::ndim<1>, nb::c_contig>;

// Gives a vector's memory to Python, which frees it with the last view.
template <class View, class T>
View give(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
    auto* const kept = new std::vector<T>(std::move(values));
    const nb::capsule owner(
        kept, [](void* memory) noexcept { delete static_cast<std::vector<T>*>(memory); });
    return View(kept->data(), shape, owner);
}

const Color* colors_of(const ColorsIn& colors) {
    return reinterpret_cast<const Color*>(colors.data());
}

Pixels pixels_of(const Bytes& pixels, int channels) {
    return {pixels.data(), pixels.size() / channels, channels};
}

Picture picture_of(const Bytes& pixels, std::size_t width, int channels) {
    return {pixels.data(), width, pixels.size() / (width * channels), channels};
}

Points points_of(const RowsIn& rows, const NumbersIn& weights) {
    return {rows.data(), weights.data(), rows.shape(0), static_cast<int>(rows.shape(1))};
}

std::pair<ColorsOut, NumbersOut> give_counts(ColorCounts&& counts) {
    const std::size_t n = counts.colors.size();
    auto* const kept = new std::vector<Color>(std::move(counts.colors));
    const nb::capsule owner(
        kept, [](void* memory) noexcept { delete static_cast<std::vector<Color>*>(memory); });
    return {ColorsOut(kept->data(), {n, 4}, owner),
            give<NumbersOut>(std::move(counts.counts), {n})};
}

ColorCounts counts_of(const ColorsIn& colors, const NumbersIn& counts) {
    return {{colors_of(colors), colors_of(colors) + colors.shape(0)},
            {counts.data(), counts.data() + counts.size()}};
}

std::pair<ColorsOut, NumbersOut> py_count_colors(const Bytes& pixels, int channels,
                                                 const Bytes& contrast, bool keep_transparent,
                                                 int n_threads) {
    ColorCounts counts;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        counts =
            count_colors(pixels_of(pixels, channels),
                         contrast.size() > 0 ? contrast.data() : nullptr, keep_transparent, team);
    }
    return give_counts(std::move(counts));
}

std::pair<ColorsOut, NumbersOut> py_merge_colors(const ColorsIn& colors, const NumbersIn& counts,
                                                 const ColorsIn& other_colors,
                                                 const NumbersIn& other_counts) {
    ColorCounts merged;
    {
        nb::gil_scoped_release released;
        merged = merge(counts_of(colors, counts), counts_of(other_colors, other_counts));
    }
    return give_counts(std::move(merged));
}

BytesOut py_map_colors(const Bytes& pixels, int channels, const ColorsIn& colors,
                       const Bytes& labels, int n_threads) {
    std::vector<std::uint8_t> indices(pixels.size() / channels);
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        map_colors(pixels_of(pixels, channels), colors_of(colors), labels.data(), labels.size(),
                   team, indices.data());
    }
    const std::size_t n = indices.size();
    return give<BytesOut>(std::move(indices), {n});
}

RowsOut py_to_space(const ColorsIn& colors, Space space, int dims, double kind_gap) {
    std::vector<double> rows(colors.shape(0) * dims);
    {
        nb::gil_scoped_release released;
        to_space(colors_of(colors), colors.shape(0), space, dims, kind_gap, rows.data());
    }
    return give<RowsOut>(std::move(rows), {colors.shape(0), static_cast<std::size_t>(dims)});
}

LabelsOut py_chain(const RowsIn& rows) {
    std::vector<std::int32_t> order =
        chain(rows.data(), rows.shape(0), static_cast<int>(rows.shape(1)));
    const std::size_t n = order.size();
    return give<LabelsOut>(std::move(order), {n});
}

BytesOut py_from_space(const RowsIn& rows, Space space, double kind_gap) {
    std::vector<Color> colors(rows.shape(0));
    from_space(rows.data(), rows.shape(0), space, static_cast<int>(rows.shape(1)), kind_gap,
               colors.data());
    std::vector<std::uint8_t> bytes(colors.size() * 4);
    std::memcpy(bytes.data(), colors.data(), bytes.size());
    const std::size_t n = bytes.size();
    return give<BytesOut>(std::move(bytes), {n});
}

std::tuple<RowsOut, NumbersOut, LabelsOut> py_unique_rows(const RowsIn& rows,
                                                          const NumbersIn& weights, int n_threads) {
    UniqueRows unique;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        unique = unique_rows(points_of(rows, weights), team);
    }
    const std::size_t n = unique.weights.size();
    const std::size_t n_places = unique.places.size();
    return {give<RowsOut>(std::move(unique.rows), {n, rows.shape(1)}),
            give<NumbersOut>(std::move(unique.weights), {n}),
            give<LabelsOut>(std::move(unique.places), {n_places})};
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
        best = best_restarts(Blocks(points_of(rows, weights)), k, seeding, n_init, n_best, max_iter,
                             tolerance, seed, team);
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
        fit = lloyd(Blocks(points_of(rows, weights)), std::move(start), max_iter, tolerance, team);
    }
    const std::size_t n = fit.labels.size();
    return {give<RowsOut>(std::move(fit.centroids), {centroids.shape(0), rows.shape(1)}),
            give<LabelsOut>(std::move(fit.labels), {n}), fit.inertia, fit.n_iter};
}

LabelsOut py_nearest(const RowsIn& rows, const RowsIn& centroids, int n_threads) {
    std::vector<std::int32_t> labels;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        labels = nearest(rows.data(), rows.shape(0), static_cast<int>(rows.shape(1)),
                         {centroids.data(), centroids.data() + centroids.size()}, team);
    }
    const std::size_t n = labels.size();
    return give<LabelsOut>(std::move(labels), {n});
}

BytesOut py_label_colors(const ColorsIn& colors, const ColorsIn& palette, Space space, int dims,
                         int n_threads) {
    std::vector<std::uint8_t> labels(colors.shape(0));
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        label_colors(colors_of(colors), colors.shape(0), colors_of(palette), palette.shape(0),
                     space, dims, team, labels.data());
    }
    const std::size_t n = labels.size();
    return give<BytesOut>(std::move(labels), {n});
}

BytesOut py_copy_transparent(const Bytes& pixels, const Bytes& from, const Bytes& indices) {
    std::vector<std::uint8_t> copied(indices.data(), indices.data() + indices.size());
    {
        nb::gil_scoped_release released;
        copy_transparent(pixels_of(pixels, 4), from.data(), copied.data());
    }
    const std::size_t n = copied.size();
    return give<BytesOut>(std::move(copied), {n});
}

BytesOut py_local_contrast(const Bytes& pixels, std::size_t width, int channels, int n_threads) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> contrast(picture.width * picture.height);
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        local_contrast(picture, team, contrast.data());
    }
    const std::size_t n = contrast.size();
    return give<BytesOut>(std::move(contrast), {n});
}

std::pair<double, double> py_likeness(const Bytes& pixels, std::size_t width, int channels,
                                      int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    const Likeness found = likeness(picture_of(pixels, width, channels), team);
    return {found.repeated, found.noisy};
}

std::pair<BytesOut, StepsOut> py_assign_size_aware(const Bytes& pixels, std::size_t width,
                                                   int channels, const Bytes& contrast,
                                                   const ColorsIn& palette, float fidelity,
                                                   int rows, int columns, int visits,
                                                   int n_threads) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> indices(picture.width * picture.height);
    Parse parse;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        parse = assign_size_aware(picture, contrast.data(), colors_of(palette), palette.shape(0),
                                  fidelity, {rows, columns, visits}, team, indices.data());
    }
    const std::size_t n = indices.size();
    const std::size_t n_steps = parse.size();
    return {give<BytesOut>(std::move(indices), {n}),
            give<StepsOut>(std::move(parse), {n_steps, 2})};
}

BytesOut py_diffuse_error(const Bytes& pixels, std::size_t width, int channels,
                          const ColorsIn& palette, float strength, int n_threads) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> indices(picture.width * picture.height);
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        diffuse_error(picture, colors_of(palette), palette.shape(0), strength, team,
                      indices.data());
    }
    const std::size_t n = indices.size();
    return give<BytesOut>(std::move(indices), {n});
}

BytesOut py_dither_ordered(const Bytes& pixels, std::size_t width, int channels,
                           const ColorsIn& palette, int n_threads) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> indices(picture.width * picture.height);
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        dither_ordered(picture, colors_of(palette), palette.shape(0), team, indices.data());
    }
    const std::size_t n = indices.size();
    return give<BytesOut>(std::move(indices), {n});
}

std::pair<std::vector<std::uint64_t>, double> py_compare(const Bytes& pixels, std::size_t width,
                                                         int channels, const Bytes& indices,
                                                         const ColorsIn& palette, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    Comparison comparison = compare(picture_of(pixels, width, channels), indices.data(),
                                    colors_of(palette), palette.shape(0), team);
    return {std::move(comparison.counts), comparison.squared_error};
}

BytesOut py_renumber(const Bytes& indices, const Bytes& places, int n_threads) {
    std::vector<std::uint8_t> renumbered(indices.size());
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        renumber(indices.data(), indices.size(), places.data(), team, renumbered.data());
    }
    const std::size_t n = renumbered.size();
    return give<BytesOut>(std::move(renumbered), {n});
}

BytesOut py_missed_colors(const ColorsIn& colors, const NumbersIn& counts, const ColorsIn& palette,
                          std::size_t limit) {
    std::vector<Color> missed;
    {
        nb::gil_scoped_release released;
        missed = missed_colors(colors_of(colors), counts.data(), colors.shape(0),
                               colors_of(palette), palette.shape(0), limit);
    }
    std::vector<std::uint8_t> bytes(missed.size() * 4);
    std::copy_n(reinterpret_cast<const std::uint8_t*>(missed.data()), bytes.size(), bytes.data());
    const std::size_t n = bytes.size();
    return give<BytesOut>(std::move(bytes), {n});
}

double py_score(const Bytes& pixels, std::size_t width, int channels, const Bytes& indices,
                const ColorsIn& palette, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    return score(picture_of(pixels, width, channels), indices.data(), colors_of(palette), team);
}

double py_ssimulacra2(const Bytes& original, const Bytes& distorted, std::size_t width,
                      std::size_t height, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    return ssimulacra2(original.data(), distorted.data(), width, height, team);
}

BytesOut py_pack_scanlines(const Bytes& indices, std::size_t width, int bit_depth) {
    const std::size_t height = indices.size() / width;
    std::vector<std::uint8_t> scanlines(scanline_bytes(width, bit_depth) * height);
    {
        nb::gil_scoped_release released;
        pack_scanlines(indices.data(), width, height, bit_depth, scanlines.data());
    }
    const std::size_t n = scanlines.size();
    return give<BytesOut>(std::move(scanlines), {n});
}

BytesOut py_filter_scanlines(const Bytes& scanlines, std::size_t n_bytes) {
    std::vector<std::uint8_t> filtered(scanlines.size());
    {
        nb::gil_scoped_release released;
        filter_scanlines(scanlines.data(), n_bytes - 1, scanlines.size() / n_bytes,
                         filtered.data());
    }
    const std::size_t n = filtered.size();
    return give<BytesOut>(std::move(filtered), {n});
}

BytesOut py_deflate_parsed(const Bytes& indices, std::size_t width, const StepsIn& parse,
                           int n_threads) {
    std::vector<std::uint8_t> stream;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        stream = deflate_parsed(indices.data(), width, indices.size() / width,
                                reinterpret_cast<const Step*>(parse.data()), team);
    }
    const std::size_t n = stream.size();
    return give<BytesOut>(std::move(stream), {n});
}

BytesOut py_lzw(const Bytes& indices, int code_size) {
    std::vector<std::uint8_t> codes;
    {
        nb::gil_scoped_release released;
        codes = lzw(indices.data(), indices.size(), code_size);
    }
    const std::size_t n = codes.size();
    return give<BytesOut>(std::move(codes), {n});
}

BytesOut py_run_lengths(const Bytes& indices, std::size_t width, int bit_depth) {
    const std::size_t height = indices.size() / width;
    std::vector<std::uint8_t> runs;
    {
        nb::gil_scoped_release released;
        runs = run_lengths(indices.data(), width, height, bit_depth);
    }
    const std::size_t n = runs.size();
    return give<BytesOut>(std::move(runs), {n});
}

}  // namespace

NB_MODULE(_core, m) {
    m.doc() = "The kernels of fewcolors. Arguments are trusted: call them through the package.";

    nb::enum_<Space>(m, "Space")
        .value("SRGB", Space::kSrgb)
        .value("OKLAB", Space::kOklab)
        .value("OKLAB_CHROMA", Space::kOklabChroma)
        .value("BOTH", Space::kBoth);
    nb::enum_<Seeding>(m, "Seeding")
        .value("PLUS_PLUS", Seeding::kPlusPlus)
        .value("RANDOM", Seeding::kRandom);

    m.def("count_colors", py_count_colors, "pixels"_a.noconvert(), "channels"_a,
          "contrast"_a.noconvert(), "keep_transparent"_a, "n_threads"_a);
    m.def("merge_colors", py_merge_colors, "colors"_a.noconvert(), "counts"_a.noconvert(),
          "other_colors"_a.noconvert(), "other_counts"_a.noconvert());
    m.def("map_colors", py_map_colors, "pixels"_a.noconvert(), "channels"_a, "colors"_a.noconvert(),
          "labels"_a.noconvert(), "n_threads"_a);
    m.def("to_space", py_to_space, "colors"_a.noconvert(), "space"_a, "dims"_a, "kind_gap"_a = 0.0);
    m.def("from_space", py_from_space, "rows"_a.noconvert(), "space"_a, "kind_gap"_a = 0.0);
    m.def("chain", py_chain, "rows"_a.noconvert());
    m.def("unique_rows", py_unique_rows, "rows"_a.noconvert(), "weights"_a.noconvert(),
          "n_threads"_a);
    m.def("coarsen", py_coarsen, "rows"_a.noconvert(), "weights"_a.noconvert(), "levels"_a);
    m.def("best_restarts", py_best_restarts, "rows"_a.noconvert(), "weights"_a.noconvert(), "k"_a,
          "seeding"_a, "n_init"_a, "n_best"_a, "max_iter"_a, "tolerance"_a, "seed"_a,
          "n_threads"_a);
    m.def("lloyd", py_lloyd, "rows"_a.noconvert(), "weights"_a.noconvert(),
          "centroids"_a.noconvert(), "max_iter"_a, "tolerance"_a, "n_threads"_a);
    m.def("nearest", py_nearest, "rows"_a.noconvert(), "centroids"_a.noconvert(), "n_threads"_a);
    m.def("label_colors", py_label_colors, "colors"_a.noconvert(), "palette"_a.noconvert(),
          "space"_a, "dims"_a, "n_threads"_a);
    m.def("local_contrast", py_local_contrast, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "n_threads"_a);
    m.def("copy_transparent", py_copy_transparent, "pixels"_a.noconvert(),
          "from_indices"_a.noconvert(), "indices"_a.noconvert());
    m.def("likeness", py_likeness, "pixels"_a.noconvert(), "width"_a, "channels"_a, "n_threads"_a);
    m.def("assign_size_aware", py_assign_size_aware, "pixels"_a.noconvert(), "width"_a,
          "channels"_a, "contrast"_a.noconvert(), "palette"_a.noconvert(), "fidelity"_a, "rows"_a,
          "columns"_a, "visits"_a, "n_threads"_a);
    m.def("diffuse_error", py_diffuse_error, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "palette"_a.noconvert(), "strength"_a, "n_threads"_a);
    m.def("dither_ordered", py_dither_ordered, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "palette"_a.noconvert(), "n_threads"_a);
    m.def("compare", py_compare, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "indices"_a.noconvert(), "palette"_a.noconvert(), "n_threads"_a);
    m.def("renumber", py_renumber, "indices"_a.noconvert(), "places"_a.noconvert(), "n_threads"_a);
    m.def("missed_colors", py_missed_colors, "colors"_a.noconvert(), "counts"_a.noconvert(),
          "palette"_a.noconvert(), "limit"_a);
    m.def("score", py_score, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "indices"_a.noconvert(), "palette"_a.noconvert(), "n_threads"_a);
    m.def("ssimulacra2", py_ssimulacra2, "original"_a.noconvert(), "distorted"_a.noconvert(),
          "width"_a, "height"_a, "n_threads"_a);
    m.def("pack_scanlines", py_pack_scanlines, "indices"_a.noconvert(), "width"_a, "bit_depth"_a);
    m.def("filter_scanlines", py_filter_scanlines, "scanlines"_a.noconvert(), "n_bytes"_a);
    m.def("deflate_parsed", py_deflate_parsed, "indices"_a.noconvert(), "width"_a,
          "parse"_a.noconvert(), "n_threads"_a);
    m.def("lzw", py_lzw, "indices"_a.noconvert(), "code_size"_a);
    m.def("run_lengths", py_run_lengths, "indices"_a.noconvert(), "width"_a, "bit_depth"_a);
    m.def("keep_freed_memory", keep_freed_memory);
}
