// A picture's linear light, at its own size and at halves of it, as SSIMULACRA 2 looks at it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/team.hpp"

namespace fewcolors {

// The number that i stands for in the endless row of n pixels and their mirror images.
std::size_t mirrored(std::ptrdiff_t i, std::size_t n);

// Linear light of a picture at one scale: red, green, blue, each row by row.
struct LightPlanes {
    std::size_t width;
    std::size_t height;
    std::unique_ptr<float[]> values;  // (3, height, width)
};

// A picture and its smaller scales. The full size is converted from bytes whenever it is read: kept
// as floats it would take four times the memory.
class LightPyramid {
  public:
    static constexpr int kMostScales = 6;

    // The (height, width, 3) bytes must live as long as the pyramid.
    LightPyramid(const std::uint8_t* rgb, std::size_t width, std::size_t height, Team& team);

    int n_scales() const { return static_cast<int>(smaller_.size()) + 1; }
    std::size_t width(int scale) const { return scale == 0 ? width_ : smaller_[scale - 1].width; }
    std::size_t height(int scale) const {
        return scale == 0 ? height_ : smaller_[scale - 1].height;
    }
    // Writes the light of `count` pixels of a row to three rows, `stride` numbers apart.
    void copy_row(int scale, std::size_t y, std::size_t x, std::size_t count, float* light,
                  std::size_t stride) const;

  private:
    void add_half(Team& team);

    const std::uint8_t* rgb_;
    std::size_t width_;
    std::size_t height_;
    std::unique_ptr<std::uint8_t[]> enlarged_;  // of a picture too small to be measured
    std::vector<LightPlanes> smaller_;
};

}  // namespace fewcolors
