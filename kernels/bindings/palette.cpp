// What the palette needs beyond k-means.

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "palette/chain_alike.hpp"
#include "palette/drawn_colors.hpp"
#include "palette/missed_colors.hpp"

namespace fewcolors {
namespace {

LabelsOut py_chain_alike(const RowsIn& rows) {
    std::vector<std::int32_t> order =
        chain_alike(rows.data(), rows.shape(0), static_cast<int>(rows.shape(1)));
    return give<LabelsOut>(std::move(order));
}

BytesOut bytes_of(const std::vector<Color>& colors) {
    std::vector<std::uint8_t> bytes(colors.size() * 4);
    std::copy_n(reinterpret_cast<const std::uint8_t*>(colors.data()), bytes.size(), bytes.data());
    return give<BytesOut>(std::move(bytes));
}

BytesOut py_missed_colors(const ColorsIn& colors, const NumbersIn& counts, const ColorsIn& palette,
                          std::size_t limit) {
    std::vector<Color> missed;
    {
        nb::gil_scoped_release released;
        missed = missed_colors(colors_of(colors), counts.data(), colors.shape(0),
                               colors_of(palette), palette.shape(0), limit);
    }
    return bytes_of(missed);
}

BytesOut py_snap_to_dominant(const ColorsIn& colors, const NumbersIn& counts,
                             const LabelsIn& labels, double share, const ColorsIn& palette) {
    std::vector<Color> snapped(colors_of(palette), colors_of(palette) + palette.shape(0));
    {
        nb::gil_scoped_release released;
        snap_to_dominant(colors_of(colors), counts.data(), labels.data(), colors.shape(0), share,
                         snapped);
    }
    return bytes_of(snapped);
}

BytesOut py_missed_areas(const ColorsIn& areas, std::size_t n_exact, const ColorsIn& palette,
                         double tolerance, double apart, std::size_t limit) {
    std::vector<Color> missed;
    {
        nb::gil_scoped_release released;
        missed = missed_areas(colors_of(areas), areas.shape(0), n_exact, colors_of(palette),
                              palette.shape(0), tolerance, apart, limit);
    }
    return bytes_of(missed);
}

}  // namespace

void bind_palette(nb::module_& m) {
    m.def("chain_alike", py_chain_alike, "rows"_a.noconvert());
    m.def("missed_colors", py_missed_colors, "colors"_a.noconvert(), "counts"_a.noconvert(),
          "palette"_a.noconvert(), "limit"_a);
    m.def("snap_to_dominant", py_snap_to_dominant, "colors"_a.noconvert(), "counts"_a.noconvert(),
          "labels"_a.noconvert(), "share"_a, "palette"_a.noconvert());
    m.def("missed_areas", py_missed_areas, "areas"_a.noconvert(), nb::kw_only(), "n_exact"_a,
          "palette"_a.noconvert(), "tolerance"_a, "apart"_a, "limit"_a);
}

}  // namespace fewcolors
