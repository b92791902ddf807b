#include "decode/unfilter.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace fewcolors {
namespace {

enum Filter : std::uint8_t { kNone, kSub, kUp, kAverage, kPaeth };

// Of the bytes to the left, above, and above to the left: the one nearest to left + above - corner.
int paeth(int left, int above, int corner) {
    const int from_left = std::abs(above - corner);
    const int from_above = std::abs(left - corner);
    const int from_corner = std::abs(left + above - 2 * corner);
    const int nearer = from_above < from_left ? above : left;
    const int distance = from_above < from_left ? from_above : from_left;
    return from_corner < distance ? corner : nearer;
}

// Takes the filter off one row. `row` is `filtered` or lies before it in memory, so that each byte
// is read before it is written over. The row above the first is zeros.
template <int kPixelBytes>
bool unfilter_row(int filter, const std::uint8_t* filtered, std::size_t row_bytes,
                  const std::uint8_t* above, std::uint8_t* row) {
    if (filter == kNone) {
        std::memmove(row, filtered, row_bytes);
        return true;
    }
    if (filter == kUp) {
        for (std::size_t i = 0; i < row_bytes; ++i)
            row[i] = static_cast<std::uint8_t>(filtered[i] + above[i]);
        return true;
    }
    if (filter > kPaeth) return false;
    std::array<int, kPixelBytes> left{}, corner{};
    for (std::size_t x = 0; x < row_bytes; x += kPixelBytes) {
        for (int i = 0; i < kPixelBytes; ++i) {
            int guess = left[i];
            if (filter == kAverage) guess = (left[i] + above[x + i]) / 2;
            if (filter == kPaeth) guess = paeth(left[i], above[x + i], corner[i]);
            corner[i] = above[x + i];
            left[i] = (filtered[x + i] + guess) & 255;
            row[x + i] = static_cast<std::uint8_t>(left[i]);
        }
    }
    return true;
}

template <int kPixelBytes>
bool unfilter_rows(std::uint8_t* rows, std::size_t n_rows, std::size_t row_bytes) {
    const std::vector<std::uint8_t> zeros(row_bytes);
    const std::uint8_t* above = zeros.data();
    for (std::size_t y = 0; y < n_rows; ++y) {
        const std::uint8_t* const stored = rows + y * (1 + row_bytes);
        std::uint8_t* const row = rows + y * row_bytes;
        if (!unfilter_row<kPixelBytes>(stored[0], stored + 1, row_bytes, above, row)) return false;
        above = row;
    }
    return true;
}

}  // namespace

bool unfilter(std::uint8_t* rows, std::size_t n_rows, std::size_t row_bytes, int pixel_bytes) {
    return (pixel_bytes == 3 ? unfilter_rows<3> : unfilter_rows<4>)(rows, n_rows, row_bytes);
}

}  // namespace fewcolors
