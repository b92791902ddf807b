// 8-bit sRGB colours as points of the spaces that k-means works in, and back.
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
    kOklabToe,      // OKLab with a toe (see Toe): black and nearly black are close together
};

// Points with alpha are placed so that the squared distance of two is the mean squared difference
// of how they look on different backgrounds. On a background of lightness x, a colour c of coverage
// q looks like c q + x (1 - q). If x has mean m and variance v, the mean square of (c - x) q is
// ((c - m) q)^2 + v q^2. So colours are premultiplied relative to the mean background, and alpha is
// one more coordinate, times the root of v. Backgrounds are taken to be black or white, and more
// often white. Soft shadows then come out smooth on both, which plain premultiplied colours do not
// ensure (360 shades of shadow at 256 colours: 86 points of score with those, 90 with these).
inline constexpr double kGround = 0.6;
inline constexpr double kGroundVariance = kGround * (1.0 - kGround);

// The weight of squared distances of sRGB beside those of OKLab in kOklabAndSrgb. A tenth lowers
// the mean absolute error by 2 to 13 %, and costs one point of score on most pictures.
inline constexpr double kSrgbShare = 0.1;

// The toe of kOklabToe. OKLab takes the cube root of the light of each cone, which is infinitely
// steep at black: shades of black that nobody tells apart are far from one another. With the toe a
// cone's response is (cbrt(light + bias) - cbrt(bias)) / white, and white is 1 as before. The bias
// is a little more than that of XYB, the space of the score (.0038; JPEG XL, ISO/IEC 18181-1). A
// drawing of white lines on black takes 31 % fewer bytes at 16 colours, and scores higher.
struct Toe {
    double bias, root, white;
};
inline constexpr Toe kToe = {.004, .15874010519681997, .8425914542988486};
inline constexpr Toe kNoToe = {0.0, 0.0, 1.0};

inline const Toe& toe_of(Space space) { return space == Space::kOklabToe ? kToe : kNoToe; }

// The cube root of x, 0 to 2, the same bits everywhere.
double cube_root(double x);

// How far kinds of alpha are kept apart while palettes are made, in units of alpha: further than
// any two colours of one kind, but not so far that alpha has no steps left on the grid of
// coarsen().
inline constexpr double kKindGap = 2.0;

// Writes (count, dims) coordinates. Without alpha, dims is 3, or 6 in kOklabAndSrgb; with alpha it
// is one more.
//
// With `separate_kinds` opaque colours stand kKindGap beyond their coverage of 1, so that no
// cluster mixes them with translucent ones. Colours of alpha 0 stand as much below 0, each in a
// place of its own. Without it all colours of alpha 0 are in one place.
void to_space(const Color* colors, std::size_t count, Space space, int dims, bool separate_kinds,
              double* rows);

// The linear light, 0 to 1, of each byte of sRGB.
const std::array<double, 256>& linear_light();

// The nearest 8-bit colours to (count, dims) coordinates, those of to_space(); opaque where there
// is no alpha. With `separate_kinds` each colour is of the kind that it stands by.
void from_space(const double* rows, std::size_t count, Space space, int dims, bool separate_kinds,
                Color* colors);

}  // namespace fewcolors
