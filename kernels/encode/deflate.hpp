// Indices and their copy plan as a zlib stream (RFC 1950, 1951). The plan spares the search for
// copies, which takes a compressor most of its time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/team.hpp"
#include "encode/copy_plan.hpp"

namespace fewcolors {

// Compresses unfiltered scanlines of 8-bit indices. The stream holds them whatever the plan says: a
// plan of other indices makes it larger, no more.
std::vector<std::uint8_t> deflate_copy_plan(const std::uint8_t* indices, std::size_t width,
                                            std::size_t height, const Step* plan,
                                            std::size_t n_steps, Team& team);

}  // namespace fewcolors
