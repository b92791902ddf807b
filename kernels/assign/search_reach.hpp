// Where the size-aware assignment looks for copies: more is slower, and smaller.
#pragma once

namespace fewcolors {

struct Reach {
    int rows;     // above
    int columns;  // of each, a multiple of 8: half to the left, half to the right
    int visits;   // far copies to try at each pixel
};

}  // namespace fewcolors
