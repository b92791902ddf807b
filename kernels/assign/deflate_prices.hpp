// An estimate of what indices cost in bits once they are deflated.
//
// The numbers are those of typical files: of photos with 256 colours, nearly all that deflate
// writes are copies of about eight indices. Estimating them anew from each picture gained nothing
// (24 photos), and a fixed price needs one pass only.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "encode/deflate_format.hpp"

namespace fewcolors {

inline constexpr float kLiteralBits = 9.0f;

// The length of a copy: the shortest costs kShortestBits, and each further index a little less than
// the one before.
inline constexpr float kShortestBits = 3.5f;
inline constexpr float kGrowthBits = 0.45f;
inline constexpr float kGrowthDecay = 0.9f;

// The distance of a copy: its class, and the bits that deflate adds within the class.
inline constexpr float kDistanceClassBits = 5.5f;
inline constexpr float kRunBits = 3.5f;  // distance 1, far more common than others

inline float distance_bits(std::uint32_t distance) {
    if (distance == 1) return kRunBits;
    if (distance <= 4) return kDistanceClassBits;
    return kDistanceClassBits + static_cast<float>(std::bit_width(distance - 1) - 2);
}

// The price of a distance that reaches `rows` rows up. Near distances are common, so the codes of
// their classes are short.
inline float near_distance_bits(std::uint32_t distance, int rows) {
    constexpr float kClassBits[] = {4.2f, 5.2f, 5.8f, 5.8f, 6.2f};
    const float class_bits = kClassBits[rows < 5 ? rows - 1 : 4];
    return distance_bits(distance) + class_bits - kDistanceClassBits;
}

// The bits of each length beyond kShortestBits.
inline std::array<float, kLongestCopy + 1> length_bits() {
    std::array<float, kLongestCopy + 1> bits{};
    float growth = kGrowthBits;
    for (int length = kLeastCopy + 1; length <= kLongestCopy; ++length) {
        bits[length] = bits[length - 1] + growth;
        growth *= kGrowthDecay;
    }
    return bits;
}

}  // namespace fewcolors
