// The plan: how deflate is to write the indices of a picture, row by row. The size-aware
// assignment knows it, since it chose the indices for it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace fewcolors {

// So many indices, as they are or copied from so far back in the scanlines.
struct Step {
    std::uint16_t length;
    std::uint16_t distance;  // 0: as they are
};

// The steps of each row add up to its width: none goes beyond its end.
using CopyPlan = std::vector<Step>;

// Adds a step, in pieces if it is longer than one can say.
inline void add_step(CopyPlan& plan, std::size_t length, std::size_t distance) {
    constexpr std::size_t kLongest = std::numeric_limits<std::uint16_t>::max();
    for (; length > 0; length -= std::min(length, kLongest))
        plan.push_back({static_cast<std::uint16_t>(std::min(length, kLongest)),
                        static_cast<std::uint16_t>(distance)});
}

}  // namespace fewcolors
