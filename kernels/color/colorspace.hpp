// Between 8-bit sRGB colours and the spaces that k-means works in.
//
// All arithmetic is +, -, x, / and square root, so that every machine agrees.
#pragma once

#include <array>
#include <cstddef>

#include "color/color_order.hpp"

namespace fewcolors {

enum class Space {
    kSrgb,          // red, green and blue 0..255, as stored
    kOklab,         // L 0..1, a, b about -0.4..0.4: distances are like the eye's
    kOklabChroma,   // with a and b twice as long: colour counts for more than light
    kOklabAndSrgb,  // OKLab, and sRGB at kSrgbShare of the weight: distances are a little of both
};

// Colours with alpha stand where the squared distance of two is that of how they look, on average
// over backgrounds: lightness x, of mean m and variance v, shows a colour c of coverage q as
// c q + x (1 - q), and the mean square of (c - x) q is ((c - m) q)^2 + v q^2. So colours are
// premultiplied as seen from the mean background, and alpha is one more coordinate, times the root
// of v. Backgrounds are black or white, and more often white: so soft shadows come out smooth on
// both, which plain premultiplied colours leave to chance (of 360 shades of shadow, 86 -> 90 points
// of score at 256 colours).
inline constexpr double kGround = 0.6;
inline constexpr double kGroundVariance = kGround * (1.0 - kGround);

// Squared distances of sRGB beside those of OKLab in kOklabAndSrgb: a tenth brings the mean
// absolute error down by 2 to 13 %, at one point of score on most pictures.
inline constexpr double kSrgbShare = 0.1;

// How far kinds of alpha are kept apart while palettes are made, in units of alpha: further than
// any two colours of one kind, but not so far that alpha has no steps left on the grid of
// coarsen().
inline constexpr double kKindGap = 2.0;

// Writes (count, dims) coordinates; dims is 3 (of kOklabAndSrgb: 6), which leaves out alpha, or one
// more.
//
// With `separate_kinds` opaque colours stand kKindGap beyond their coverage of 1, so that no
// cluster mixes them with translucent ones. Colours of alpha 0 stand as much below 0, each in a
// place of its own. Without it all colours of alpha 0 are in one place.
void to_space(const Color* colors, std::size_t count, Space space, int dims, bool separate_kinds,
              double* rows);

// The light, 0..1, that each value of a byte stands for in sRGB.
const std::array<double, 256>& linear_light();

// The nearest 8-bit colours to (count, dims) coordinates, those of to_space(); opaque where there
// is no alpha. With `separate_kinds` each colour is of the kind that it stands by.
void from_space(const double* rows, std::size_t count, Space space, int dims, bool separate_kinds,
                Color* colors);

}  // namespace fewcolors
