// The flat areas of a picture: what is seen to have a colour, as a page, a button or a bar has.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "color/color_order.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// So many pixels of one colour, each beside or below another, are an area. Fewer, a stroke of a
// letter or a rim, are not seen to have a colour of their own.
inline constexpr std::size_t kLeastFlatArea = 64;

struct FlatAreas {
    std::vector<Color> colors;   // of which there are areas, the most pixels first
    std::vector<double> counts;  // pixels of the areas of each
};

// Finds the areas, and sets `is_flat`, a byte a pixel, to 1 in each and to 0 elsewhere. Pixels of
// alpha 0 are none. Large pictures are looked at in bands, so that memory is bounded.
FlatAreas flat_areas(const Picture& picture, std::uint8_t* is_flat);

}  // namespace fewcolors
