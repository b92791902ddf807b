#include "encode/filters.hpp"

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace fewcolors {
namespace {

// By their numbers in the file.
enum Filter : std::uint8_t { kNone, kSub, kUp, kAverage, kPaeth, kFilters };

// PNG Specification (Third Edition), W3C 2025, section 9.4.
int paeth(int left, int above, int above_left) {
    const int estimate = left + above - above_left;
    const int to_left = std::abs(estimate - left);
    const int to_above = std::abs(estimate - above);
    const int to_above_left = std::abs(estimate - above_left);
    if (to_left <= to_above && to_left <= to_above_left) {
        return left;
    }
    return to_above <= to_above_left ? above : above_left;
}

// Palette PNGs have one byte or less a pixel, so that the neighbour of a byte is the one beside it.
template <typename Predict>
void filter(const std::uint8_t* row, const std::uint8_t* above, std::size_t n_bytes,
            std::uint8_t* filtered, Predict predict) {
    int left = 0;
    int above_left = 0;
    for (std::size_t i = 0; i < n_bytes; ++i) {
        filtered[i] = static_cast<std::uint8_t>(row[i] - predict(left, above[i], above_left));
        left = row[i];
        above_left = above[i];
    }
}

void filter(Filter type, const std::uint8_t* row, const std::uint8_t* above, std::size_t n_bytes,
            std::uint8_t* filtered) {
    switch (type) {
        case kSub:
            filter(row, above, n_bytes, filtered, [](int left, int, int) { return left; });
            break;
        case kUp: filter(row, above, n_bytes, filtered, [](int, int up, int) { return up; }); break;
        case kAverage:
            filter(row, above, n_bytes, filtered,
                   [](int left, int up, int) { return (left + up) / 2; });
            break;
        case kPaeth: filter(row, above, n_bytes, filtered, paeth); break;
        default: std::copy(row, row + n_bytes, filtered);
    }
}

// Counts distinct pairs. Each pair keeps the number of the last count that met it, so that nothing
// has to be cleared between counts.
class Pairs {
  public:
    std::size_t count(const std::uint8_t* bytes, std::size_t n_bytes) {
        ++this_count_;
        std::size_t n_pairs = 0;
        for (std::size_t i = 1; i < n_bytes; ++i) {
            std::uint64_t& seen = seen_[bytes[i - 1] << 8 | bytes[i]];
            n_pairs += seen != this_count_;
            seen = this_count_;
        }
        return n_pairs;
    }

  private:
    std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(1 << 16);
    std::uint64_t this_count_ = 0;
};

}  // namespace

void filter_scanlines(const std::uint8_t* scanlines, std::size_t n_bytes, std::size_t height,
                      std::uint8_t* filtered) {
    const std::vector<std::uint8_t> nothing(n_bytes);  // is above the first row
    const std::uint8_t* above = nothing.data();
    std::vector<std::uint8_t> attempt(n_bytes);
    Pairs pairs;
    for (std::size_t y = 0; y < height; ++y, scanlines += 1 + n_bytes, filtered += 1 + n_bytes) {
        const std::uint8_t* row = scanlines + 1;
        std::size_t fewest = SIZE_MAX;
        for (std::uint8_t type = kNone; type < kFilters; ++type) {
            filter(static_cast<Filter>(type), row, above, n_bytes, attempt.data());
            const std::size_t n_pairs = pairs.count(attempt.data(), n_bytes);
            if (n_pairs < fewest) {
                fewest = n_pairs;
                filtered[0] = type;
                std::copy(attempt.begin(), attempt.end(), filtered + 1);
            }
        }
        above = row;
    }
}

}  // namespace fewcolors
