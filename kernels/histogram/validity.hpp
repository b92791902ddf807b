// Whether colours and weights that a caller hands in are a histogram, and one of a picture.
#pragma once

#include <cstddef>

#include "base/common.hpp"
#include "base/team.hpp"
#include "color/color_order.hpp"

namespace fewcolors {

// Whether each colour comes after the one before it in the canonical order, so that all differ.
bool is_in_order(const Color* colors, std::size_t count);

// Whether each weight is above 0, and their sum finite.
bool are_weights(const double* weights, std::size_t count);

// Whether each pixel's colour, or what stands for it, is among `count` colours in their order.
bool holds_colors(const Pixels& pixels, const Color* colors, std::size_t count, Team& team);

}  // namespace fewcolors
