// Colours that a palette misses: whole areas whose nearest entry is another colour.
#pragma once

#include <cstddef>
#include <vector>

#include "color/color_order.hpp"

namespace fewcolors {

// The colours that the palette lacks, at most `limit`: without them whole areas would visibly
// change their colour. They are the most frequent colour of each such area, the worst missed first.
// Areas are measured in `counts`.
std::vector<Color> missed_colors(const Color* colors, const double* counts, std::size_t n_colors,
                                 const Color* palette, std::size_t n_entries, std::size_t limit);

}  // namespace fewcolors
