// Rows of numbers as weighted points: equal rows are joined, and similar rows become neighbours.
#pragma once

#include <cstddef>
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

// Rows of one to kMaxCodedDims bytes. Without weights each row weighs 1.
struct ByteRows {
    const std::uint8_t* rows;
    const double* weights;
    std::size_t count;
    int dims;
};

inline constexpr int kMaxCodedDims = 3;

// Joins equal rows, adds up their weights, drops rows of weight 0, and puts the rest in an order
// that depends on their values alone. Points without weights weigh 1 each. The result is the same
// for bytes as for doubles of the same values.
UniqueRows unique_rows(const Points& points, Team& team);
UniqueRows unique_rows(const ByteRows& rows, Team& team);

}  // namespace fewcolors
