// Initial centroids for Lloyd's algorithm.
#pragma once

#include <vector>

#include "base/random.hpp"
#include "kmeans/blocks.hpp"

namespace fewcolors {

enum class Seeding { kPlusPlus, kRandom };

// k distinct points as (k, dims) centroids. k must not exceed the number of points.
std::vector<double> seed_centroids(const Blocks& points, int k, Seeding seeding, Random& random);

}  // namespace fewcolors
