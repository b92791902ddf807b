#include "kmeans/seeding.hpp"

#include <algorithm>

#include "kmeans/candidates.hpp"

namespace fewcolors {
namespace {

// Draws points with probabilities in proportion to their masses. Sums are kept for each block and
// tile, so that a draw walks over the tiles, then over the blocks of a tile, then over the points
// of a block.
class Urn {
  public:
    // At first the mass of each point is its weight.
    explicit Urn(const Blocks& blocks)
        : masses_(blocks.weights(0), blocks.weights(0) + blocks.n_blocks() * kBlock),
          block_masses_(blocks.n_blocks()),
          tile_masses_(blocks.n_tiles()) {
        for (std::size_t block = 0; block < block_masses_.size(); ++block) add_up_block(block);
        for (std::size_t tile = 0; tile < tile_masses_.size(); ++tile) add_up_tile(tile);
    }

    double* masses(std::size_t block) { return &masses_[block * kBlock]; }
    double block_mass(std::size_t block) const { return block_masses_[block]; }
    double tile_mass(std::size_t tile) const { return tile_masses_[tile]; }

    // To be called when the points' masses have changed, for blocks before their tile.
    void add_up_block(std::size_t block) { block_masses_[block] = sum_of(masses_, block, kBlock); }
    void add_up_tile(std::size_t tile) {
        tile_masses_[tile] = sum_of(block_masses_, tile, kBlocksOfTile);
    }

    void take_out(std::size_t point) {
        masses_[point] = 0.0;
        add_up_block(point / kBlock);
        add_up_tile(point / kTile);
    }

    // The point where the running sum of the masses passes fraction x total.
    std::size_t draw(double fraction) const {
        double rest = fraction * sum_of(tile_masses_, 0, tile_masses_.size());
        const std::size_t tile = walk(tile_masses_, 0, tile_masses_.size(), rest);
        const std::size_t block = walk(block_masses_, tile, kBlocksOfTile, rest);
        const std::size_t point = walk(masses_, block, kBlock, rest);
        // Because of rounding a walk can end behind the last point that has any mass.
        if (masses_[point] > 0.0) return point;
        return std::max_element(masses_.begin(), masses_.end()) - masses_.begin();
    }

  private:
    static double sum_of(const std::vector<double>& values, std::size_t group, std::size_t size) {
        const std::size_t last = std::min((group + 1) * size, values.size());
        double sum = 0.0;
        for (std::size_t i = group * size; i < last; ++i) sum += values[i];
        return sum;
    }

    // Where in a group the sum passes `rest`, from which it takes what it passes.
    static std::size_t walk(const std::vector<double>& values, std::size_t group, std::size_t size,
                            double& rest) {
        const std::size_t last = std::min((group + 1) * size, values.size()) - 1;
        std::size_t i = group * size;
        while (i < last && rest >= values[i]) rest -= values[i++];
        return i;
    }

    std::vector<double> masses_;
    std::vector<double> block_masses_;
    std::vector<double> tile_masses_;
};

// How far each point is from the nearest of the centroids so far.
class Closest {
  public:
    explicit Closest(const Blocks& blocks)
        : blocks_(blocks),
          distances_(blocks.n_blocks() * kBlock, kInfinity),
          block_reaches_(blocks.n_blocks(), kInfinity),
          tile_reaches_(blocks.n_tiles(), kInfinity) {}

    // The sum of weight x squared distance if `centroid` were added. The urn's masses are these
    // products for the centroids so far.
    template <int D>
    ALWAYS_INLINE double error_with(const double* centroid, const Urn& urn) const {
        double total = 0.0;
        for (std::size_t tile = 0; tile < blocks_.n_tiles(); ++tile) {
            if (distance_to<D>(blocks_.tile_box(tile), centroid) >= tile_reaches_[tile]) {
                total += urn.tile_mass(tile);
                continue;
            }
            for (std::size_t block = first_block(tile); block < last_block(tile); ++block) {
                if (distance_to<D>(blocks_.block_box(block), centroid) >= block_reaches_[block]) {
                    total += urn.block_mass(block);
                    continue;
                }
                Lanes sum = splat(0.0);
                for (std::size_t i = 0; i < kBlock; i += kLanes)
                    sum =
                        sum + approached<D>(block, i, centroid) * load(blocks_.weights(block) + i);
                total += add_lanes(sum);
            }
        }
        return total;
    }

    // Adds `centroid`, and brings the urn's masses up to date.
    template <int D>
    ALWAYS_INLINE void add(const double* centroid, Urn& urn) {
        for (std::size_t tile = 0; tile < blocks_.n_tiles(); ++tile) {
            if (distance_to<D>(blocks_.tile_box(tile), centroid) >= tile_reaches_[tile]) continue;
            double tile_reach = 0.0;
            for (std::size_t block = first_block(tile); block < last_block(tile); ++block) {
                add_to_block<D>(centroid, block, urn);
                tile_reach = std::max(tile_reach, block_reaches_[block]);
            }
            tile_reaches_[tile] = tile_reach;
            urn.add_up_tile(tile);
        }
    }

  private:
    static std::size_t first_block(std::size_t tile) { return tile * kBlocksOfTile; }
    std::size_t last_block(std::size_t tile) const {
        return std::min((tile + 1) * kBlocksOfTile, blocks_.n_blocks());
    }

    template <int D>
    ALWAYS_INLINE void add_to_block(const double* centroid, std::size_t block, Urn& urn) {
        if (distance_to<D>(blocks_.block_box(block), centroid) >= block_reaches_[block]) return;
        Lanes reach = splat(0.0);
        for (std::size_t i = 0; i < kBlock; i += kLanes) {
            const Lanes distance = approached<D>(block, i, centroid);
            store(&distances_[block * kBlock + i], distance);
            store(urn.masses(block) + i, distance * load(blocks_.weights(block) + i));
            reach = larger(reach, distance);
        }
        block_reaches_[block] = largest(reach);
        urn.add_up_block(block);
    }

    // Squared, from a centroid to a box.
    template <int D>
    ALWAYS_INLINE double distance_to(const double* box, const double* centroid) const {
        const int dims = D > 0 ? D : blocks_.dims();
        double distance = 0.0;
        for (int dim = 0; dim < dims; ++dim) {
            const double below = box[dim] - centroid[dim];
            const double above = centroid[dim] - box[dims + dim];
            const double outside = std::max(std::max(below, above), 0.0);
            distance += outside * outside;
        }
        return distance;
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
    std::vector<double> block_reaches_;  // the largest distance in each block
    std::vector<double> tile_reaches_;   // and tile
};

// Nearly all pixels have three coordinates. Points with any other number share one function.
#define SEEDING_STEPS(D)                                                                \
    KERNEL_CLONES double error_with_##D(const Closest& closest, const double* centroid, \
                                        const Urn& urn) {                               \
        return closest.error_with<D>(centroid, urn);                                    \
    }                                                                                   \
    KERNEL_CLONES void add_##D(Closest& closest, const double* centroid, Urn& urn) {    \
        closest.add<D>(centroid, urn);                                                  \
    }
SEEDING_STEPS(0)
SEEDING_STEPS(3)
#undef SEEDING_STEPS

void copy_point(const Blocks& blocks, std::size_t point, double* to) {
    const double* const from = blocks.coordinates(point / kBlock) + point % kBlock;
    for (int dim = 0; dim < blocks.dims(); ++dim) to[dim] = from[dim * kBlock];
}

// The natural logarithm, rounded down. The C library's may differ by processor.
int whole_log(int k) {
    constexpr double kE = 2.718281828459045;
    int logarithm = 0;
    for (double power = kE; power <= k; power *= kE) ++logarithm;
    return logarithm;
}

// k-means++ (Arthur and Vassilvitskii 2007, doi:10.5555/1283383.1283494), the greedy kind: of a
// few draws the one that leaves the least error, 2 + ln k of them as the authors suggest.
std::vector<double> plus_plus(const Blocks& blocks, int k, Random& random) {
    const int dims = blocks.dims();
    const auto error_with = dims == 3 ? error_with_3 : error_with_0;
    const auto add = dims == 3 ? add_3 : add_0;
    const int n_draws = 2 + whole_log(k);
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
        add(closest, centroid, urn);
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
