// How close the result is to the original.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/vector.h>

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "score/metrics.hpp"
#include "score/ssimulacra2.hpp"

namespace fewcolors {
namespace {

std::pair<std::vector<std::uint64_t>, double> py_compare(const Bytes& pixels, std::size_t width,
                                                         int channels, const Bytes& indices,
                                                         const ColorsIn& palette, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    Comparison comparison = compare(picture_of(pixels, width, channels), indices.data(),
                                    colors_of(palette), palette.shape(0), team);
    return {std::move(comparison.counts), comparison.squared_error};
}

double py_score(const Bytes& pixels, std::size_t width, int channels, const Bytes& indices,
                const ColorsIn& palette, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    return score(picture_of(pixels, width, channels), indices.data(), colors_of(palette),
                 palette.shape(0), team);
}

double py_ssimulacra2(const Bytes& original, const Bytes& distorted, std::size_t width,
                      std::size_t height, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    return ssimulacra2(original.data(), distorted.data(), width, height, team);
}

}  // namespace

void bind_score(nb::module_& m) {
    m.def("compare", py_compare, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "indices"_a.noconvert(), "palette"_a.noconvert(), "n_threads"_a);
    m.def("score", py_score, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "indices"_a.noconvert(), "palette"_a.noconvert(), "n_threads"_a);
    m.def("ssimulacra2", py_ssimulacra2, "original"_a.noconvert(), "distorted"_a.noconvert(),
          "width"_a, "height"_a, "n_threads"_a);
}

}  // namespace fewcolors
