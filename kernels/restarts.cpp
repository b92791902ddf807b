#include "restarts.hpp"

#include <utility>

#include "slots.hpp"

namespace fewcolors {
namespace {

// Each start has a generator of its own, so that it is the same whichever thread runs it.
Random generator_of(std::uint64_t seed, std::size_t start) {
    return Random(scramble(seed) + start);
}

}  // namespace

Clustering best_of_restarts(const Blocks& points, int k, Seeding seeding, int n_init, int max_iter,
                            double tolerance, std::uint64_t seed, Team& team) {
    std::vector<Clustering> fits(n_init);
    const auto fit = [&](std::size_t start, Team& workers) {
        Random random = generator_of(seed, start);
        fits[start] =
            lloyd(points, seed_centroids(points, k, seeding, random), max_iter, tolerance, workers);
        fits[start].labels = {};
    };
    if (n_init == 1) {
        fit(0, team);
    } else {
        // Whole starts are the better share: they never wait for one another.
        team.run(fits.size(), [&](std::size_t start) {
            Team alone(1);
            fit(start, alone);
        });
    }
    std::size_t best = 0;
    for (std::size_t start = 1; start < fits.size(); ++start)
        if (fits[start].inertia < fits[best].inertia) best = start;
    return std::move(fits[best]);
}

}  // namespace fewcolors
