// Points in an order in which neighbours are alike.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fewcolors {

// Starts with the first of (count, dims) points; each is followed by the one nearest to it of those
// that are left, the first of equals. For palettes: the time grows with the square of `count`.
std::vector<std::int32_t> chain_alike(const double* rows, std::size_t count, int dims);

}  // namespace fewcolors
