#include "metrics.hpp"

#include <algorithm>

#include "colorspace.hpp"

namespace fewcolors {

double squared_error(const Color* colors, const double* counts, const std::uint8_t* labels,
                     std::size_t n_colors, const Color* palette) {
    double sum = 0.0;
    for (std::size_t i = 0; i < n_colors; ++i) {
        double before[4], after[4];
        to_space(&colors[i], 1, Space::kSrgb, 4, before);
        to_space(&palette[labels[i]], 1, Space::kSrgb, 4, after);
        double error = 0.0;
        for (int channel = 0; channel < 4; ++channel)
            error += (before[channel] - after[channel]) * (before[channel] - after[channel]);
        sum += counts[i] * error;
    }
    return sum;
}

void counts_by_label(const double* counts, const std::uint8_t* labels, std::size_t n_colors,
                     std::size_t n_labels, double* sums) {
    std::fill(sums, sums + n_labels, 0.0);
    for (std::size_t i = 0; i < n_colors; ++i) sums[labels[i]] += counts[i];
}

}  // namespace fewcolors
