// How close a result is to its original: counts of pixels, errors and the score.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/team.hpp"
#include "color/color_order.hpp"
#include "color/planes.hpp"

namespace fewcolors {

struct Comparison {
    std::vector<std::uint64_t> counts;  // pixels of each palette entry
    // The sum over pixels of the squared distance over red, green and blue (premultiplied) and
    // alpha, 0..255 each.
    double squared_error;
};

Comparison compare(const Picture& picture, const std::uint8_t* indices, const Color* palette,
                   std::size_t n_entries, Team& team);

// The score of SSIMULACRA 2. Above two megapixels it is the mean over eight tiles. A picture that
// is too small for the measure is repeated. With alpha it is the mean of the scores on white,
// mid grey and black.
double score(const Picture& picture, const std::uint8_t* indices, const Color* palette,
             std::size_t n_entries, Team& team);

}  // namespace fewcolors
