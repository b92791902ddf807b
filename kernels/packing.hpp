// Indices as the rows of a PNG.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Bytes of a packed row.
std::size_t packed_width(std::size_t width, int bit_depth);

// Packs 8, 4, 2 or 1 indices into a byte, the first in the highest bits; rows start at a byte.
void pack_rows(const std::uint8_t* indices, std::size_t width, std::size_t height, int bit_depth,
               std::uint8_t* rows);

}  // namespace fewcolors
