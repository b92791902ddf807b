// Error drift: the errors of finished rows are subtracted from the target colours of the rows
// below.
//
// Smooth areas keep their mean, because errors cancel out over a few rows, too near for the eye to
// tell apart. This is error diffusion, but only downwards, blurred, and only of a part of the
// error.
#pragma once

#include <cstddef>
#include <vector>

#include "color/planes.hpp"

namespace fewcolors {

class ErrorDrift {
  public:
    ErrorDrift(std::size_t width, int n_planes);

    // Subtracts the drift from one plane of the next row's target colours.
    void correct(int plane, float* colors) const;

    // Adds the errors of a finished row in one plane: chosen colours minus original ones.
    void add(int plane, const float* chosen, const float* original);

  private:
    std::size_t width_;
    std::vector<float> narrow_;  // (n_planes, width)
    std::vector<float> wide_;
    std::vector<float> sums_;
};

}  // namespace fewcolors
