// A copy plan: how deflate is to write the indices of a picture, row by row. The size-aware
// assignment makes it together with the indices.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace fewcolors {

// The next `length` indices: written as they are, or copied from `distance` bytes back in the
// scanlines.
struct Step {
    std::uint16_t length;
    std::uint16_t distance;  // 0: written as they are
};

// The steps of each row add up to its width: none goes beyond its end.
using CopyPlan = std::vector<Step>;

// Adds a step, in pieces if its length takes more than 16 bits.
inline void add_step(CopyPlan& plan, std::size_t length, std::size_t distance) {
    constexpr std::size_t kLongest = std::numeric_limits<std::uint16_t>::max();
    for (; length > 0; length -= std::min(length, kLongest))
        plan.push_back({static_cast<std::uint16_t>(std::min(length, kLongest)),
                        static_cast<std::uint16_t>(distance)});
}

}  // namespace fewcolors
