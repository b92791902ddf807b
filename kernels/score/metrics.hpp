// What the report tells of a result.
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

// The score of SSIMULACRA 2. Of more than some two megapixels it is the mean over eight tiles; less
// than the measure is made for is repeated; with alpha it is the worse of those on black and on
// white.
double score(const Picture& picture, const std::uint8_t* indices, const Color* palette,
             std::size_t n_entries, Team& team);

}  // namespace fewcolors
