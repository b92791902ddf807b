// The search for the cheapest way through the trellis of one row; see trellis.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "assign/far_copies.hpp"
#include "assign/history.hpp"
#include "assign/target.hpp"

namespace fewcolors {

inline constexpr float kNever = 1e30f;  // bits: no way leads here

// Runs are copies from distances within the row: from 1 to kRuns.
inline constexpr int kRuns = 8;

// The cheapest way to the place before a pixel: its last edge.
struct TrellisNode {
    float bits;
    std::uint32_t start;     // where the edge begins
    std::uint32_t distance;  // that it copies from; 0 for an index as such
    std::uint64_t last;      // the last eight indices, the latest in the highest byte
    std::uint32_t end = 0;   // of the next edge, once the cheapest way is known
};

// The cheapest far copy that ends before each pixel.
struct FarEnds {
    float* bits;
    std::int32_t* starts;
    std::int32_t* distances;
};

// Copies from near distances, as far as they have got: eight neighbouring distances to a vector.
struct NearCopies {
    std::size_t n_vectors;
    const std::uint32_t* distances;  // the largest of each vector
    const float* prices;             // of the distances
    float* bits;                     // so far, if the copy goes on
    float* growth;                   // bits of one more index
    std::int32_t* starts;            // where each copy begins
};

// What the search for one row reads and writes.
struct RowSearch {
    const Target& target;
    const float* const* entries;  // planes of the palette's colours
    const FarCopies& far_copies;
    const History& history;
    std::size_t position;  // of the row's first pixel
    int far_tries;         // far copies to try at each pixel
    float another_color;   // bits that another colour costs; see kAnotherColor
    NearCopies near;
    TrellisNode* nodes;  // (width + 1,): the first is given, the others are written
    FarEnds far_ends;    // (width + 1,) and a vector beyond, kNever bits each
};

void find_cheapest_ways(const RowSearch& search, int n_planes);

// The price of another colour, in bits, at a fidelity.
float another_color_bits(float fidelity);

}  // namespace fewcolors
