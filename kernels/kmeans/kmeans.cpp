#include "kmeans/kmeans.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>

#include "kmeans/assignment.hpp"
#include "kmeans/candidates.hpp"

namespace fewcolors {
namespace {

// The points are divided into this many shares, each with its own sums, which are then added in
// order: so their rounding depends on the data alone. More shares would occupy more threads, but
// take longer to add.
constexpr std::size_t kShares = 32;
// A share has at least this many tiles: below it, handing it out costs more than it saves.
constexpr std::size_t kTilesOfShare = 8;

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

    // Goes on until no label changes, until the squared shifts add up to at most `tolerance`, or
    // up to the iteration `max_iter`.
    void iterate(int max_iter, double tolerance) {
        while (!is_done_ && n_iter_ < max_iter) {
            ++n_iter_;
            is_settled_ = assign() == 0 && (settle() == 0.0 || assign() == 0);
            is_done_ = is_settled_ || update() <= tolerance;
        }
    }

    // Of the centroids as they are, with the labels of those before: no less than the inertia.
    double inertia_so_far() {
        if (n_iter_ == 0) assign();
        return inertia();
    }

    Clustering finish() {
        if (!is_settled_) {
            if (n_iter_ > 0) settle();
            assign();
        }
        Clustering result;
        result.n_iter = n_iter_;
        result.inertia = inertia();
        result.centroids = std::move(centroids_);
        result.labels = take_labels();
        return result;
    }

    std::vector<std::int32_t> nearest() {
        assign();
        return take_labels();
    }

  private:
    // Gives every point its nearest centroid; returns how many changed theirs.
    std::size_t assign() {
        const Pass pass = this->pass();
        team_.run(moved_.size(), [&](std::size_t share) {
            const std::size_t first = share * tiles_of_share_;
            const std::size_t last = std::min(first + tiles_of_share_, blocks_.n_tiles());
            assign_tiles_(pass, first, last, moved_[share]);
        });
        std::fill(drifts_.begin(), drifts_.end(), 0.0);  // the gaps account for them now
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

    // Does the same with sums that are added up anew, because adding and subtracting piles up
    // rounding errors.
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

    std::vector<std::int32_t> take_labels() {
        labels_.resize(blocks_.n_points());
        return std::move(labels_);
    }

    Pass pass() {
        return {blocks_,        centroids_.data(), drifts_.data(), k_,
                labels_.data(), gaps_.data(),      chosen_,        words_};
    }

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

    // Whether some cluster has lost so much weight that its sums may be mostly rounding.
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
            bool moves = false;
            for (int dim = 0; dim < dims_; ++dim) {
                const double mean = sum[dim] / sum[dims_];
                moves |= mean != centroid[dim];
                step += (mean - centroid[dim]) * (mean - centroid[dim]);
                centroid[dim] = mean;
            }
            drifts_[j] += moves ? std::sqrt(step) + kUnderflow : 0.0;
            // A step whose square underflows to 0 is still a step.
            shift += moves ? step + std::numeric_limits<double>::min() : 0.0;
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
            // What is left in the sums of an empty cluster is rounding.
            std::fill_n(&sums_[static_cast<std::size_t>(j) * (dims_ + 1)], dims_ + 1, 0.0);
            relabel_point(pass(), point, j, moved_[0]);
            collect(moved_[0]);
            // The jump of a centroid makes all bounds invalid.
            std::fill(gaps_.begin(), gaps_.end(), -1.0);
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
    int n_iter_ = 0;
    bool is_settled_ = false;  // labels and centroids are those of each other
    bool is_done_ = false;
};

}  // namespace

Clustering lloyd(const Blocks& points, std::vector<double> centroids, int max_iter,
                 double tolerance, Team& team) {
    Lloyd fit(points, std::move(centroids), team);
    fit.iterate(max_iter, tolerance);
    return fit.finish();
}

BestFit best_fit(const Blocks& points, const std::vector<std::vector<double>>& starts,
                 int trial_iter, int max_iter, double tolerance, Team& team) {
    std::unique_ptr<Lloyd> best;
    std::size_t best_start = 0;
    double least = kInfinity;
    for (std::size_t start = 0; start < starts.size(); ++start) {
        auto fit = std::make_unique<Lloyd>(points, starts[start], team);
        if (starts.size() > 1) {
            fit->iterate(std::min(trial_iter, max_iter), tolerance);
            const double inertia = fit->inertia_so_far();
            if (best && !(inertia < least)) continue;
            least = inertia;
        }
        best = std::move(fit);
        best_start = start;
    }
    best->iterate(max_iter, tolerance);
    return {best->finish(), best_start};
}

std::vector<std::int32_t> nearest(const double* rows, std::size_t count, int dims,
                                  std::vector<double> centroids, Team& team) {
    const std::vector<double> weights(count, 1.0);
    const Blocks blocks({rows, weights.data(), count, dims}, team);
    return Lloyd(blocks, std::move(centroids), team).nearest();
}

}  // namespace fewcolors
