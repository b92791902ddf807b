// Pixels to unique colours with counts, and labels of colours to indices of pixels.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/common.hpp"
#include "base/team.hpp"
#include "color/color_order.hpp"

namespace fewcolors {

// Counts each pixel with the weight of its `contrast`, a byte a pixel (weigh/local_contrast.hpp);
// without contrast, once. All colours of alpha 0 look alike, so they are counted as one, the last;
// with `keep_transparent` they are counted apart. Very many translucent colours are counted in
// cells (translucent.hpp).
ColorCounts count_colors(const Pixels& pixels, const std::uint8_t* contrast, bool keep_transparent,
                         Team& team);

// The histogram of both images together.
ColorCounts merge(const ColorCounts& a, const ColorCounts& b);

// Writes the label of each pixel's colour. The `count` colours contain every colour of the pixels,
// or the one that stands for its cell; a pixel whose colour is missing gets some label, or 0. If
// only one colour has alpha 0, all pixels of alpha 0 get its label.
void map_colors(const Pixels& pixels, const Color* colors, const std::uint8_t* labels,
                std::size_t count, Team& team, std::uint8_t* indices);

}  // namespace fewcolors
