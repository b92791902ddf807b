// Lloyd's algorithm on weighted points, exact and fast.
#pragma once

#include <cstdint>
#include <vector>

#include "base/team.hpp"
#include "kmeans/blocks.hpp"

namespace fewcolors {

struct Clustering {
    std::vector<double> centroids;     // (k, dims)
    std::vector<std::int32_t> labels;  // (points,): the nearest centroid, the first of equals
    double inertia = 0.0;              // sum of weight x squared distance to it
    int n_iter = 0;
};

// Iterates from the given centroids until no label changes, until the centroids' squared shifts
// add up to at most `tolerance`, or `max_iter` times; 0 times assigns only. A cluster that loses
// its last point takes over the one farthest from its centroid. k must not exceed the number of
// points. The result is the same, bit for bit, whatever the size of the team.
Clustering lloyd(const Blocks& points, std::vector<double> centroids, int max_iter,
                 double tolerance, Team& team);

struct BestFit {
    Clustering clustering;
    std::size_t start;  // the number of the start that it came from
};

// Iterates from each of several starts `trial_iter` times, and from the one whose inertia is then
// the least, the first of equals, to the end.
BestFit best_fit(const Blocks& points, const std::vector<std::vector<double>>& starts,
                 int trial_iter, int max_iter, double tolerance, Team& team);

// The nearest centroid, the first of equals, of each of (count, dims) rows.
std::vector<std::int32_t> nearest(const double* rows, std::size_t count, int dims,
                                  std::vector<double> centroids, Team& team);

}  // namespace fewcolors
