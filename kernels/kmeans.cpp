#include "kmeans.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "candidates.hpp"

namespace fewcolors {
namespace {

// Sums are kept apart for this many shares of the points and then added in order, so that their
// rounding depends on the data alone. More shares would balance more threads, at more to add.
constexpr std::size_t kShares = 32;
// A share has at least this many tiles: below it, handing it out costs more than it saves.
constexpr std::size_t kTilesOfShare = 8;
// Gaps shrink by this fraction, and drifts grow: far more than rounding can amount to.
constexpr double kRounding = 1e-9;

struct Moved {
    std::vector<double> sums;          // (k, dims + 1): what clusters gained; weight last
    std::vector<std::int64_t> counts;  // (k,)
    std::size_t points = 0;
};

// What an assignment pass works on. A block's gap is how much nearer, at least, each of its points
// is to its own centroid than to any other. While centroids have moved by less than that, no label
// can change (the triangle inequality, as in Hamerly, "Making k-means even faster", 2010,
// doi:10.1137/1.9781611972801.12, but for blocks), and the block is passed over.
struct Pass {
    const Blocks& blocks;
    const double* centroids;  // (k, dims)
    const double* drifts;     // (k,): the length of each centroid's last step
    int k;
    std::int32_t* labels;                // (blocks, kBlock), -1 before the first pass
    double* gaps;                        // (blocks,)
    std::vector<std::uint64_t>& chosen;  // (tiles, words): each tile's candidates, as bits
    std::size_t words;
};

void close_gaps(double* gaps, std::size_t from, std::size_t to, double by) {
    for (std::size_t block = from; block < to; ++block) gaps[block] -= by;
}

// Brings the gaps of a tile's blocks up to date. Only its candidates can take a label over, so only
// their drift counts; a centroid that has just become a candidate makes every gap void.
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
        gaps[i] = std::sqrt(other) * (1.0 - kRounding) - std::sqrt(scan.best[i]);
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

using AssignTiles = void (*)(const Pass&, std::size_t, std::size_t, Moved&);

AssignTiles assign_tiles_for(int dims) {
    switch (dims) {
        case 1: return assign_tiles_1;
        case 2: return assign_tiles_2;
        case 3: return assign_tiles_3;
        case 4: return assign_tiles_4;
        default: return assign_tiles_0;
    }
}

class Lloyd {
  public:
    Lloyd(const Blocks& blocks, std::vector<double> centroids, Team& team)
        : blocks_(blocks),
          team_(team),
          dims_(blocks.dims()),
          k_(static_cast<int>(centroids.size() / dims_)),
          assign_tiles_(assign_tiles_for(dims_)),
          centroids_(std::move(centroids)),
          drifts_(k_, 0.0),
          labels_(blocks.n_blocks() * kBlock, -1),
          gaps_(blocks.n_blocks(), -1.0),
          words_((k_ + 63) / 64),
          chosen_(blocks.n_tiles() * words_, 0),
          sums_(static_cast<std::size_t>(k_) * (dims_ + 1), 0.0),
          counts_(k_, 0),
          tiles_of_share_(std::max(kTilesOfShare, (blocks.n_tiles() + kShares - 1) / kShares)),
          moved_((blocks.n_tiles() + tiles_of_share_ - 1) / tiles_of_share_) {
        for (auto& moved : moved_) {
            moved.sums.assign(sums_.size(), 0.0);
            moved.counts.assign(counts_.size(), 0);
        }
    }

    // Gives every point its nearest centroid; returns how many changed theirs.
    std::size_t assign() {
        const Pass pass{blocks_,        centroids_.data(), drifts_.data(), k_,
                        labels_.data(), gaps_.data(),      chosen_,        words_};
        team_.run(moved_.size(), [&](std::size_t share) {
            const std::size_t first = share * tiles_of_share_;
            const std::size_t last = std::min(first + tiles_of_share_, blocks_.n_tiles());
            assign_tiles_(pass, first, last, moved_[share]);
        });
        std::fill(drifts_.begin(), drifts_.end(), 0.0);  // the gaps know of them now
        std::size_t changed = 0;
        for (auto& moved : moved_) changed += collect(moved);
        return changed;
    }

    // Moves each centroid to the mean of its points; returns the sum of the squared shifts.
    double update() {
        refill_empty();
        if (is_cancelled()) add_up();
        return move_centroids();
    }

    // The same from sums added up anew: sums kept by adding and taking away gather rounding.
    double settle() {
        add_up();
        return move_centroids();
    }

    double inertia() {
        std::vector<double> shares(moved_.size(), 0.0);
        team_.run(shares.size(), [&](std::size_t share) {
            const std::size_t first = share * tiles_of_share_ * kTile;
            const std::size_t last = std::min(first + tiles_of_share_ * kTile, blocks_.n_points());
            double sum = 0.0;
            for (std::size_t point = first; point < last; ++point)
                sum += blocks_.weights(point / kBlock)[point % kBlock] * distance(point);
            shares[share] = sum;
        });
        double sum = 0.0;
        for (const double share : shares) sum += share;
        return sum;
    }

    std::vector<double> take_centroids() { return std::move(centroids_); }
    std::vector<std::int32_t> take_labels() {
        labels_.resize(blocks_.n_points());
        return std::move(labels_);
    }

  private:
    std::size_t collect(Moved& moved) {
        const std::size_t points = moved.points;
        if (points == 0) return 0;
        for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += moved.sums[i];
        for (int j = 0; j < k_; ++j) counts_[j] += moved.counts[j];
        std::fill(moved.sums.begin(), moved.sums.end(), 0.0);
        std::fill(moved.counts.begin(), moved.counts.end(), 0);
        moved.points = 0;
        return points;
    }

    // Whether some cluster has lost so much weight that what is left may be rounding.
    bool is_cancelled() const {
        double least = kInfinity, total = 0.0;
        for (int j = 0; j < k_; ++j) {
            const double weight = sums_[static_cast<std::size_t>(j) * (dims_ + 1) + dims_];
            least = std::min(least, weight);
            total += weight;
        }
        return !(least > kRounding * total);
    }

    void add_up() {
        std::fill(sums_.begin(), sums_.end(), 0.0);
        team_.run(moved_.size(), [&](std::size_t share) {
            std::vector<double>& sums = moved_[share].sums;
            const std::size_t first = share * tiles_of_share_ * kTile;
            const std::size_t last = std::min(first + tiles_of_share_ * kTile, blocks_.n_points());
            for (std::size_t point = first; point < last; ++point) {
                double* const sum = &sums[static_cast<std::size_t>(labels_[point]) * (dims_ + 1)];
                const double weight = blocks_.weights(point / kBlock)[point % kBlock];
                const double* const coordinates =
                    blocks_.coordinates(point / kBlock) + point % kBlock;
                for (int dim = 0; dim < dims_; ++dim)
                    sum[dim] += weight * coordinates[dim * kBlock];
                sum[dims_] += weight;
            }
            moved_[share].points = last - first;
        });
        for (auto& moved : moved_) collect(moved);
    }

    double move_centroids() {
        double shift = 0.0;
        for (int j = 0; j < k_; ++j) {
            const double* const sum = &sums_[static_cast<std::size_t>(j) * (dims_ + 1)];
            double* const centroid = &centroids_[static_cast<std::size_t>(j) * dims_];
            double step = 0.0;
            for (int dim = 0; dim < dims_; ++dim) {
                const double mean = sum[dim] / sum[dims_];
                step += (mean - centroid[dim]) * (mean - centroid[dim]);
                centroid[dim] = mean;
            }
            drifts_[j] += std::sqrt(step);
            shift += step;
        }
        return shift;
    }

    // Squared, from a point to its own centroid.
    double distance(std::size_t point) const {
        const double* const coordinates = blocks_.coordinates(point / kBlock) + point % kBlock;
        const double* const centroid =
            &centroids_[static_cast<std::size_t>(labels_[point]) * dims_];
        double sum = 0.0;
        for (int dim = 0; dim < dims_; ++dim) {
            const double away = coordinates[dim * kBlock] - centroid[dim];
            sum += away * away;
        }
        return sum;
    }

    // The point farthest from its centroid, among those that are not alone; the first of equals.
    std::size_t farthest_point() const {
        std::size_t farthest = 0;
        double most = -1.0;
        for (std::size_t point = 0; point < blocks_.n_points(); ++point) {
            if (counts_[labels_[point]] < 2) continue;
            const double away = distance(point);
            if (away > most) {
                most = away;
                farthest = point;
            }
        }
        return farthest;
    }

    void refill_empty() {
        for (int j = 0; j < k_; ++j) {
            if (counts_[j] > 0) continue;
            const std::size_t point = farthest_point();
            const std::size_t block = point / kBlock;
            const Pass pass{blocks_,        centroids_.data(), drifts_.data(), k_,
                            labels_.data(), gaps_.data(),      chosen_,        words_};
            // The cluster starts from nothing: what adding and taking away left is rounding.
            std::fill_n(&sums_[static_cast<std::size_t>(j) * (dims_ + 1)], dims_ + 1, 0.0);
            relabel<0>(pass, block, point % kBlock, j, moved_[0]);
            collect(moved_[0]);
            std::fill(gaps_.begin(), gaps_.end(), -1.0);  // no bound outlives such a jump
        }
    }

    const Blocks& blocks_;
    Team& team_;
    int dims_;
    int k_;
    AssignTiles assign_tiles_;
    std::vector<double> centroids_;
    std::vector<double> drifts_;
    std::vector<std::int32_t> labels_;
    std::vector<double> gaps_;
    std::size_t words_;
    std::vector<std::uint64_t> chosen_;
    std::vector<double> sums_;
    std::vector<std::int64_t> counts_;
    std::size_t tiles_of_share_;
    std::vector<Moved> moved_;  // one a share
};

}  // namespace

Clustering lloyd(const Blocks& points, std::vector<double> centroids, int max_iter,
                 double tolerance, Team& team) {
    Lloyd fit(points, std::move(centroids), team);
    Clustering result;
    bool settled = false;
    while (!settled && result.n_iter < max_iter) {
        ++result.n_iter;
        settled = fit.assign() == 0 && (fit.settle() == 0.0 || fit.assign() == 0);
        if (!settled && fit.update() <= tolerance) break;
    }
    if (!settled) {
        if (result.n_iter > 0) fit.settle();
        fit.assign();
    }
    result.inertia = fit.inertia();
    result.centroids = fit.take_centroids();
    result.labels = fit.take_labels();
    return result;
}

std::vector<std::int32_t> nearest(const Blocks& points, std::vector<double> centroids, Team& team) {
    Lloyd fit(points, std::move(centroids), team);
    fit.assign();
    return fit.take_labels();
}

}  // namespace fewcolors
