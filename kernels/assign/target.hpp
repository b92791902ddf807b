// What a row of the picture should look like, and the palette entries nearest to that.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "color/planes.hpp"

namespace fewcolors {

struct Target {
    Target(std::size_t width, int n_planes);

    const float* plane(int c) const { return colors.data() + c * stride; }
    float* plane(int c) { return colors.data() + c * stride; }

    std::size_t width;
    std::size_t stride;                 // rows can be read a vector beyond their end
    std::vector<float> colors;          // (n_planes, stride)
    std::vector<float> weights;         // bits that a squared error of 1 is worth, if it is small
    std::vector<float> distances;       // the squared error of the nearest entry
    std::vector<std::uint8_t> nearest;  // that entry
};

// Reads the colours of row y of the strip, kinds of alpha kept apart (kinds.hpp).
void read_row(const Strip& strip, std::size_t y, Target& row);

}  // namespace fewcolors
