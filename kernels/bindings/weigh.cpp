// Where errors show, and whether the picture is a photo or a graphic.
#include <nanobind/stl/pair.h>
#include <nanobind/stl/tuple.h>

#include <algorithm>
#include <array>

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "weigh/flat_areas.hpp"
#include "weigh/local_contrast.hpp"
#include "weigh/repetition.hpp"

namespace fewcolors {
namespace {

BytesOut py_local_contrast(const Bytes& pixels, std::size_t width, int channels, int n_threads) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> contrast(picture.width * picture.height);
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        local_contrast(picture, team, contrast.data());
    }
    return give<BytesOut>(std::move(contrast));
}

std::tuple<ColorsOut, NumbersOut, BytesOut> py_flat_areas(const Bytes& pixels, std::size_t width,
                                                          int channels) {
    const Picture picture = picture_of(pixels, width, channels);
    std::vector<std::uint8_t> is_flat(picture.width * picture.height), colors;
    FlatAreas areas;
    {
        nb::gil_scoped_release released;
        areas = flat_areas(picture, is_flat.data());
    }
    for (const Color& color : areas.colors) colors.insert(colors.end(), color.begin(), color.end());
    const std::size_t n = areas.colors.size();
    return {give<ColorsOut>(std::move(colors), {n, 4}), give<NumbersOut>(std::move(areas.counts)),
            give<BytesOut>(std::move(is_flat))};
}

BytesOut py_with_locked(const Bytes& contrast, const Bytes& is_flat) {
    std::vector<std::uint8_t> locked(contrast.size());
    for (std::size_t i = 0; i < locked.size(); ++i)
        locked[i] = is_flat.data()[i] ? 0 : std::max<std::uint8_t>(contrast.data()[i], 1);
    return give<BytesOut>(std::move(locked));
}

BytesOut py_copy_flat(const Bytes& is_flat, const Bytes& from, const Bytes& indices) {
    std::vector<std::uint8_t> copied(indices.data(), indices.data() + indices.size());
    for (std::size_t i = 0; i < copied.size(); ++i)
        if (is_flat.data()[i]) copied[i] = from.data()[i];
    return give<BytesOut>(std::move(copied));
}

std::pair<double, double> py_repetition(const Bytes& pixels, std::size_t width, int channels,
                                        int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    const Repetition found = repetition(picture_of(pixels, width, channels), team);
    return {found.repeated, found.noisy};
}

std::pair<double, double> py_repetition_of_indices(const Bytes& indices, std::size_t width,
                                                   const ColorsIn& palette, int n_threads) {
    nb::gil_scoped_release released;
    Team team(n_threads);
    std::array<Color, 256> every_entry{};  // for every index that a byte can hold
    std::copy_n(colors_of(palette), std::min(palette.shape(0), every_entry.size()),
                every_entry.begin());
    const Repetition found =
        repetition(indices.data(), width, indices.size() / width, every_entry.data(), team);
    return {found.repeated, found.noisy};
}

}  // namespace

void bind_weigh(nb::module_& m) {
    m.def("local_contrast", py_local_contrast, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "n_threads"_a);
    m.def("flat_areas", py_flat_areas, "pixels"_a.noconvert(), "width"_a, "channels"_a);
    m.def("with_locked", py_with_locked, "contrast"_a.noconvert(), "is_flat"_a.noconvert());
    m.def("copy_flat", py_copy_flat, "is_flat"_a.noconvert(), "from_indices"_a.noconvert(),
          "indices"_a.noconvert());
    m.def("repetition", py_repetition, "pixels"_a.noconvert(), "width"_a, "channels"_a,
          "n_threads"_a);
    m.def("repetition_of_indices", py_repetition_of_indices, "indices"_a.noconvert(), "width"_a,
          "palette"_a.noconvert(), "n_threads"_a);
}

}  // namespace fewcolors
