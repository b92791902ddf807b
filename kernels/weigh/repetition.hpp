// Photo or graphic: how often neighbouring pixels are equal, and how often they are noisy.
#pragma once

#include "base/team.hpp"
#include "color/color_order.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Shares of the visible pixels, those of alpha above 0, that tell graphics from photos.
struct Repetition {
    double repeated;  // equal to their left neighbours, or to those above, whichever are more
    double noisy;     // slightly unlike both neighbours, and of the same alpha
};

Repetition repetition(const Picture& picture, Team& team);

// The same of a picture that is stored as indices of a palette of 256 colours.
Repetition repetition(const std::uint8_t* indices, std::size_t width, std::size_t height,
                      const Color* palette, Team& team);

}  // namespace fewcolors
