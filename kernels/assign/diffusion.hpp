// Dithering: indices whose colours come right on the mean of an area, not pixel by pixel.
#pragma once

#include <cstddef>
#include <cstdint>

#include "histogram.hpp"
#include "planes.hpp"
#include "team.hpp"

namespace fewcolors {

// Error diffusion by Floyd and Steinberg, 1976, row by row to and fro, in OKLab. `strength`, 0 to
// 1, is the share of its error that a pixel hands on. Areas near an entry stay free of dots, and
// error does not cross edges: see kMostCorrection and kEdge.
void diffuse_error(const Picture& picture, const Color* palette, std::size_t n_entries,
                   float strength, Team& team, std::uint8_t* indices);

// Ordered dithering with a mask of blue noise: each pixel takes one of the two entries whose
// mixture comes nearest to its colour. An index depends on the pixel's colour and place and on
// the palette alone, so that frames of an animation do not flicker.
void dither_ordered(const Picture& picture, const Color* palette, std::size_t n_entries, Team& team,
                    std::uint8_t* indices);

}  // namespace fewcolors
