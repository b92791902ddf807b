// Photo or graphic: how often neighbouring pixels are equal, and how often they are noisy.
#pragma once

#include "base/team.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Shares of the pixels that are seen, their alpha not 0, that tell what is drawn from what is
// taken.
struct Repetition {
    double repeated;  // equal to their left neighbours, or to those above: whichever are more
    double noisy;     // unlike both neighbours, but hardly so, and of the same alpha
};

Repetition repetition(const Picture& picture, Team& team);

}  // namespace fewcolors
