// Several runs of Lloyd's algorithm from different starts, of which the best are kept.
#pragma once

#include <cstdint>
#include <vector>

#include "kmeans/kmeans.hpp"
#include "kmeans/seeding.hpp"

namespace fewcolors {

struct Restarts {
    int k;
    Seeding seeding;
    int n_init;  // fits to make
    int n_best;  // of them to return, at most n_init
    int max_iter;
    double tolerance;
    std::uint64_t seed;
};

// Fits `n_init` times from seeds drawn anew and returns the `n_best` fits of least inertia, the
// best first and the earlier of equals before the later, without their labels.
std::vector<Clustering> best_restarts(const Blocks& points, const Restarts& restarts, Team& team);

}  // namespace fewcolors
