// Where the size-aware assignment looks for copies: more is slower, and smaller.
#pragma once

namespace fewcolors {

struct SearchReach {
    int rows;       // above
    int columns;    // of each, a multiple of 8: half to the left, half to the right
    int far_tries;  // far copies to try at each pixel
};

}  // namespace fewcolors
