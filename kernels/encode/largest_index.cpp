#include "encode/largest_index.hpp"

#include <algorithm>

#include "base/common.hpp"

namespace fewcolors {

KERNEL_CLONES std::uint8_t largest_index(const std::uint8_t* indices, std::size_t count) {
    std::uint8_t largest = 0;
    for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, indices[i]);
    return largest;
}

}  // namespace fewcolors
