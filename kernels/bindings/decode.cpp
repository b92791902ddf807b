// Pixels as files store them.
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "decode/unfilter.hpp"

namespace fewcolors {
namespace {

bool py_unfilter(const BytesInOut& rows, std::size_t n_rows, int pixel_bytes) {
    nb::gil_scoped_release released;
    return unfilter(rows.data(), n_rows, rows.size() / n_rows - 1, pixel_bytes);
}

}  // namespace

void bind_decode(nb::module_& m) {
    m.def("unfilter", py_unfilter, "rows"_a.noconvert(), "n_rows"_a, "pixel_bytes"_a);
}

}  // namespace fewcolors
