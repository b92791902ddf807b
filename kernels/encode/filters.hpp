// The filters of PNG: each byte of a row as its difference from what its neighbours predict.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Filters scanlines that are not filtered yet, rows of a filter type and n_bytes of packed indices.
//
// Each row takes the filter that leaves the fewest different pairs of neighbouring bytes, the first
// of equals: what is left to deflate then says the same again and again. (The measure is that of
// oxipng's "bigrams".)
void filter_scanlines(const std::uint8_t* scanlines, std::size_t n_bytes, std::size_t height,
                      std::uint8_t* filtered);

}  // namespace fewcolors
