// Indices as the scanlines of a PNG.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Bytes of a scanline: the filter type and the packed indices.
std::size_t scanline_bytes(std::size_t width, int bit_depth);

// Writes unfiltered scanlines: a zero, then 8, 4, 2 or 1 indices a byte, the first in the highest
// bits; each starts at a byte.
void pack_scanlines(const std::uint8_t* indices, std::size_t width, std::size_t height,
                    int bit_depth, std::uint8_t* scanlines);

}  // namespace fewcolors
