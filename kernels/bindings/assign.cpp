// An index for each pixel.
#include <nanobind/stl/pair.h>

#include <algorithm>
#include <array>

#include "assign/blue_noise_dither.hpp"
#include "assign/diffusion.hpp"
#include "assign/label_colors.hpp"
#include "assign/renumber.hpp"
#include "assign/size_aware.hpp"
#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"

namespace fewcolors {
namespace {

BytesOut py_label_colors(const ColorsIn& colors, const ColorsIn& palette, Space space, int dims,
                         int n_threads) {
    std::vector<std::uint8_t> labels(colors.shape(0));
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        label_colors(colors_of(colors), colors.shape(0), colors_of(palette), palette.shape(0),
                     space, dims, team, labels.data());
    }
    return give<BytesOut>(std::move(labels));
}

BytesOut py_copy_transparent(const Bytes& pixels, const Bytes& from, const Bytes& indices) {
    std::vector<std::uint8_t> copied(indices.data(), indices.data() + indices.size());
    {
        nb::gil_scoped_release released;
        copy_transparent(pixels_of(pixels, 4), from.data(), copied.data());
    }
    return give<BytesOut>(std::move(copied));
}

std::pair<BytesOut, StepsOut> py_assign_size_aware(const Bytes& pixels, std::size_t width,
                                                   int channels, const Bytes& contrast,
                                                   const ColorsIn& palette, float fidelity,
                                                   int rows, int columns, int far_tries,
                                                   bool is_drawing, int n_threads) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> indices(picture.width * picture.height);
    CopyPlan plan;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        plan = assign_size_aware(picture, contrast.data(), colors_of(palette), palette.shape(0),
                                 fidelity, is_drawing, {rows, columns, far_tries}, team,
                                 indices.data());
    }
    const std::size_t n = indices.size();
    const std::size_t n_steps = plan.size();
    return {give<BytesOut>(std::move(indices), {n}), give<StepsOut>(std::move(plan), {n_steps, 2})};
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
    return give<BytesOut>(std::move(indices));
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
    return give<BytesOut>(std::move(indices));
}

void py_renumber(const BytesInOut& indices, const Bytes& places, int n_threads) {
    std::array<std::uint8_t, 256> every_place{};
    std::copy_n(places.data(), std::min(places.size(), every_place.size()), every_place.begin());
    nb::gil_scoped_release released;
    Team team(n_threads);
    renumber(indices.data(), indices.size(), every_place, team);
}

}  // namespace

void bind_assign(nb::module_& m) {
    m.def("label_colors", py_label_colors, "colors"_a.noconvert(), "palette"_a.noconvert(),
          "space"_a, "dims"_a, "n_threads"_a);
    m.def("copy_transparent", py_copy_transparent, "pixels"_a.noconvert(),
          "from_indices"_a.noconvert(), "indices"_a.noconvert());
    m.def("assign_size_aware", py_assign_size_aware, "pixels"_a.noconvert(), "width"_a,
          "channels"_a, "contrast"_a.noconvert(), "palette"_a.noconvert(), nb::kw_only(),
          "fidelity"_a, "rows"_a, "columns"_a, "far_tries"_a, "is_drawing"_a = false,
          "n_threads"_a);
    m.def("diffuse_error", py_diffuse_error, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "palette"_a.noconvert(), "strength"_a, "n_threads"_a);
    m.def("dither_ordered", py_dither_ordered, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "palette"_a.noconvert(), "n_threads"_a);
    m.def("renumber", py_renumber, "indices"_a.noconvert(), "places"_a.noconvert(), "n_threads"_a);
}

}  // namespace fewcolors
