// What decoding needs beside the libraries that it uses.
#include <stdexcept>

#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "decode/unfilter.hpp"

namespace fewcolors {
namespace {

BytesOut py_unfilter(const Bytes& stored, const Bytes& above, std::size_t pixel_bytes) {
    const std::size_t row_bytes = above.size();
    const FilteredRows rows{stored.data(), stored.size() / (1 + row_bytes), row_bytes, pixel_bytes};
    std::vector<std::uint8_t> plain(rows.n_rows * row_bytes);
    bool is_known = false;
    {
        nb::gil_scoped_release released;
        is_known = unfilter(rows, above.data(), plain.data());
    }
    if (!is_known) throw std::invalid_argument("a row has an unknown filter");
    return give<BytesOut>(std::move(plain));
}

// Leaves the rows without their filters at the start of the buffer.
bool py_unfilter_in_place(const BytesInOut& rows, std::size_t n_rows, std::size_t pixel_bytes) {
    nb::gil_scoped_release released;
    const std::size_t row_bytes = rows.size() / n_rows - 1;
    const std::vector<std::uint8_t> above(row_bytes);
    return unfilter({rows.data(), n_rows, row_bytes, pixel_bytes}, above.data(), rows.data());
}

}  // namespace

void bind_decode(nb::module_& m) {
    m.def("unfilter", py_unfilter, "stored"_a.noconvert(), "above"_a.noconvert(), "pixel_bytes"_a);
    m.def("unfilter_in_place", py_unfilter_in_place, "rows"_a.noconvert(), "n_rows"_a,
          "pixel_bytes"_a);
}

}  // namespace fewcolors
