#include "palette/chain_alike.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace fewcolors {

std::vector<std::int32_t> chain_alike(const double* rows, std::size_t count, int dims) {
    std::vector<std::int32_t> order(count);
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t done = 1; done < count; ++done) {
        const double* const last = rows + static_cast<std::size_t>(order[done - 1]) * dims;
        auto nearest = order.begin() + static_cast<std::ptrdiff_t>(done);
        double least = std::numeric_limits<double>::infinity();
        for (auto left = nearest; left != order.end(); ++left) {
            double distance = 0.0;
            for (int dim = 0; dim < dims; ++dim) {
                const double away = rows[static_cast<std::size_t>(*left) * dims + dim] - last[dim];
                distance += away * away;
            }
            if (distance < least) {
                least = distance;
                nearest = left;
            }
        }
        // The others stay in their order: of equals the first is taken.
        std::rotate(order.begin() + static_cast<std::ptrdiff_t>(done), nearest, nearest + 1);
    }
    return order;
}

}  // namespace fewcolors
