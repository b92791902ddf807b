// Ranges of coordinates, and the steps that divide them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/common.hpp"

namespace fewcolors {

struct Range {
    double low;
    double high;
};

inline std::vector<Range> ranges_of(const double* rows, std::size_t count, int dims) {
    std::vector<Range> ranges(dims);
    if (count == 0) return ranges;
    for (int dim = 0; dim < dims; ++dim) ranges[dim] = {rows[dim], rows[dim]};
    for (std::size_t row = 0; row < count; ++row) {
        for (int dim = 0; dim < dims; ++dim) {
            const double value = rows[row * dims + dim];
            ranges[dim].low = std::min(ranges[dim].low, value);
            ranges[dim].high = std::max(ranges[dim].high, value);
        }
    }
    return ranges;
}

// The step of the range, out of `steps`, on which a value stands. Halved before subtracting, since
// a range of doubles can be wider than the largest double.
inline std::uint32_t step_of(double value, const Range& range, std::uint32_t steps) {
    const double width = range.high / 2 - range.low / 2;
    if (!(width > 0.0)) return 0;
    const double step = (value / 2 - range.low / 2) / width * steps;
    // In this order of arguments no step is negative or NaN, even for a value out of the range.
    return static_cast<std::uint32_t>(std::max(0.0, std::min(step, steps - 1.0)));
}

}  // namespace fewcolors
