// The filters of PNG: each byte of a row as its difference from what its neighbours predict.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Filters scanlines: rows of a filter type, which is 0, and n_bytes of packed indices.
//
// Each row takes the filter that leaves the fewest distinct pairs of neighbouring bytes, the first
// of equals: what repeats itself deflates well. (The measure is that of oxipng's "bigrams".)
void filter_scanlines(const std::uint8_t* scanlines, std::size_t n_bytes, std::size_t height,
                      std::uint8_t* filtered);

}  // namespace fewcolors
