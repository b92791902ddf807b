// The palette entry nearest to each colour of a row.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "assign/target.hpp"

namespace fewcolors {

// Opaque colours are looked up in a grid over OKLab, whose cells list the entries that can be
// nearest to some colour in them: about ten of 256. A cell's list is made when the first colour
// falls into it. Other colours, and those beyond the grid, are compared with every entry. The
// result is exact either way.
class NearestEntry {
  public:
    // `entries` are planes of n_entries colours, in whole vectors; they must live as long as this.
    NearestEntry(const float* const* entries, std::size_t n_entries, int n_planes);

    // Writes the target's `nearest`, of equals always the same one, and `distances`.
    void find(Target& target);

    // Returns the entry nearest to one colour, the same as in a row.
    std::uint8_t find(const float* color);

    // The rest is for the kernel alone.

    static constexpr int kSteps = 32;  // along each of L, a and b

    struct Cells {
        std::vector<std::uint32_t>
            starts;  // (kSteps^3,): where each cell's list begins, if it has one
        std::vector<std::uint32_t> sizes;   // vectors in each list
        std::vector<float> colors;          // of the lists: L, a and b of eight entries at a time
        std::vector<std::int32_t> numbers;  // of those entries
    };

  private:
    bool has_opaque() const;

    const float* const* entries_;
    std::size_t n_entries_;
    int n_planes_;
    Cells cells_;
};

}  // namespace fewcolors
