// The largest of a picture's indices: the palette must have that entry.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

std::uint8_t largest_index(const std::uint8_t* indices, std::size_t count);

}  // namespace fewcolors
