// How far the size-aware assignment looks for copies: farther takes longer and makes smaller files.
#pragma once

namespace fewcolors {

struct SearchReach {
    int rows;       // above
    int columns;    // of each, a multiple of 8: half to the left, half to the right
    int far_tries;  // far copies to try at each pixel
};

}  // namespace fewcolors
