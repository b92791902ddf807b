#include "kmeans/variance.hpp"

#include <cstddef>
#include <vector>

namespace fewcolors {

double mean_variance(const Points& points) {
    std::vector<double> means(points.dims), squares(points.dims);
    double total = 0.0;
    for (std::size_t i = 0; i < points.count; ++i) {
        total += points.weights[i];
        for (int dim = 0; dim < points.dims; ++dim)
            means[dim] += points.weights[i] * points.rows[i * points.dims + dim];
    }
    for (double& mean : means) mean /= total;
    for (std::size_t i = 0; i < points.count; ++i) {
        for (int dim = 0; dim < points.dims; ++dim) {
            const double away = points.rows[i * points.dims + dim] - means[dim];
            squares[dim] += points.weights[i] * (away * away);
        }
    }
    double sum = 0.0;
    for (const double square : squares) sum += square / total;
    return sum / points.dims;
}

}  // namespace fewcolors
