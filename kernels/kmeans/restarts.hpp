// Several starts of Lloyd's algorithm, of which the best count.
#pragma once

#include <cstdint>
#include <vector>

#include "kmeans/kmeans.hpp"
#include "kmeans/seeding.hpp"

namespace fewcolors {

// Fits `n_init` times from seeds drawn anew and returns the `n_best` fits of least inertia, the
// best first and the earlier of equals before the later, without their labels.
std::vector<Clustering> best_restarts(const Blocks& points, int k, Seeding seeding, int n_init,
                                      int n_best, int max_iter, double tolerance,
                                      std::uint64_t seed, Team& team);

}  // namespace fewcolors
