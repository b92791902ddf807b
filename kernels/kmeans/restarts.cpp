#include "kmeans/restarts.hpp"

#include <algorithm>

#include "base/slots.hpp"

namespace fewcolors {
namespace {

// Each start has a generator of its own, so that it is the same whichever thread runs it.
Random generator_of(std::uint64_t seed, std::size_t start) {
    return Random(scramble(seed) + start);
}

}  // namespace

std::vector<Clustering> best_restarts(const Blocks& points, const Restarts& restarts, Team& team) {
    std::vector<Clustering> fits(restarts.n_init);
    const auto fit = [&](std::size_t start, Team& workers) {
        Random random = generator_of(restarts.seed, start);
        fits[start] = lloyd(points, seed_centroids(points, restarts.k, restarts.seeding, random),
                            restarts.max_iter, restarts.tolerance, workers);
        fits[start].labels = {};
    };
    if (restarts.n_init == 1) {
        fit(0, team);
    } else {
        // Each thread runs whole starts, which never wait for one another.
        team.run(fits.size(), [&](std::size_t start) {
            Team alone(1);
            fit(start, alone);
        });
    }
    std::stable_sort(fits.begin(), fits.end(), [](const Clustering& a, const Clustering& b) {
        return a.inertia < b.inertia;
    });
    fits.resize(restarts.n_best);
    return fits;
}

}  // namespace fewcolors
