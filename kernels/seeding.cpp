#include "seeding.hpp"

#include <algorithm>
#include <cmath>

#include "candidates.hpp"

namespace fewcolors {
namespace {

// Draws points with a chance in proportion to their mass, which is kept a block at a time so that
// a draw walks over blocks first and over points only within one.
class Urn {
  public:
    // Every point's mass is its weight, to begin with.
    explicit Urn(const Blocks& blocks)
        : masses_(blocks.weights(0), blocks.weights(0) + blocks.n_blocks() * kBlock),
          block_masses_(blocks.n_blocks()) {
        for (std::size_t block = 0; block < block_masses_.size(); ++block) add_up(block);
    }

    void take_out(std::size_t point) {
        masses_[point] = 0.0;
        add_up(point / kBlock);
    }

    double* masses(std::size_t block) { return &masses_[block * kBlock]; }
    double block_mass(std::size_t block) const { return block_masses_[block]; }
    void set_block_mass(std::size_t block, double mass) { block_masses_[block] = mass; }

    double total() const {
        double sum = 0.0;
        for (const double mass : block_masses_) sum += mass;
        return sum;
    }

    // The point where the running sum of the masses passes fraction x total.
    std::size_t draw(double fraction) const {
        double rest = fraction * total();
        std::size_t block = 0;
        while (block + 1 < block_masses_.size() && rest >= block_masses_[block])
            rest -= block_masses_[block++];
        std::size_t chosen = 0;
        bool found = false;
        for (std::size_t point = block * kBlock; point < (block + 1) * kBlock; ++point) {
            if (masses_[point] <= 0.0) continue;
            chosen = point;
            found = true;
            if (rest < masses_[point]) break;
            rest -= masses_[point];
        }
        return found ? chosen : heaviest();
    }

  private:
    void add_up(std::size_t block) {
        double sum = 0.0;
        for (std::size_t i = 0; i < kBlock; ++i) sum += masses_[block * kBlock + i];
        block_masses_[block] = sum;
    }

    // Rounding can end a walk behind the last block that has any mass.
    std::size_t heaviest() const {
        return std::max_element(masses_.begin(), masses_.end()) - masses_.begin();
    }

    std::vector<double> masses_;
    std::vector<double> block_masses_;
};

// How far each point is from the nearest of the centroids so far.
class Closest {
  public:
    explicit Closest(const Blocks& blocks)
        : blocks_(blocks),
          distances_(blocks.n_blocks() * kBlock, kInfinity),
          reaches_(blocks.n_blocks(), kInfinity) {}

    // The sum of weight x squared distance if `centroid` were added. The urn's masses are those
    // products as they stand.
    template <int D>
    ALWAYS_INLINE double error_with(const double* centroid, const Urn& urn) const {
        double total = 0.0;
        for (std::size_t block = 0; block < blocks_.n_blocks(); ++block) {
            if (out_of_reach<D>(block, centroid)) {
                total += urn.block_mass(block);
                continue;
            }
            Lanes sum = splat(0.0);
            for (std::size_t i = 0; i < kBlock; i += kLanes)
                sum = sum + approached<D>(block, i, centroid) * load(blocks_.weights(block) + i);
            total += add_lanes(sum);
        }
        return total;
    }

    // Adds `centroid`, and brings the urn's masses up to date.
    template <int D>
    ALWAYS_INLINE void add(const double* centroid, Urn& urn) {
        for (std::size_t block = 0; block < blocks_.n_blocks(); ++block) {
            if (out_of_reach<D>(block, centroid)) continue;
            Lanes sum = splat(0.0);
            Lanes reach = splat(0.0);
            for (std::size_t i = 0; i < kBlock; i += kLanes) {
                const Lanes distance = approached<D>(block, i, centroid);
                const Lanes mass = distance * load(blocks_.weights(block) + i);
                store(&distances_[block * kBlock + i], distance);
                store(urn.masses(block) + i, mass);
                sum = sum + mass;
                reach = larger(reach, distance);
            }
            reaches_[block] = largest(reach);
            urn.set_block_mass(block, add_lanes(sum));
        }
    }

  private:
    // Whether the centroid is farther from the block's box than any of its points from theirs.
    template <int D>
    ALWAYS_INLINE bool out_of_reach(std::size_t block, const double* centroid) const {
        const int dims = D > 0 ? D : blocks_.dims();
        const double* const box = blocks_.block_box(block);
        double near = 0.0;
        for (int dim = 0; dim < dims; ++dim) {
            const double below = box[dim] - centroid[dim];
            const double above = centroid[dim] - box[dims + dim];
            const double outside = std::max(std::max(below, above), 0.0);
            near += outside * outside;
        }
        return near >= reaches_[block];
    }

    template <int D>
    ALWAYS_INLINE Lanes approached(std::size_t block, std::size_t i, const double* centroid) const {
        const int dims = D > 0 ? D : blocks_.dims();
        const double* const coordinates = blocks_.coordinates(block) + i;
        Lanes distance = splat(0.0);
        for (int dim = 0; dim < dims; ++dim) {
            const Lanes away = load(coordinates + dim * kBlock) - splat(centroid[dim]);
            distance = distance + away * away;
        }
        return smaller(distance, load(&distances_[block * kBlock + i]));
    }

    const Blocks& blocks_;
    std::vector<double> distances_;
    std::vector<double> reaches_;  // the largest distance in each block
};

// Pixels have one to four coordinates; three is what nearly all have, the rest share one function.
KERNEL_CLONES double error_with_3(const Closest& closest, const double* centroid, const Urn& urn) {
    return closest.error_with<3>(centroid, urn);
}
KERNEL_CLONES double error_with_any(const Closest& closest, const double* centroid,
                                    const Urn& urn) {
    return closest.error_with<0>(centroid, urn);
}

void copy_point(const Blocks& blocks, std::size_t point, double* to) {
    const double* const from = blocks.coordinates(point / kBlock) + point % kBlock;
    for (int dim = 0; dim < blocks.dims(); ++dim) to[dim] = from[dim * kBlock];
}

// k-means++ (Arthur and Vassilvitskii 2007, doi:10.5555/1283383.1283494), the greedy kind: of a
// few draws the one that leaves the least error, 2 + ln k of them as the authors suggest.
std::vector<double> plus_plus(const Blocks& blocks, int k, Random& random) {
    const int dims = blocks.dims();
    const auto error_with = dims == 3 ? error_with_3 : error_with_any;
    const int n_draws = 2 + static_cast<int>(std::log(static_cast<double>(k)));
    std::vector<double> centroids(static_cast<std::size_t>(k) * dims);
    std::vector<double> drawn(dims);
    Urn urn(blocks);
    Closest closest(blocks);
    for (int j = 0; j < k; ++j) {
        double* const centroid = &centroids[static_cast<std::size_t>(j) * dims];
        double least = kInfinity;
        for (int draw = 0; draw < (j == 0 ? 1 : n_draws); ++draw) {
            copy_point(blocks, urn.draw(random.fraction()), drawn.data());
            const double error = error_with(closest, drawn.data(), urn);
            if (draw > 0 && !(error < least)) continue;
            least = error;
            std::copy(drawn.begin(), drawn.end(), centroid);
        }
        closest.add<0>(centroid, urn);
    }
    return centroids;
}

// Points drawn by weight, each at most once.
std::vector<double> random_points(const Blocks& blocks, int k, Random& random) {
    const int dims = blocks.dims();
    Urn urn(blocks);
    std::vector<double> centroids(static_cast<std::size_t>(k) * dims);
    for (int j = 0; j < k; ++j) {
        const std::size_t point = urn.draw(random.fraction());
        copy_point(blocks, point, &centroids[static_cast<std::size_t>(j) * dims]);
        urn.take_out(point);
    }
    return centroids;
}

}  // namespace

std::vector<double> seed_centroids(const Blocks& points, int k, Seeding seeding, Random& random) {
    return seeding == Seeding::kPlusPlus ? plus_plus(points, k, random)
                                         : random_points(points, k, random);
}

}  // namespace fewcolors
