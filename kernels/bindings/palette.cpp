// What the palette needs beyond k-means.

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "palette/chain_alike.hpp"
#include "palette/missed_colors.hpp"

namespace fewcolors {
namespace {

LabelsOut py_chain_alike(const RowsIn& rows) {
    std::vector<std::int32_t> order =
        chain_alike(rows.data(), rows.shape(0), static_cast<int>(rows.shape(1)));
    return give<LabelsOut>(std::move(order));
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
    return give<BytesOut>(std::move(bytes));
}

}  // namespace

void bind_palette(nb::module_& m) {
    m.def("chain_alike", py_chain_alike, "rows"_a.noconvert());
    m.def("missed_colors", py_missed_colors, "colors"_a.noconvert(), "counts"_a.noconvert(),
          "palette"_a.noconvert(), "limit"_a);
}

}  // namespace fewcolors
