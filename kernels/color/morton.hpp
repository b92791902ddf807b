// Morton order: numbers whose bits are dealt out in turn from several coordinates, so that
// neighbours in the order are mostly neighbours in space.
#pragma once

#include <array>
#include <cstdint>

namespace fewcolors {

// Each byte value with its bits moved three places apart.
inline constexpr std::array<std::uint32_t, 256> kSpread3 = [] {
    std::array<std::uint32_t, 256> spread{};
    for (std::uint32_t value = 0; value < 256; ++value)
        for (int bit = 0; bit < 8; ++bit) spread[value] |= (value >> bit & 1) << (3 * bit);
    return spread;
}();

inline std::uint32_t morton_of_rgb(std::uint8_t r, std::uint8_t g, std::uint8_t b) {
    return kSpread3[g] << 2 | kSpread3[r] << 1 | kSpread3[b];
}

// The byte whose bits stand in a Morton number's places 0, 3, 6, ...
inline std::uint8_t every_third_bit(std::uint32_t morton) {
    morton &= 0x249249;
    morton = (morton | morton >> 2) & 0x0c30c3;
    morton = (morton | morton >> 4) & 0x00f00f;
    return static_cast<std::uint8_t>(morton | morton >> 8);
}

inline std::array<std::uint8_t, 3> rgb_of_morton(std::uint32_t morton) {
    return {every_third_bit(morton >> 1), every_third_bit(morton >> 2), every_third_bit(morton)};
}

}  // namespace fewcolors
