// The indices chosen so far, in the order in which deflate reads them: row by row, each after the
// byte that names its filter.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/lanes.hpp"
#include "color/planes.hpp"
#include "encode/deflate_format.hpp"

namespace fewcolors {

// Positions are counted from the first byte of the first row. The window and the current row are
// kept. Reads may go kSlack bytes beyond the row's end, and kBefore bytes before the first byte.
class History {
  public:
    History(std::size_t width, int n_planes)
        : width_(width),
          room_(kBefore + 2 * kWindow + 2 * (width + 1) + kSlack),
          n_planes_(n_planes),
          colors_(n_planes * room_, kFar),
          indices_(room_) {}

    static constexpr std::size_t kSlack = 64;

    // Begins the next row, whose colours are kFar until it is settled. Returns the position of its
    // first pixel.
    std::size_t begin_row() {
        const std::size_t row = width_ + 1;
        if (end_ - start_ + row + kSlack + kBefore > room_) slide();
        position_ = end_ + 1;
        end_ += row;
        return position_;
    }

    // The colours from a position on, in one plane.
    const float* colors(int plane, std::size_t position) const {
        return colors_.data() + plane * room_ + place(position);
    }
    const std::uint8_t* indices(std::size_t position) const {
        return indices_.data() + place(position);
    }
    std::uint8_t* row() { return indices_.data() + place(position_); }

    // Sets the row's colours to those of its indices; `entries` are the planes of the palette's
    // colours.
    void settle_row(const float* const entries[kMaxPlanes]) {
        const std::uint8_t* const indices = row();
        for (int plane = 0; plane < n_planes_; ++plane) {
            float* const colors = colors_.data() + plane * room_ + place(position_);
            for (std::size_t x = 0; x < width_; ++x) colors[x] = entries[plane][indices[x]];
        }
    }

  private:
    // Room before the first byte: sources there can be read, and are kFar.
    static constexpr std::size_t kBefore = 64;

    std::size_t place(std::size_t position) const { return position + kBefore - start_; }

    // Makes room for a row by dropping everything before the window.
    void slide() {
        const std::size_t kept = std::min(end_ - start_, kWindow + kSlack);
        const std::size_t from = end_ - kept;
        for (int plane = 0; plane < n_planes_; ++plane) {
            float* const colors = colors_.data() + plane * room_;
            std::memmove(colors + kBefore, colors + place(from), kept * sizeof(float));
            std::fill(colors + kBefore + kept, colors + room_, kFar);
        }
        std::memmove(indices_.data() + kBefore, indices_.data() + place(from), kept);
        start_ = from;
    }

    std::size_t width_;
    std::size_t room_;
    int n_planes_;
    std::size_t start_ = 0;     // the first position that is kept
    std::size_t position_ = 0;  // of the row's first pixel
    std::size_t end_ = 0;       // after the row
    std::vector<float> colors_;
    std::vector<std::uint8_t> indices_;
};

}  // namespace fewcolors
