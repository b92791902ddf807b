// Indices for one row, chosen for how they deflate: the cheapest way through it in bits, where an
// index that does not fit the picture costs bits as well.
//
// Deflate writes an index as such, or copies a run of indices from an earlier place. A trellis has
// a node before each pixel, and edges that are one index or one copy; of all ways to a node only
// the cheapest is kept. Copies from near places are followed all at once, a state for each
// distance, eight to a vector. Optimal parsing with a state a distance, and errors in the price:
// after entropy-constrained vector quantisation (Chou, Lookabaugh, Gray 1989,
// doi:10.1109/29.17498).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "assign/far_copies.hpp"
#include "assign/history.hpp"
#include "assign/search_reach.hpp"
#include "color/planes.hpp"
#include "encode/copy_plan.hpp"

namespace fewcolors {

// What a row should look like.
struct Target {
    Target(std::size_t width, int n_planes);

    const float* plane(int c) const { return colors.data() + c * stride; }
    float* plane(int c) { return colors.data() + c * stride; }

    std::size_t width;
    std::size_t stride;                 // rows can be read a vector beyond their end
    std::vector<float> colors;          // (n_planes, stride)
    std::vector<float> weights;         // bits that a squared error of 1 is worth, if it is small
    std::vector<float> distances;       // the squared error of the nearest entry
    std::vector<std::uint8_t> nearest;  // that entry
};

class Trellis {
  public:
    Trellis(std::size_t width, int n_planes, const Reach& reach, float fidelity);

    // Writes the row's indices into the history, where its first pixel has the given position, and
    // adds the row's steps to the parse. `entries` are the planes of the palette's colours.
    void choose(const Target& target, const float* const* entries, const FarCopies& far_copies,
                std::size_t position, History& history, Parse& parse);

    // The rest is for the kernel alone.

    static constexpr int kRuns = 8;  // distances within the row that are followed: 1 to kRuns

    // The cheapest way to before a pixel: its last edge.
    struct Node {
        float bits;
        std::uint32_t start;     // where the edge begins
        std::uint32_t distance;  // that it copies from; 0 for an index as such
        std::uint64_t last;      // the last eight indices, the latest in the highest byte
        std::uint32_t end = 0;   // of the next edge, once the cheapest way is known
    };

    // Copies that go on from near distances: eight neighbouring ones in a vector.
    struct Copies {
        std::vector<float> bits;               // so far, if the copy goes on
        std::vector<float> growth;             // bits of one more index
        std::vector<std::int32_t> starts;      // where each begins
        std::vector<float> prices;             // of its distance
        std::vector<std::uint32_t> distances;  // the largest of each vector
    };

    // The cheapest far copy that ends before a pixel.
    struct FarEnd {
        float bits;
        std::uint32_t start;
        std::uint32_t distance;
    };

  private:
    void settle(const Target& target, std::uint8_t* row, Parse& parse);

    int n_planes_;
    int visits_;
    float another_color_;
    std::vector<Node> nodes_;
    std::vector<FarEnd> far_ends_;
    Copies copies_;
};

}  // namespace fewcolors
