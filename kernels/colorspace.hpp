// Between 8-bit sRGB colours and the spaces that k-means works in.
//
// Colours with alpha are premultiplied, alpha being the fourth coordinate: what cannot be seen
// weighs nothing. All arithmetic is +, -, x, / and square root, so that every machine agrees.
#pragma once

#include <array>
#include <cstddef>

#include "histogram.hpp"

namespace fewcolors {

enum class Space {
    kSrgb,         // red, green, blue, alpha 0..255, as stored
    kOklab,        // L 0..1, a, b about -0.4..0.4, alpha 0..1: distances are like the eye's
    kOklabChroma,  // with a and b twice as long: colour counts for more than light
};

// Writes (count, dims) coordinates; dims is 3, which leaves out alpha, or 4.
void to_space(const Color* colors, std::size_t count, Space space, int dims, double* rows);

// The light, 0..1, that each value of a byte stands for in sRGB.
const std::array<double, 256>& linear_light();

// The nearest 8-bit colours to (count, dims) coordinates; opaque where dims is 3.
void from_space(const double* rows, std::size_t count, Space space, int dims, Color* colors);

}  // namespace fewcolors
