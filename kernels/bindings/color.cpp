// Colours and the coordinates that k-means works on.
#include <algorithm>
#include <cstring>

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "color/ciede2000.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

RowsOut py_to_space(const ColorsIn& colors, Space space, int dims, bool separate_kinds) {
    std::vector<double> rows(colors.shape(0) * dims);
    {
        nb::gil_scoped_release released;
        to_space(colors_of(colors), colors.shape(0), space, dims, separate_kinds, rows.data());
    }
    return give<RowsOut>(std::move(rows), {colors.shape(0), static_cast<std::size_t>(dims)});
}

BytesOut py_from_space(const RowsIn& rows, Space space, bool separate_kinds) {
    std::vector<Color> colors(rows.shape(0));
    from_space(rows.data(), rows.shape(0), space, static_cast<int>(rows.shape(1)), separate_kinds,
               colors.data());
    std::vector<std::uint8_t> bytes(colors.size() * 4);
    std::memcpy(bytes.data(), colors.data(), bytes.size());
    return give<BytesOut>(std::move(bytes));
}

double py_ciede2000(double l1, double a1, double b1, double l2, double a2, double b2) {
    return ciede2000({l1, a1, b1}, {l2, a2, b2});
}

double py_color_difference(const Bytes& one, const Bytes& other) {
    Color colors[2];
    std::copy_n(one.data(), 4, colors[0].begin());
    std::copy_n(other.data(), 4, colors[1].begin());
    return color_difference(colors[0], colors[1]);
}

}  // namespace

void bind_color(nb::module_& m) {
    nb::enum_<Space>(m, "Space")
        .value("SRGB", Space::kSrgb)
        .value("OKLAB", Space::kOklab)
        .value("OKLAB_CHROMA", Space::kOklabChroma)
        .value("OKLAB_AND_SRGB", Space::kOklabAndSrgb)
        .value("OKLAB_TOE", Space::kOklabToe);
    m.def("to_space", py_to_space, "colors"_a.noconvert(), "space"_a, "dims"_a,
          "separate_kinds"_a = false);
    m.def("from_space", py_from_space, "rows"_a.noconvert(), "space"_a, "separate_kinds"_a = false);
    m.def("ciede2000", py_ciede2000, "l1"_a, "a1"_a, "b1"_a, "l2"_a, "a2"_a, "b2"_a);
    m.def("color_difference", py_color_difference, "one"_a.noconvert(), "other"_a.noconvert());
}

}  // namespace fewcolors
