// From colours to their nearest palette entries.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/common.hpp"
#include "base/team.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {

// Writes the nearest entry of each of `count` colours in their canonical order; dims as for
// to_space(). Opaque colours take opaque entries, and alpha 0 takes alpha 0, of which it is the
// nearest colour: nothing opaque becomes translucent, and nothing appears. Translucent colours may
// take any. Where there is none of a kind, all will do.
void label_colors(const Color* colors, std::size_t count, const Color* palette,
                  std::size_t n_entries, Space space, int dims, Team& team, std::uint8_t* labels);

// Copies the indices of the pixels of alpha 0, of 4 bytes each.
void copy_transparent(const Pixels& pixels, const std::uint8_t* from, std::uint8_t* indices);

}  // namespace fewcolors
