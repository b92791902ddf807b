// What a palette needs for the flat areas of drawings, beyond k-means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "color/color_order.hpp"

namespace fewcolors {

// Replaces the entry of each cluster by the colour that holds at least `share` of the cluster's
// pixels, where there is one: a drawn area has one colour among the mixed ones of its edges.
void snap_to_dominant(const Color* colors, const double* counts, const std::int32_t* labels,
                      std::size_t n_colors, double share, std::vector<Color>& palette);

// The colours that a palette lacks for the areas of a drawing, the weightiest areas first: those
// whose nearest entry is more than `tolerance` of CIEDE2000 away, or serves another area that is
// more than `apart` away from this one. The first `n_exact` areas need an entry of exactly their
// colour. `limit` bounds their number.
std::vector<Color> missed_areas(const Color* areas, std::size_t n_areas, std::size_t n_exact,
                                const Color* palette, std::size_t n_entries, double tolerance,
                                double apart, std::size_t limit);

}  // namespace fewcolors
