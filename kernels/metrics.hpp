// Sums over colours that the report needs.
#pragma once

#include <cstddef>
#include <cstdint>

#include "histogram.hpp"

namespace fewcolors {

// The sum of count x squared distance over red, green and blue (premultiplied) and alpha, 0..255
// each, from every colour to the palette's entry for it.
double squared_error(const Color* colors, const double* counts, const std::uint8_t* labels,
                     std::size_t n_colors, const Color* palette);

// Writes the sum of the counts under each label.
void counts_by_label(const double* counts, const std::uint8_t* labels, std::size_t n_colors,
                     std::size_t n_labels, double* sums);

}  // namespace fewcolors
