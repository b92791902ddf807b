// From pixels to unique colours with counts, and back from colours' labels to pixels' indices.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "common.hpp"
#include "team.hpp"

namespace fewcolors {

using Color = std::array<std::uint8_t, 4>;  // RGBA, not premultiplied

// Unique colours in one canonical order (opaque ones first, along a Morton curve), so that the same
// pixels in any arrangement give the same histogram, and neighbours are similar. All colours of
// alpha 0 are one, the last: they look alike.
struct ColorCounts {
    std::vector<Color> colors;
    std::vector<double> counts;
};

// `contrast` has a byte a pixel (masking.hpp), which says what it weighs; without it, every pixel
// counts once.
ColorCounts count_colors(const Pixels& pixels, const std::uint8_t* contrast, Team& team);

// The histogram of both images together.
ColorCounts merge(const ColorCounts& a, const ColorCounts& b);

// Writes each pixel's label; every colour of the pixels must be among the `count` colors.
void map_colors(const Pixels& pixels, const Color* colors, const std::uint8_t* labels,
                std::size_t count, Team& team, std::uint8_t* indices);

}  // namespace fewcolors
