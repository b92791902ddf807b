// Rows of numbers as weighted points: equal rows are joined, and similar rows become neighbours.
#pragma once

#include <cstdint>
#include <vector>

#include "base/common.hpp"
#include "base/team.hpp"

namespace fewcolors {

struct UniqueRows {
    std::vector<double> rows;
    std::vector<double> weights;
    std::vector<std::int32_t> places;  // of each input row, or -1 for one of weight 0
};

// Joins equal rows, adds up their weights, drops rows of weight 0, and puts the rest in an order
// that depends on their values alone.
UniqueRows unique_rows(const Points& points, Team& team);

}  // namespace fewcolors
