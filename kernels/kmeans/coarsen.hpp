// Fewer points that represent many: the means of a grid's cells.
#pragma once

#include <vector>

#include "base/common.hpp"

namespace fewcolors {

struct CoarsePoints {
    std::vector<double> rows;
    std::vector<double> weights;
};

// Replaces the points of each cell of a grid of `levels` steps a coordinate by their mean.
CoarsePoints coarsen(const Points& points, int levels);

}  // namespace fewcolors
