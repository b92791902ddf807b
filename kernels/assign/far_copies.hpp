// Where three colours in a row occurred before: the places from which far copies are tried.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "encode/deflate_format.hpp"

namespace fewcolors {

// Chains of positions at which the next three colours look alike, the newest first.
class FarCopies {
  public:
    static constexpr int kLook = 3;  // indices that have to look alike: the shortest copy
    static constexpr std::int64_t kNone = -1;

    // `entries` are the planes of the palette's colours in OKLab. Only equal ones look alike where
    // `is_exact`.
    FarCopies(const float* const* entries, std::size_t n_entries, bool is_exact)
        : newest_(std::size_t{1} << kKeyBits, kNone), older_(kWindow, kNone) {
        for (std::size_t entry = 0; entry < n_entries; ++entry) {
            const auto cell = [&](int plane, float size) {
                return static_cast<std::uint32_t>(std::floor(entries[plane][entry] / size) + 64.0f);
            };
            cells_[entry] = cell(0, kLightStep) << 16 | cell(1, kHueStep) << 8 | cell(2, kHueStep);
            if (is_exact) cells_[entry] = static_cast<std::uint32_t>(entry) + 1;
        }
    }

    // The key of the colours at and after `indices`.
    std::uint32_t key(const std::uint8_t* indices) const {
        std::uint32_t key = 0;
        for (int i = 0; i < kLook; ++i) {
            key = (key ^ cells_[indices[i]]) * 0x9e3779b1u;  // 2^32 / the golden ratio
            key ^= key >> 15;
        }
        return key >> (32 - kKeyBits);
    }

    std::int64_t newest(std::uint32_t key) const { return newest_[key]; }
    std::int64_t older(std::int64_t position) const { return older_[position % kWindow]; }

    // Forgets all rows.
    void forget() {
        std::fill(newest_.begin(), newest_.end(), kNone);
        std::fill(older_.begin(), older_.end(), kNone);
    }

    // Adds the indices of a finished row whose first pixel has the given position.
    void add_row(const std::uint8_t* indices, std::size_t width, std::size_t position) {
        for (std::size_t x = 0; x + kLook <= width; ++x) {
            std::int64_t& newest = newest_[key(indices + x)];
            const auto place = static_cast<std::int64_t>(position + x);
            older_[place % kWindow] = newest;
            newest = place;
        }
    }

  private:
    static constexpr int kKeyBits = 16;
    // Sizes of the cells within which colours count as alike. Half and twice as large found worse
    // copies (24 photos).
    static constexpr float kLightStep = 0.08f;
    static constexpr float kHueStep = 0.12f;

    std::array<std::uint32_t, 256> cells_{};
    std::vector<std::int64_t> newest_;
    std::vector<std::int64_t> older_;  // than the one at each position, modulo the window
};

}  // namespace fewcolors
