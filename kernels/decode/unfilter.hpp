// Undoes the filters of a PNG's rows.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Rows of a PNG: `stored` has for each the byte that names its filter, and `row_bytes` more.
struct FilteredRows {
    const std::uint8_t* stored;
    std::size_t n_rows;
    std::size_t row_bytes;
    std::size_t pixel_bytes;  // 3 or 4
};

// Writes the rows as they were before they were filtered. `above` is the row before the first;
// zeros where there is none. `plain` may be where `stored` begins: each byte is read before it is
// written over. Returns false where a filter has no meaning.
bool unfilter(const FilteredRows& rows, const std::uint8_t* above, std::uint8_t* plain);

}  // namespace fewcolors
