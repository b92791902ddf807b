// The palette's entries as planes of OKLab, in whole vectors, with kinds of alpha kept apart
// (kinds.hpp).
#pragma once

#include <cstddef>
#include <vector>

#include "assign/kinds.hpp"
#include "base/lanes.hpp"
#include "color/colorspace.hpp"
#include "color/planes.hpp"

namespace fewcolors {

class Entries {
  public:
    Entries(const Color* palette, std::size_t n_entries, int n_planes, Space space = Space::kOklab)
        : stride_((n_entries + kFloats - 1) / kFloats * kFloats),
          values_(n_planes * stride_, kFar) {
        std::vector<double> rows(n_entries * n_planes);
        to_space(palette, n_entries, space, n_planes, false, rows.data());
        for (int c = 0; c < n_planes; ++c) {
            planes_[c] = values_.data() + c * stride_;
            for (std::size_t i = 0; i < n_entries; ++i)
                values_[c * stride_ + i] = static_cast<float>(rows[i * n_planes + c]);
        }
        if (n_planes == kMaxPlanes) separate_kinds(values_.data() + 3 * stride_, n_entries);
    }
    Entries(const Entries&) = delete;
    Entries& operator=(const Entries&) = delete;

    const float* const* planes() const { return planes_; }
    std::size_t stride() const { return stride_; }

  private:
    std::size_t stride_;
    std::vector<float> values_;
    const float* planes_[kMaxPlanes] = {};
};

}  // namespace fewcolors
