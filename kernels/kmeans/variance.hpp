// How far weighted points spread.
#pragma once

#include "base/common.hpp"

namespace fewcolors {

// The mean over the coordinates of their weighted variances. The sum of the weights is above 0, and
// no squared distance overflows.
double mean_variance(const Points& points);

}  // namespace fewcolors
