// Chooses the indices of one row: the cheapest way to write them in bits, where an index whose
// colour differs from the picture's costs bits as well.
//
// Deflate writes an index as such, or copies a run of indices from an earlier place. A trellis has
// a node before each pixel, and its edges are single indices and copies. Of all ways to a node only
// the cheapest is kept. Copies from all near distances are followed at once, with a state for each
// distance, eight to a vector. This is optimal parsing with the errors added to the price, after
// entropy-constrained vector quantisation (Chou, Lookabaugh, Gray 1989, doi:10.1109/29.17498).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "assign/far_copies.hpp"
#include "assign/history.hpp"
#include "assign/search_reach.hpp"
#include "assign/target.hpp"
#include "assign/trellis_search.hpp"
#include "encode/copy_plan.hpp"

namespace fewcolors {

class Trellis {
  public:
    Trellis(std::size_t width, int n_planes, const SearchReach& reach, float fidelity);

    // Writes the row's indices into the history, where its first pixel has the given position, and
    // adds the row's steps to the plan. `entries` are the planes of the palette's colours.
    void choose(const Target& target, const float* const* entries, const FarCopies& far_copies,
                std::size_t position, History& history, CopyPlan& plan);

  private:
    void settle(const Target& target, std::uint8_t* row, CopyPlan& plan);

    // What NearCopies points at.
    struct Copies {
        std::vector<std::uint32_t> distances;
        std::vector<float> prices, bits, growth;
        std::vector<std::int32_t> starts;
    };

    int n_planes_;
    int far_tries_;
    float another_color_;
    std::vector<TrellisNode> nodes_;
    std::vector<float> far_bits_;
    std::vector<std::int32_t> far_starts_, far_distances_;
    Copies copies_;
};

}  // namespace fewcolors
