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

void read_row(const Strip& strip, std::size_t y, Target& row) {
    const int channels = strip.picture.channels;
    float* planes[kMaxPlanes] = {};
    for (int c = 0; c < channels; ++c) planes[c] = row.plane(c);
    to_planes(strip.row(y), strip.width, channels, planes);
    if (channels == kMaxPlanes) separate_kinds(planes[3], strip.width);
}

}  // namespace fewcolors
