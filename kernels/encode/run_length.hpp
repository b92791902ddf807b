// Indices as the runs of a BMP.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fewcolors {

// RLE8 or RLE4, by bit_depth 8 or 4: rows from the bottom up, each closed by an end of line, and
// an end of bitmap.
std::vector<std::uint8_t> run_lengths(const std::uint8_t* indices, std::size_t width,
                                      std::size_t height, int bit_depth);

}  // namespace fewcolors
