// Points in blocks of sixteen and tiles of sixteen blocks, each with its bounding box.
//
// Within a block the values stand coordinate by coordinate, so that a scan loads whole vectors.
// The boxes let a scan rule out most centroids for all points of a tile or block at once.
#pragma once

#include <cstddef>
#include <vector>

#include "base/common.hpp"
#include "base/team.hpp"

namespace fewcolors {

inline constexpr std::size_t kBlock = 16;         // points of a block: four vectors of AVX2
inline constexpr std::size_t kBlocksOfTile = 16;  // blocks of a tile
inline constexpr std::size_t kTile = kBlock * kBlocksOfTile;

class Blocks {
  public:
    Blocks(const Points& points, Team& team);

    std::size_t n_points() const { return n_points_; }
    std::size_t n_blocks() const { return n_blocks_; }
    std::size_t n_tiles() const { return (n_blocks_ + kBlocksOfTile - 1) / kBlocksOfTile; }
    int dims() const { return dims_; }

    // (dims, kBlock): the last block is filled up with copies of the last point, of weight 0.
    const double* coordinates(std::size_t block) const {
        return &coordinates_[block * kBlock * dims_];
    }
    const double* weights(std::size_t block) const { return &weights_[block * kBlock]; }
    // (2, dims): the lower corner, then the upper.
    const double* block_box(std::size_t block) const { return &block_boxes_[block * 2 * dims_]; }
    const double* tile_box(std::size_t tile) const { return &tile_boxes_[tile * 2 * dims_]; }

  private:
    void fill_tile(const Points& points, std::size_t tile);

    std::size_t n_points_;
    std::size_t n_blocks_;
    int dims_;
    std::vector<double> coordinates_;
    std::vector<double> weights_;
    std::vector<double> block_boxes_;
    std::vector<double> tile_boxes_;
};

}  // namespace fewcolors
