// A small seeded generator, so that a seed gives the same result with every standard library.
#pragma once

#include <cstdint>

namespace fewcolors {

// Spreads every input bit over the result.
inline std::uint64_t scramble(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

// SplitMix64, with the above as its last step: Steele, Lea, Flood, "Fast splittable pseudorandom
// number generators", 2014, doi:10.1145/2714064.2660195.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed) {}

    std::uint64_t bits() {
        state_ += 0x9e3779b97f4a7c15u;  // 2^64 / golden ratio, odd
        return scramble(state_);
    }

    // Uniform in [0, 1).
    double fraction() { return static_cast<double>(bits() >> 11) * 0x1.0p-53; }

  private:
    std::uint64_t state_;
};

}  // namespace fewcolors
