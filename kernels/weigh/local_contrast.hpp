// Local contrast, which hides errors from the eye.
#pragma once

#include <array>
#include <cstdint>

#include "base/team.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Contrast is the standard deviation of OKLab around a pixel, over all coordinates: the geometric
// mean of those in a box of 5 x 5 and one of 13 x 13 pixels, averaged with the least of that within
// two pixels, which spares the smooth side of an edge. It is kept as a byte, the square root of
// the contrast in even steps: fine where there is little of it.
inline constexpr float kMaxContrast = 0.5f;  // of black and white side by side

// The contrast that each byte stands for.
std::array<float, 256> contrast_of_bytes();

// How much a pixel of each contrast weighs in the choice of the palette: in proportion to one over
// the square root of the contrast plus a small amount. Integers, so that sums are exact.
std::array<std::uint8_t, 256> palette_weights();

// Writes a byte a pixel.
void local_contrast(const Picture& picture, Team& team, std::uint8_t* contrast);

}  // namespace fewcolors
