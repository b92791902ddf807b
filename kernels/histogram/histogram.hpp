// From pixels to unique colours with counts, and back from colours' labels to pixels' indices.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/common.hpp"
#include "base/team.hpp"
#include "color/color_order.hpp"

namespace fewcolors {

// `contrast` has a byte a pixel (weigh/local_contrast.hpp), which says what it weighs; without it,
// every pixel counts once. All colours of alpha 0 are one, the last: they look alike; unless
// `keep_transparent`. Very many translucent colours are counted in cells (translucent.hpp).
ColorCounts count_colors(const Pixels& pixels, const std::uint8_t* contrast, bool keep_transparent,
                         Team& team);

// The histogram of both images together.
ColorCounts merge(const ColorCounts& a, const ColorCounts& b);

// Writes each pixel's label; every colour of the pixels, or what stands for its cell, must be among
// the `count` colors. Where these have a single one of alpha 0, it is that of all such pixels.
void map_colors(const Pixels& pixels, const Color* colors, const std::uint8_t* labels,
                std::size_t count, Team& team, std::uint8_t* indices);

}  // namespace fewcolors
