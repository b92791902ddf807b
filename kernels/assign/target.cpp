#include "assign/target.hpp"

#include "assign/kinds.hpp"
#include "base/lanes.hpp"

namespace fewcolors {

Target::Target(std::size_t width, int n_planes)
    : width(width),
      stride(width + kFloats),
      colors(n_planes * stride),
      weights(stride),
      distances(stride),
      nearest(width) {}

void read_row(const Picture& picture, std::size_t y, Target& row) {
    float* planes[kMaxPlanes] = {};
    for (int c = 0; c < picture.channels; ++c) planes[c] = row.plane(c);
    to_planes(picture.row(y), picture.width, picture.channels, planes);
    if (picture.channels == kMaxPlanes) separate_kinds(planes[3], picture.width);
}

}  // namespace fewcolors
