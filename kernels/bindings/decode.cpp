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

}  // namespace

void bind_decode(nb::module_& m) {
    m.def("unfilter", py_unfilter, "stored"_a.noconvert(), "above"_a.noconvert(), "pixel_bytes"_a);
}

}  // namespace fewcolors
