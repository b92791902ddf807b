#include "encode/packing.hpp"

#include <algorithm>

namespace fewcolors {

std::size_t scanline_bytes(std::size_t width, int bit_depth) {
    return 1 + (width * bit_depth + 7) / 8;
}

void pack_scanlines(const std::uint8_t* indices, std::size_t width, std::size_t height,
                    int bit_depth, std::uint8_t* scanlines) {
    const std::size_t stride = scanline_bytes(width, bit_depth);
    const std::size_t per_byte = 8 / bit_depth;
    for (std::size_t y = 0; y < height; ++y, indices += width, scanlines += stride) {
        if (bit_depth == 8) {
            scanlines[0] = 0;
            std::copy(indices, indices + width, scanlines + 1);
            continue;
        }
        std::fill(scanlines, scanlines + stride, std::uint8_t{0});
        for (std::size_t x = 0; x < width; ++x) {
            const auto shift = static_cast<int>(8 - bit_depth * (x % per_byte + 1));
            scanlines[1 + x / per_byte] |= static_cast<std::uint8_t>(indices[x] << shift);
        }
    }
}

}  // namespace fewcolors
