// Indices as the bytes of a file.

#include <nanobind/stl/pair.h>

#include "base/team.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"
#include "encode/deflate.hpp"
#include "encode/filters.hpp"
#include "encode/final_block.hpp"
#include "encode/largest_index.hpp"
#include "encode/lzw.hpp"
#include "encode/packing.hpp"

namespace fewcolors {
namespace {

int py_largest_index(const Bytes& indices) {
    nb::gil_scoped_release released;
    return largest_index(indices.data(), indices.size());
}

BytesOut py_pack_scanlines(const Bytes& indices, std::size_t width, int bit_depth) {
    const std::size_t height = indices.size() / width;
    std::vector<std::uint8_t> scanlines(scanline_bytes(width, bit_depth) * height);
    {
        nb::gil_scoped_release released;
        pack_scanlines(indices.data(), width, height, bit_depth, scanlines.data());
    }
    return give<BytesOut>(std::move(scanlines));
}

BytesOut py_filter_scanlines(const Bytes& scanlines, std::size_t n_bytes) {
    std::vector<std::uint8_t> filtered(scanlines.size());
    {
        nb::gil_scoped_release released;
        filter_scanlines(scanlines.data(), n_bytes - 1, scanlines.size() / n_bytes,
                         filtered.data());
    }
    return give<BytesOut>(std::move(filtered));
}

BytesOut py_deflate_copy_plan(const Bytes& indices, std::size_t width, const StepsIn& plan,
                              int n_threads) {
    std::vector<std::uint8_t> stream;
    {
        nb::gil_scoped_release released;
        Team team(n_threads);
        stream = deflate_copy_plan(indices.data(), width, indices.size() / width,
                                   reinterpret_cast<const Step*>(plan.data()), plan.shape(0), team);
    }
    return give<BytesOut>(std::move(stream));
}

std::pair<std::size_t, std::size_t> py_final_block(const Bytes& stream) {
    nb::gil_scoped_release released;
    const FinalBlock found = final_block(stream.data(), stream.size());
    return {found.begin, found.end};
}

BytesOut py_lzw(const Bytes& indices, int code_size) {
    std::vector<std::uint8_t> codes;
    {
        nb::gil_scoped_release released;
        codes = lzw(indices.data(), indices.size(), code_size);
    }
    return give<BytesOut>(std::move(codes));
}

}  // namespace

void bind_encode(nb::module_& m) {
    m.def("largest_index", py_largest_index, "indices"_a.noconvert());
    m.def("pack_scanlines", py_pack_scanlines, "indices"_a.noconvert(), "width"_a, "bit_depth"_a);
    m.def("filter_scanlines", py_filter_scanlines, "scanlines"_a.noconvert(), "n_bytes"_a);
    m.def("deflate_copy_plan", py_deflate_copy_plan, "indices"_a.noconvert(), "width"_a,
          "copy_plan"_a.noconvert(), "n_threads"_a);
    m.def("final_block", py_final_block, "stream"_a.noconvert());
    m.def("lzw", py_lzw, "indices"_a.noconvert(), "code_size"_a);
}

}  // namespace fewcolors
