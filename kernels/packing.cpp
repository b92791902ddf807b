#include "packing.hpp"

#include <algorithm>

namespace fewcolors {

std::size_t packed_width(std::size_t width, int bit_depth) { return (width * bit_depth + 7) / 8; }

void pack_rows(const std::uint8_t* indices, std::size_t width, std::size_t height, int bit_depth,
               std::uint8_t* rows) {
    const std::size_t stride = packed_width(width, bit_depth);
    const std::size_t per_byte = 8 / bit_depth;
    std::fill(rows, rows + stride * height, std::uint8_t{0});
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const auto shift = static_cast<int>(8 - bit_depth * (x % per_byte + 1));
            rows[y * stride + x / per_byte] |=
                static_cast<std::uint8_t>(indices[y * width + x] << shift);
        }
    }
}

}  // namespace fewcolors
