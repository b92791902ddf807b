// Pixels as planes: the coordinates of OKLab, each in a row of its own, for kernels that look at
// neighbours.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/common.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {

inline constexpr int kMaxPlanes = 4;  // L, a, b, alpha

// A coordinate far from every colour: what stands there is never the nearest, and never copied.
inline constexpr float kFar = 1e3f;

// A picture of 8-bit sRGB pixels, row by row.
struct Picture {
    const std::uint8_t* bytes;
    std::size_t width;
    std::size_t height;
    int channels;  // 3 (RGB) or 4 (RGBA, alpha not premultiplied)

    const std::uint8_t* row(std::size_t y) const { return bytes + y * width * channels; }
};

// Some columns of a picture, for kernels whose memory must not grow with its width.
struct Strip {
    Picture picture;
    std::size_t first;  // column
    std::size_t width;

    const std::uint8_t* row(std::size_t y) const {
        return picture.row(y) + first * picture.channels;
    }
};

// Writes the coordinates of `count` pixels in OKLab, equal to those of to_space() to six digits.
// With alpha, colours are premultiplied relative to the mean background, and alpha goes up to
// kOpaqueAlpha. The toe is that of Space::kOklabToe, or none.
inline constexpr float kOpaqueAlpha = 0.4898979485566356f;  // the root of kGroundVariance
void to_planes(const std::uint8_t* pixels, std::size_t count, int channels,
               float* const planes[kMaxPlanes], const Toe& toe = kNoToe);

}  // namespace fewcolors
