// Which centroids can be nearest to a point of a box, and which of them is nearest to each point.
//
// The pruning is exact, down to the last bit: rounding is monotone, so the distance from a
// centroid to the box, summed in the same order of coordinates, never exceeds the computed
// distance to a point in it. Labels therefore equal those of comparing every point with every
// centroid, ties going to the centroid that comes first.
// The idea is the filtering of Kanungo et al., "An efficient k-means clustering algorithm", 2002,
// doi:10.1109/TPAMI.2002.1017616, with flat blocks in place of a tree.
//
// In all templates D is the number of coordinates where it is known to the compiler, or 0.
#pragma once

#include <algorithm>
#include <limits>
#include <numeric>
#include <vector>

#include "base/lanes.hpp"
#include "kmeans/blocks.hpp"

namespace fewcolors {

// With more coordinates boxes are so wide that looking at them takes longer than it saves.
inline constexpr int kBoxDims = 8;

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Centroids, coordinate by coordinate, in ascending order of their numbers. Unused places are so
// far away that their squared distance is infinite.
class Candidates {
  public:
    Candidates(int capacity, int dims)
        : stride_((capacity + kLanes - 1) / kLanes * kLanes),
          dims_(dims),
          columns_(static_cast<std::size_t>(stride_) * dims, kFarAway),
          ids_(stride_) {}

    void clear() { count_ = 0; }
    // Adds centroid id, whose coordinates stand `step` apart.
    void add(int id, const double* coordinates, std::size_t step) {
        for (int dim = 0; dim < dims_; ++dim)
            columns_[dim * stride_ + count_] = coordinates[dim * step];
        ids_[count_++] = id;
    }
    // Call after the last add: fills up the last vector.
    void close() {
        for (int place = count_; place % kLanes != 0; ++place)
            for (int dim = 0; dim < dims_; ++dim) columns_[dim * stride_ + place] = kFarAway;
    }

    int count() const { return count_; }
    int stride() const { return stride_; }
    int id(int place) const { return ids_[place]; }
    const double* column(int dim) const { return &columns_[dim * stride_]; }

  private:
    static constexpr double kFarAway = 1e200;

    int count_ = 0;
    int stride_;
    int dims_;
    std::vector<double> columns_;
    std::vector<int> ids_;
};

// The candidates that can be nearest to a point of a box, and bounds of squared distances.
struct Kept {
    explicit Kept(int capacity)
        : places(capacity), nearest((capacity + kLanes - 1) / kLanes * kLanes) {}

    std::vector<int> places;      // ascending; `count` of them
    std::vector<double> nearest;  // scratch: from each candidate to the box
    int count = 0;
    double pruned = kInfinity;  // every candidate not kept is at least this far from every point
};

template <int D>
ALWAYS_INLINE void keep_candidates(const Candidates& candidates, const double* box, int dims,
                                   Kept& kept) {
    if constexpr (D > 0) dims = D;
    const int stride = candidates.stride();
    const double* const columns = candidates.column(0);
    const int count = candidates.count();
    double* const nearest = kept.nearest.data();
    if (D == 0 && dims > kBoxDims) {
        std::iota(kept.places.begin(), kept.places.begin() + count, 0);
        kept.count = count;
        kept.pruned = kInfinity;
        return;
    }
    Lanes reach = splat(kInfinity);
    for (int place = 0; place < count; place += kLanes) {
        Lanes near = splat(0.0);
        Lanes far = splat(0.0);
        for (int dim = 0; dim < dims; ++dim) {
            const Lanes centroid = load(columns + dim * stride + place);
            const Lanes below = splat(box[dim]) - centroid;
            const Lanes above = centroid - splat(box[dims + dim]);
            const Lanes outside = larger(larger(below, above), splat(0.0));
            const Lanes farthest = larger(splat(0.0) - below, splat(0.0) - above);
            near = near + outside * outside;
            far = far + farthest * farthest;
        }
        store(nearest + place, near);
        reach = smaller(reach, far);
    }
    const double least = smallest(reach);  // every point has a candidate this near
    Lanes pruned = splat(kInfinity);
    for (int place = 0; place < count; place += kLanes) {
        const Lanes near = load(nearest + place);
        pruned = smaller(pruned, pick(near > splat(least), near, splat(kInfinity)));
    }
    kept.pruned = smallest(pruned);
    int* const places = kept.places.data();
    int n_kept = 0;
    for (int place = 0; place < count; ++place) {
        places[n_kept] = place;
        n_kept += nearest[place] <= least;
    }
    kept.count = n_kept;
}

// For each point of a block: the place of its nearest candidate, and the squared distances to that
// one and to the next best.
struct Scan {
    alignas(32) std::int64_t places[kBlock];
    alignas(32) double best[kBlock];
    alignas(32) double second[kBlock];
};

template <int D>
ALWAYS_INLINE void scan_block(const double* coordinates, int dims, const Candidates& candidates,
                              const int* places, int count, Scan& scan) {
    if constexpr (D > 0) dims = D;
    // Two vectors of points at a time: what AVX2's sixteen registers hold.
    constexpr int kVectors = 2;
    const int stride = candidates.stride();
    const double* const columns = candidates.column(0);
    for (std::size_t start = 0; start < kBlock; start += kVectors * kLanes) {
        Lanes best[kVectors];
        Lanes second[kVectors];
        LaneInts nearest[kVectors];
        for (int v = 0; v < kVectors; ++v) {
            best[v] = splat(kInfinity);
            second[v] = splat(kInfinity);
            nearest[v] = splat_int(places[0]);
        }
        for (int i = 0; i < count; ++i) {
            const int place = places[i];
            Lanes distance[kVectors];
            for (int v = 0; v < kVectors; ++v) distance[v] = splat(0.0);
            for (int dim = 0; dim < dims; ++dim) {
                const Lanes centroid = splat(columns[dim * stride + place]);
                for (int v = 0; v < kVectors; ++v) {
                    const Lanes away =
                        load(coordinates + dim * kBlock + start + v * kLanes) - centroid;
                    distance[v] = distance[v] + away * away;
                }
            }
            for (int v = 0; v < kVectors; ++v) {
                const LaneInts closer = distance[v] < best[v];
                const Lanes loser = pick(closer, best[v], distance[v]);
                second[v] = smaller(loser, second[v]);
                nearest[v] = pick(closer, splat_int(place), nearest[v]);
                best[v] = pick(closer, distance[v], best[v]);
            }
        }
        for (int v = 0; v < kVectors; ++v) {
            store(scan.places + start + v * kLanes, nearest[v]);
            store(scan.best + start + v * kLanes, best[v]);
            store(scan.second + start + v * kLanes, second[v]);
        }
    }
}

}  // namespace fewcolors
