// Error diffusion: indices whose colours are right on average over an area, not pixel by pixel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/team.hpp"
#include "color/color_order.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Error diffusion by Floyd and Steinberg, 1976, row by row to and fro, in OKLab. `strength`, 0 to
// 1, is the share of its error that a pixel hands on. Areas near an entry stay free of dots, and
// error does not cross edges: see kMostCorrection and kEdge.
void diffuse_error(const Picture& picture, const Color* palette, std::size_t n_entries,
                   float strength, Team& team, std::uint8_t* indices);

}  // namespace fewcolors
