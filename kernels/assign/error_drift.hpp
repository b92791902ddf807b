// Errors handed down: what a settled row got wrong is taken off what the rows below aim at.
//
// So a smooth area keeps its mean, and errors cancel over a few rows, where the eye does not follow
// them. It is error diffusion, but downwards only, blurred, and in part.
#pragma once

#include <cstddef>
#include <vector>

#include "color/planes.hpp"

namespace fewcolors {

class ErrorDrift {
  public:
    ErrorDrift(std::size_t width, int n_planes);

    // Takes the drift off one plane of what the next row should be.
    void correct(int plane, float* colors) const;

    // Adds the errors of one plane of a settled row: chosen colours minus the original's.
    void add(int plane, const float* chosen, const float* original);

  private:
    std::size_t width_;
    std::vector<float> narrow_;  // (n_planes, width)
    std::vector<float> wide_;
    std::vector<float> sums_;
};

}  // namespace fewcolors
