// Ordered dithering: which entry a pixel takes depends on its colour and its place alone.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/team.hpp"
#include "color/color_order.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Ordered dithering with a mask of blue noise: each pixel takes one of the two entries whose
// mixture comes nearest to its colour. An index depends on the pixel's colour and place and on
// the palette alone, so that frames of an animation do not flicker.
void dither_ordered(const Picture& picture, const Color* palette, std::size_t n_entries, Team& team,
                    std::uint8_t* indices);

}  // namespace fewcolors
