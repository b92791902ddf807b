// The palette as planes of OKLab, in whole vectors, for kernels that look at neighbours.
#pragma once

#include <cstddef>
#include <vector>

#include "assign/history.hpp"
#include "assign/trellis.hpp"
#include "base/lanes.hpp"
#include "color/colorspace.hpp"
#include "color/planes.hpp"

namespace fewcolors {

// Fully transparent, translucent and opaque pixels are told apart by so much beyond their alpha,
// so that none of them ever takes an entry of another kind.
inline constexpr float kKindGap = 64.0f;

inline void part_kinds(float* alphas, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (alphas[i] == kOpaqueAlpha) alphas[i] += kKindGap;
        if (alphas[i] == 0.0f) alphas[i] -= kKindGap;
    }
}

// Reads the colours of a row, kinds apart.
inline void read_row(const Picture& picture, std::size_t y, Target& row) {
    float* planes[kMaxPlanes] = {};
    for (int c = 0; c < picture.channels; ++c) planes[c] = row.plane(c);
    to_planes(picture.row(y), picture.width, picture.channels, planes);
    if (picture.channels == kMaxPlanes) part_kinds(planes[3], picture.width);
}

class Entries {
  public:
    Entries(const Color* palette, std::size_t n_entries, int n_planes)
        : stride_((n_entries + kFloats - 1) / kFloats * kFloats),
          values_(n_planes * stride_, kFar) {
        std::vector<double> rows(n_entries * n_planes);
        to_space(palette, n_entries, Space::kOklab, n_planes, 0.0, rows.data());
        for (int c = 0; c < n_planes; ++c) {
            planes_[c] = values_.data() + c * stride_;
            for (std::size_t i = 0; i < n_entries; ++i)
                values_[c * stride_ + i] = static_cast<float>(rows[i * n_planes + c]);
        }
    }
    Entries(const Entries&) = delete;
    Entries& operator=(const Entries&) = delete;

    const float* const* planes() const { return planes_; }
    float* plane(int c) { return values_.data() + c * stride_; }
    std::size_t stride() const { return stride_; }

  private:
    std::size_t stride_;
    std::vector<float> values_;
    const float* planes_[kMaxPlanes] = {};
};

}  // namespace fewcolors
