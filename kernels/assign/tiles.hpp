// The parts into which pictures are cut to have indices assigned: tasks that do not depend on one
// another, and whose memory does not grow with the picture, be it a single row.
#pragma once

#include <algorithm>
#include <cstddef>

#include "color/planes.hpp"

namespace fewcolors {

// Wider than deflate's window and than nearly all pictures: what is this wide is not cut.
inline constexpr std::size_t kColumnsOfTile = 65536;

// The size-aware assignment starts a band with nothing to copy from and without errors of rows
// above. That costs 0.2 % of the bytes with bands of 128 rows, and 1 % with 64. Taller bands would
// leave threads without work on small pictures.
inline constexpr std::size_t kRowsOfTile = 128;

// Numbered row by row, so that the tiles of a band come one after the other.
class Tiles {
  public:
    explicit Tiles(const Picture& picture, std::size_t rows = kRowsOfTile)
        : picture_(picture),
          rows_(rows),
          n_across_((picture.width + kColumnsOfTile - 1) / kColumnsOfTile),
          n_down_((picture.height + rows - 1) / rows) {}

    std::size_t n_across() const { return n_across_; }
    std::size_t count() const { return n_across_ * n_down_; }

    std::size_t first_row(std::size_t tile) const { return tile / n_across_ * rows_; }
    std::size_t end_row(std::size_t tile) const {
        return std::min(first_row(tile) + rows_, picture_.height);
    }
    Strip strip(std::size_t tile) const {
        const std::size_t first = tile % n_across_ * kColumnsOfTile;
        return {picture_, first, std::min(kColumnsOfTile, picture_.width - first)};
    }

  private:
    const Picture picture_;
    std::size_t rows_;
    std::size_t n_across_;
    std::size_t n_down_;
};

}  // namespace fewcolors
