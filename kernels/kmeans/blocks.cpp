#include "kmeans/blocks.hpp"

#include <algorithm>

namespace fewcolors {

Blocks::Blocks(const Points& points)
    : n_points_(points.count),
      n_blocks_((points.count + kBlock - 1) / kBlock),
      dims_(points.dims),
      coordinates_(n_blocks_ * kBlock * dims_),
      weights_(n_blocks_ * kBlock, 0.0),
      block_boxes_(n_blocks_ * 2 * dims_),
      tile_boxes_(n_tiles() * 2 * dims_) {
    std::copy(points.weights, points.weights + points.count, weights_.begin());
    for (std::size_t block = 0; block < n_blocks_; ++block) {
        double* const to = &coordinates_[block * kBlock * dims_];
        for (std::size_t i = 0; i < kBlock; ++i) {
            const std::size_t point = std::min(block * kBlock + i, n_points_ - 1);
            for (int dim = 0; dim < dims_; ++dim)
                to[dim * kBlock + i] = points.rows[point * dims_ + dim];
        }
        double* const box = &block_boxes_[block * 2 * dims_];
        double* const tile_box = &tile_boxes_[block / kBlocksOfTile * 2 * dims_];
        const bool first_of_tile = block % kBlocksOfTile == 0;
        for (int dim = 0; dim < dims_; ++dim) {
            const double* const values = to + dim * kBlock;
            const auto [low, high] = std::minmax_element(values, values + kBlock);
            box[dim] = *low;
            box[dims_ + dim] = *high;
            tile_box[dim] = first_of_tile ? *low : std::min(tile_box[dim], *low);
            tile_box[dims_ + dim] = first_of_tile ? *high : std::max(tile_box[dims_ + dim], *high);
        }
    }
}

}  // namespace fewcolors
