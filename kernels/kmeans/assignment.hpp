// One step of Lloyd's algorithm: every point gets its nearest centroid. Blocks of points whose
// labels cannot have changed are skipped.
#pragma once

#include <cstdint>
#include <vector>

#include "kmeans/blocks.hpp"

namespace fewcolors {

// What a share of the points changed in its clusters.
struct Moved {
    std::vector<double> sums;          // (k, dims + 1): what clusters gained; weight last
    std::vector<std::int64_t> counts;  // (k,)
    std::size_t points = 0;
};

// What an assignment pass works on. A block's gap is how much nearer, at least, each of its points
// is to its own centroid than to any other. While centroids have moved by less than that, no label
// can change (the triangle inequality, as in Hamerly, "Making k-means even faster", 2010,
// doi:10.1137/1.9781611972801.12, but for blocks), and the block is skipped.
struct Pass {
    const Blocks& blocks;
    const double* centroids;  // (k, dims)
    const double* drifts;     // (k,): how far each centroid moved since the last pass
    int k;
    std::int32_t* labels;                // (blocks, kBlock), -1 before the first pass
    double* gaps;                        // (blocks,)
    std::vector<std::uint64_t>& chosen;  // (tiles, words): each tile's candidates, as bits
    std::size_t words;
};

// Assigns the points of the tiles from `first` up to `last`. The gaps then take account of the
// drifts.
using AssignTiles = void (*)(const Pass&, std::size_t first, std::size_t last, Moved&);
AssignTiles assign_tiles_for(int dims);

// Gives one point to another cluster.
void relabel_point(const Pass& pass, std::size_t point, int label, Moved& moved);

// A margin for rounding: gaps are taken for smaller, and drifts for larger, by this fraction, which
// is far more than rounding can amount to.
inline constexpr double kRounding = 1e-9;
// A margin for lengths so short that their squares lose digits.
inline constexpr double kUnderflow = 1e-140;

}  // namespace fewcolors
