// Unique colours with counts, and the order they stand in.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "color/morton.hpp"

namespace fewcolors {

using Color = std::array<std::uint8_t, 4>;  // RGBA, not premultiplied

// Unique colours in one canonical order (opaque ones first, then translucent ones, alpha 0 last,
// each kind along a Morton curve), so that the same pixels in any arrangement give the same
// histogram, and neighbours are similar.
struct ColorCounts {
    std::vector<Color> colors;
    std::vector<double> counts;
};

inline constexpr std::uint64_t kTranslucent = std::uint64_t{1} << 32;
inline constexpr std::uint64_t kTransparent = std::uint64_t{1} << 33;

// Ascends along the canonical order.
inline std::uint64_t order_of(const Color& color) {
    const std::uint64_t kind = color[3] == 0 ? kTransparent : color[3] == 255 ? 0 : kTranslucent;
    return kind | std::uint64_t{morton_of_rgb(color[0], color[1], color[2])} << 8 | color[3];
}

inline Color color_of(std::uint64_t order) {
    const auto rgb = rgb_of_morton(static_cast<std::uint32_t>(order >> 8 & 0xffffff));
    return {rgb[0], rgb[1], rgb[2], static_cast<std::uint8_t>(order)};
}

}  // namespace fewcolors
