// The rows of a PNG as they were before filtering.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Takes the filters off rows, each of which has the number of its filter in front, and moves the
// rows together, so that their bytes are the pixels'. Returns false where a number names no filter;
// what the rows are then does not matter. After "Portable Network Graphics (PNG) Specification,
// third edition", W3C 2025, section 9.
//
// `rows` are n_rows x (1 + row_bytes) bytes, of which n_rows x row_bytes remain; `pixel_bytes` is 3
// or 4, and divides row_bytes.
bool unfilter(std::uint8_t* rows, std::size_t n_rows, std::size_t row_bytes, int pixel_bytes);

}  // namespace fewcolors
