// Colours that a palette misses: whole areas whose nearest entry is another colour.
#pragma once

#include <cstddef>
#include <vector>

#include "color/color_order.hpp"

namespace fewcolors {

// The colours, at most `limit`, that palette entries would have to be for no area to change its
// colour: the most frequent one of each such area, the worst missed first. Weights are counts.
std::vector<Color> missed_colors(const Color* colors, const double* counts, std::size_t n_colors,
                                 const Color* palette, std::size_t n_entries, std::size_t limit);

}  // namespace fewcolors
