// From colours to their nearest palette entries.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/common.hpp"
#include "base/team.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {

// Writes the number of the nearest palette entry for each of `count` colours, which are in their
// canonical order (color_order.hpp); dims as for to_space(). Opaque colours take opaque entries and
// transparent colours transparent ones, so nothing opaque becomes translucent and nothing hidden
// appears. Translucent colours take any entry. If the palette has no entry of a kind, colours of
// that kind take any.
void label_colors(const Color* colors, std::size_t count, const Color* palette,
                  std::size_t n_entries, Space space, int dims, Team& team, std::uint8_t* labels);

// Copies `from`'s indices of the pixels whose alpha is 0; pixels have 4 bytes.
void copy_transparent(const Pixels& pixels, const std::uint8_t* from, std::uint8_t* indices);

}  // namespace fewcolors
