// Photo or graphic: how often neighbouring pixels are equal, and how often they are noisy.
#pragma once

#include "base/team.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Shares of the visible pixels, those of alpha above 0, that tell graphics from photos.
struct Repetition {
    double repeated;  // equal to their left neighbours, or to those above, whichever are more
    double noisy;     // slightly unlike both neighbours, and of the same alpha
};

Repetition repetition(const Picture& picture, Team& team);

}  // namespace fewcolors
