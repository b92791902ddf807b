#include "kmeans/assignment.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "kmeans/candidates.hpp"

namespace fewcolors {
namespace {

void close_gaps(double* gaps, std::size_t from, std::size_t to, double by) {
    for (std::size_t block = from; block < to; ++block) gaps[block] -= by;
}

// Brings the gaps of a tile's blocks up to date. Only the tile's candidates can become the nearest
// of a point, so only their drift counts. A centroid that has just become a candidate makes every
// gap invalid.
void age_gaps(const Pass& pass, std::size_t tile, const Candidates& candidates) {
    std::uint64_t* const chosen = &pass.chosen[tile * pass.words];
    double drift = 0.0;
    for (std::size_t word = 0; word < pass.words; ++word)
        for (std::uint64_t bits = chosen[word]; bits != 0; bits &= bits - 1)
            drift = std::max(drift, pass.drifts[word * 64 + std::countr_zero(bits)]);
    std::size_t known = 0;
    for (int place = 0; place < candidates.count(); ++place) {
        const int id = candidates.id(place);
        known += chosen[id / 64] >> (id % 64) & 1;
        drift = std::max(drift, pass.drifts[id]);
    }
    if (known < static_cast<std::size_t>(candidates.count())) drift = kInfinity;
    std::fill(chosen, chosen + pass.words, 0);
    for (int place = 0; place < candidates.count(); ++place) {
        const int id = candidates.id(place);
        chosen[id / 64] |= std::uint64_t{1} << (id % 64);
    }
    const std::size_t from = tile * kBlocksOfTile;
    const std::size_t to = std::min(from + kBlocksOfTile, pass.blocks.n_blocks());
    close_gaps(pass.gaps, from, to, 2.0 * drift * (1.0 + kRounding));
}

ALWAYS_INLINE double gap_of(const Scan& scan, double pruned) {
    double gaps[kBlock];
    for (std::size_t i = 0; i < kBlock; ++i) {
        const double other = scan.second[i] < pruned ? scan.second[i] : pruned;
        gaps[i] = std::sqrt(other) * (1.0 - kRounding) - std::sqrt(scan.best[i]) - kUnderflow;
    }
    Lanes gap = load(gaps);
    for (std::size_t i = kLanes; i < kBlock; i += kLanes) gap = smaller(gap, load(gaps + i));
    return smallest(gap);
}

template <int D>
ALWAYS_INLINE void relabel(const Pass& pass, std::size_t block, std::size_t i, int label,
                           Moved& moved) {
    const int dims = D > 0 ? D : pass.blocks.dims();
    std::int32_t& old = pass.labels[block * kBlock + i];
    const double weight = pass.blocks.weights(block)[i];
    const double* const coordinates = pass.blocks.coordinates(block) + i;
    double* const gains = &moved.sums[static_cast<std::size_t>(label) * (dims + 1)];
    for (int dim = 0; dim < dims; ++dim) gains[dim] += weight * coordinates[dim * kBlock];
    gains[dims] += weight;
    ++moved.counts[label];
    if (old >= 0) {
        double* const loses = &moved.sums[static_cast<std::size_t>(old) * (dims + 1)];
        for (int dim = 0; dim < dims; ++dim) loses[dim] -= weight * coordinates[dim * kBlock];
        loses[dims] -= weight;
        --moved.counts[old];
    }
    old = label;
    ++moved.points;
}

template <int D>
ALWAYS_INLINE void assign_tiles(const Pass& pass, std::size_t first, std::size_t last,
                                Moved& moved) {
    const int dims = D > 0 ? D : pass.blocks.dims();
    Candidates everything(pass.k, dims);
    for (int id = 0; id < pass.k; ++id)
        everything.add(id, pass.centroids + static_cast<std::size_t>(id) * dims, 1);
    everything.close();
    Candidates candidates(pass.k, dims);
    Kept kept(pass.k);
    Scan scan;
    for (std::size_t tile = first; tile < last; ++tile) {
        keep_candidates<D>(everything, pass.blocks.tile_box(tile), dims, kept);
        candidates.clear();
        for (int i = 0; i < kept.count; ++i)
            candidates.add(kept.places[i], everything.column(0) + kept.places[i],
                           everything.stride());
        candidates.close();
        age_gaps(pass, tile, candidates);
        const std::size_t from = tile * kBlocksOfTile;
        const std::size_t to = std::min(from + kBlocksOfTile, pass.blocks.n_blocks());
        for (std::size_t block = from; block < to; ++block) {
            if (pass.gaps[block] > 0.0) continue;
            keep_candidates<D>(candidates, pass.blocks.block_box(block), dims, kept);
            scan_block<D>(pass.blocks.coordinates(block), dims, candidates, kept.places.data(),
                          kept.count, scan);
            pass.gaps[block] = gap_of(scan, kept.pruned);
            const std::size_t filled = std::min(kBlock, pass.blocks.n_points() - block * kBlock);
            for (std::size_t i = 0; i < filled; ++i) {
                const int label = candidates.id(static_cast<int>(scan.places[i]));
                if (label != pass.labels[block * kBlock + i])
                    relabel<D>(pass, block, i, label, moved);
            }
        }
    }
}

// One function a number of coordinates, because a template cannot be cloned.
#define ASSIGN_TILES(D)                                                                        \
    KERNEL_CLONES void assign_tiles_##D(const Pass& pass, std::size_t first, std::size_t last, \
                                        Moved& moved) {                                        \
        assign_tiles<D>(pass, first, last, moved);                                             \
    }
ASSIGN_TILES(0)
ASSIGN_TILES(1)
ASSIGN_TILES(2)
ASSIGN_TILES(3)
ASSIGN_TILES(4)
#undef ASSIGN_TILES

}  // namespace

AssignTiles assign_tiles_for(int dims) {
    switch (dims) {
        case 1: return assign_tiles_1;
        case 2: return assign_tiles_2;
        case 3: return assign_tiles_3;
        case 4: return assign_tiles_4;
        default: return assign_tiles_0;
    }
}

void relabel_point(const Pass& pass, std::size_t point, int label, Moved& moved) {
    relabel<0>(pass, point / kBlock, point % kBlock, label, moved);
}

}  // namespace fewcolors
