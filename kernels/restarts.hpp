// Several starts of Lloyd's algorithm, of which the best counts.
#pragma once

#include <cstdint>

#include "kmeans.hpp"
#include "seeding.hpp"

namespace fewcolors {

// Fits `n_init` times from seeds drawn anew and returns the fit of least inertia, the first of
// equals, without its labels.
Clustering best_of_restarts(const Blocks& points, int k, Seeding seeding, int n_init, int max_iter,
                            double tolerance, std::uint64_t seed, Team& team);

}  // namespace fewcolors
