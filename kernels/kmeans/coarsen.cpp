#include "kmeans/coarsen.hpp"

#include <cstdint>

#include "base/slots.hpp"
#include "kmeans/grid.hpp"

namespace fewcolors {

CoarsePoints coarsen(const Points& points, int levels) {
    const int dims = points.dims;
    const std::vector<Range> ranges = ranges_of(points.rows, points.count, dims);
    CoarsePoints result;
    std::vector<std::uint64_t> cells;
    std::uint32_t slot = 0;
    Slots slots;
    for (std::size_t i = 0; i < points.count; ++i) {
        const double* const row = points.rows + i * dims;
        std::uint64_t cell = 0;
        for (int dim = 0; dim < dims; ++dim)
            cell = cell * levels + step_of(row[dim], ranges[dim], levels);
        if (cells.empty() || cell != cells[slot])  // neighbours in the list often share a cell
            slot =
                slots.find_or_add(scramble(cell), [&](auto other) { return cells[other] == cell; });
        if (slot == cells.size()) {
            cells.push_back(cell);
            result.rows.resize(result.rows.size() + dims, 0.0);
            result.weights.push_back(0.0);
        }
        double* const sum = &result.rows[std::size_t{slot} * dims];
        for (int dim = 0; dim < dims; ++dim) sum[dim] += points.weights[i] * row[dim];
        result.weights[slot] += points.weights[i];
    }
    for (std::size_t slot = 0; slot < cells.size(); ++slot)
        for (int dim = 0; dim < dims; ++dim) result.rows[slot * dims + dim] /= result.weights[slot];
    return result;
}

}  // namespace fewcolors
