#include "decode/unfilter.hpp"

#include <algorithm>
#include <cstdlib>

namespace fewcolors {
namespace {

enum Filter : std::uint8_t { kNone, kLeft, kAbove, kMean, kPaeth };

// What is nearest to left + above - corner, in this order where several are (PNG specification,
// 9.4).
std::uint8_t paeth(int left, int above, int corner) {
    const int to_left = std::abs(above - corner), to_above = std::abs(left - corner);
    const int to_corner = std::abs(left + above - 2 * corner);
    if (to_left <= to_above && to_left <= to_corner) return static_cast<std::uint8_t>(left);
    return static_cast<std::uint8_t>(to_above <= to_corner ? above : corner);
}

// Adds to each byte what `predict` makes of the ones to the left, above, and above that to the
// left. To the left of the first pixel are zeros.
template <std::size_t kPixelBytes, class Predict>
void add_predictions(const std::uint8_t* stored, const std::uint8_t* above, std::size_t count,
                     std::uint8_t* plain, Predict predict) {
    std::uint8_t left[kPixelBytes] = {}, corner[kPixelBytes] = {};
    for (std::size_t at = 0; at < count; at += kPixelBytes) {
        for (std::size_t c = 0; c < kPixelBytes; ++c) {
            const std::uint8_t here = above[at + c];
            left[c] = static_cast<std::uint8_t>(stored[at + c] + predict(left[c], here, corner[c]));
            corner[c] = here;
            plain[at + c] = left[c];
        }
    }
}

template <std::size_t kPixelBytes>
bool unfilter_row(std::uint8_t filter, const std::uint8_t* stored, const std::uint8_t* above,
                  std::size_t count, std::uint8_t* plain) {
    const auto add = [&](auto predict) {
        add_predictions<kPixelBytes>(stored, above, count, plain, predict);
    };
    switch (filter) {
        case kNone: std::copy_n(stored, count, plain); return true;
        case kLeft: add([](int left, int, int) { return left; }); return true;
        case kAbove:
            for (std::size_t at = 0; at < count; ++at)
                plain[at] = static_cast<std::uint8_t>(stored[at] + above[at]);
            return true;
        case kMean: add([](int left, int up, int) { return (left + up) / 2; }); return true;
        case kPaeth: add(paeth); return true;
        default: return false;
    }
}

}  // namespace

bool unfilter(const FilteredRows& rows, const std::uint8_t* above, std::uint8_t* plain) {
    const auto unfilter_one = rows.pixel_bytes == 3 ? unfilter_row<3> : unfilter_row<4>;
    const std::uint8_t* stored = rows.stored;
    for (std::size_t row = 0; row < rows.n_rows; ++row) {
        if (!unfilter_one(*stored, stored + 1, above, rows.row_bytes, plain)) return false;
        above = plain;
        stored += 1 + rows.row_bytes;
        plain += rows.row_bytes;
    }
    return true;
}

}  // namespace fewcolors
