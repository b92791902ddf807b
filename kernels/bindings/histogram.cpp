// Pixels and their unique colours.
#include "histogram/histogram.hpp"

#include <nanobind/stl/pair.h>

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "histogram/validity.hpp"

namespace fewcolors {
namespace {

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
    return give<BytesOut>(std::move(indices));
}

bool py_is_in_order(const ColorsIn& colors) {
    nb::gil_scoped_release released;
    return is_in_order(colors_of(colors), colors.shape(0));
}

bool py_are_weights(const NumbersIn& weights) {
    nb::gil_scoped_release released;
    return are_weights(weights.data(), weights.size());
}

bool py_holds_colors(const Bytes& pixels, int channels, const ColorsIn& colors, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    return holds_colors(pixels_of(pixels, channels), colors_of(colors), colors.shape(0), team);
}

}  // namespace

void bind_histogram(nb::module_& m) {
    m.def("count_colors", py_count_colors, "pixels"_a.noconvert(), "channels"_a,
          "contrast"_a.noconvert(), "keep_transparent"_a, "n_threads"_a);
    m.def("merge_colors", py_merge_colors, "colors"_a.noconvert(), "counts"_a.noconvert(),
          "other_colors"_a.noconvert(), "other_counts"_a.noconvert());
    m.def("map_colors", py_map_colors, "pixels"_a.noconvert(), "channels"_a, "colors"_a.noconvert(),
          "labels"_a.noconvert(), "n_threads"_a);
    m.def("is_in_order", py_is_in_order, "colors"_a.noconvert());
    m.def("are_weights", py_are_weights, "weights"_a.noconvert());
    m.def("holds_colors", py_holds_colors, "pixels"_a.noconvert(), "channels"_a,
          "colors"_a.noconvert(), "n_threads"_a);
}

}  // namespace fewcolors
