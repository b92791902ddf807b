// Indices that look right and deflate well.
#pragma once

#include <cstdint>

#include "assign/search_reach.hpp"
#include "base/team.hpp"
#include "color/color_order.hpp"
#include "color/planes.hpp"
#include "encode/copy_plan.hpp"

namespace fewcolors {

// Writes an index a pixel, chosen to minimise bits + fidelity x error, where an error in OKLab
// counts less the higher the pixel's `contrast` is (a byte a pixel, see weigh/local_contrast.hpp).
// With high fidelity every pixel gets its nearest entry, after the errors of the rows above are
// taken off.
//
// A drawing (`is_drawing`) repeats exactly, and so shall its indices: errors of rows above are not
// taken off, far copies begin with equal indices, distances are those of kOklabToe, and pixels of
// contrast 0 take their nearest entry whatever it costs.
//
// The picture is cut into tiles of a fixed size, which do not depend on one another: the result
// is the same with any number of threads. Returns how deflate is to write the indices.
CopyPlan assign_size_aware(const Picture& picture, const std::uint8_t* contrast,
                           const Color* palette, std::size_t n_entries, float fidelity,
                           bool is_drawing, const SearchReach& reach, Team& team,
                           std::uint8_t* indices);

}  // namespace fewcolors
