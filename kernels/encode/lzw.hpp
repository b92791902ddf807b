// Indices as the code stream of a GIF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fewcolors {

// Lempel-Ziv-Welch coding for GIF: codes of growing length, the first bits lowest, from a clear
// code to an end code. `code_size` is the bits of an index, 2 to 8; GIF has no 1.
std::vector<std::uint8_t> lzw(const std::uint8_t* indices, std::size_t count, int code_size);

}  // namespace fewcolors
