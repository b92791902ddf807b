#include "kmeans/blocks.hpp"

#include <algorithm>

namespace fewcolors {
namespace {

// With fewer, handing out a task takes longer than doing it.
constexpr std::size_t kTilesOfTask = 16;

}  // namespace

Blocks::Blocks(const Points& points, Team& team)
    : n_points_(points.count),
      n_blocks_((points.count + kBlock - 1) / kBlock),
      dims_(points.dims),
      coordinates_(n_blocks_ * kBlock * dims_),
      weights_(n_blocks_ * kBlock, 0.0),
      block_boxes_(n_blocks_ * 2 * dims_),
      tile_boxes_(n_tiles() * 2 * dims_) {
    const std::size_t n_tasks = (n_tiles() + kTilesOfTask - 1) / kTilesOfTask;
    team.run(n_tasks, [&](std::size_t task) {
        const std::size_t last = std::min((task + 1) * kTilesOfTask, n_tiles());
        for (std::size_t tile = task * kTilesOfTask; tile < last; ++tile) fill_tile(points, tile);
    });
}

void Blocks::fill_tile(const Points& points, std::size_t tile) {
    const std::size_t first = tile * kTile, last = std::min(first + kTile, n_points_);
    std::copy(points.weights + first, points.weights + last, &weights_[first]);
    double* const tile_box = &tile_boxes_[tile * 2 * dims_];
    for (std::size_t block = tile * kBlocksOfTile; block * kBlock < last; ++block) {
        double* const to = &coordinates_[block * kBlock * dims_];
        for (std::size_t i = 0; i < kBlock; ++i) {
            const std::size_t point = std::min(block * kBlock + i, n_points_ - 1);
            for (int dim = 0; dim < dims_; ++dim)
                to[dim * kBlock + i] = points.rows[point * dims_ + dim];
        }
        double* const box = &block_boxes_[block * 2 * dims_];
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
