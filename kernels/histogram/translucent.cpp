#include "histogram/translucent.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <numeric>
#include <utility>

#include "histogram/code_counts.hpp"

namespace fewcolors {
namespace {

constexpr std::size_t kPixelsOfTask = std::size_t{1} << 20;
constexpr int kFullBits = 6;
constexpr int kSteps = 63;  // of alpha, 0 apart

// Bits of red, green and blue that can be told apart at an alpha.
constexpr int bits_of(int alpha) {
    int bits = kFullBits;
    for (int half = 128; half > 8 && alpha < half; half /= 2) --bits;
    return alpha == 0 ? kFullBits : bits;
}

struct Grid {
    std::array<std::uint8_t, 256> step;                           // of each alpha below 255
    std::array<std::uint8_t, kSteps + 1> alpha;                   // that stands for each step
    std::array<std::array<std::uint8_t, 256>, kSteps + 1> value;  // that stands for each value
};

const Grid& grid() {
    static const Grid table = [] {
        Grid made{};
        for (int alpha = 1; alpha < 255; ++alpha)
            made.step[alpha] = static_cast<std::uint8_t>(1 + (alpha - 1) * kSteps / 254);
        made.step[255] = kSteps;
        for (int step = 1; step <= kSteps; ++step) {
            int low = 255, high = 0;
            for (int alpha = 1; alpha < 255; ++alpha) {
                if (made.step[alpha] != step) continue;
                low = std::min(low, alpha);
                high = std::max(high, alpha);
            }
            made.alpha[step] = static_cast<std::uint8_t>((low + high) / 2);
        }
        for (int step = 0; step <= kSteps; ++step) {
            const int bits = bits_of(made.alpha[step]);
            const int last = (1 << bits) - 1;
            for (int value = 0; value < 256; ++value)  // black and white stay so
                made.value[step][value] =
                    static_cast<std::uint8_t>(((value >> (8 - bits)) * 255 + last / 2) / last);
        }
        return made;
    }();
    return table;
}

struct Counts {
    ColorSlots slots;
    std::vector<double> counts;

    // False when there are too many colours.
    bool add(std::uint64_t order, double weight) {
        const std::uint32_t slot = slots.find_or_add(order);
        if (slot == counts.size()) counts.push_back(0.0);
        counts[slot] += weight;
        return counts.size() <= kMostExact;
    }
};

ColorCounts sorted(const std::vector<std::uint64_t>& orders, const std::vector<double>& counts) {
    std::vector<std::uint32_t> places(counts.size());
    std::iota(places.begin(), places.end(), 0u);
    std::sort(places.begin(), places.end(),
              [&](std::uint32_t a, std::uint32_t b) { return orders[a] < orders[b]; });
    ColorCounts result;
    result.colors.reserve(places.size());
    result.counts.reserve(places.size());
    for (const std::uint32_t place : places) {
        result.colors.push_back(color_of(orders[place]));
        result.counts.push_back(counts[place]);
    }
    return result;
}

// Counts each colour on its own, and says whether there were few enough.
template <class OrderAt, class WeightAt>
bool count_exactly(std::size_t n_pixels, Team& team, OrderAt order_at, WeightAt weight_at,
                   Counts& all) {
    std::vector<Counts> tasks((n_pixels + kPixelsOfTask - 1) / kPixelsOfTask);
    std::atomic<bool> too_many{false};
    team.run(tasks.size(), [&](std::size_t task) {
        Counts counts;
        const std::size_t last = std::min((task + 1) * kPixelsOfTask, n_pixels);
        for (std::size_t i = task * kPixelsOfTask; i < last; ++i) {
            const std::uint64_t order = order_at(i);
            if (order == 0) continue;
            if (too_many || !counts.add(order, weight_at(i))) {
                too_many = true;
                return;
            }
        }
        tasks[task] = std::move(counts);
    });
    if (too_many) return false;
    for (const Counts& counts : tasks) {
        for (std::size_t slot = 0; slot < counts.counts.size(); ++slot)
            if (!all.add(counts.slots.orders()[slot], counts.counts[slot])) return false;
    }
    return true;
}

template <class WeightAt>
ColorCounts count(const Pixels& pixels, bool keep_transparent, Team& team, WeightAt weight_at) {
    const auto pixel_at = [&](std::size_t i) { return pixels.bytes + i * 4; };
    const auto is_erased = [&](const std::uint8_t* pixel) {
        return pixel[3] == 0 && !keep_transparent;
    };
    Counts exact;
    const auto order_at = [&](std::size_t i) {
        const std::uint8_t* const pixel = pixel_at(i);
        if (pixel[3] == 255) return std::uint64_t{0};
        return is_erased(pixel) ? kTransparent : order_of({pixel[0], pixel[1], pixel[2], pixel[3]});
    };
    if (count_exactly(pixels.count, team, order_at, weight_at, exact))
        return sorted(exact.slots.orders(), exact.counts);

    const CodeCounts cells = count_codes<std::uint32_t>(
        pixels.count, team,
        [&](std::size_t i) {
            const std::uint8_t* const pixel = pixel_at(i);
            if (pixel[3] == 255) return kNoCode;
            return is_erased(pixel) ? 0 : cell_of(pixel);
        },
        weight_at);
    std::vector<std::uint64_t> orders;
    orders.reserve(cells.codes.size());
    for (const std::uint32_t cell : cells.codes) orders.push_back(order_of(color_of_cell(cell)));
    return sorted(orders, cells.counts);
}

}  // namespace

std::uint32_t cell_of(const std::uint8_t* rgba) {
    const std::uint8_t step = grid().step[rgba[3]];
    const auto& value = grid().value[step];
    constexpr int kDropped = 8 - kFullBits;
    const auto at = [&](int c) { return static_cast<std::uint8_t>(value[rgba[c]] >> kDropped); };
    return morton_of_rgb(at(0), at(1), at(2)) << kFullBits | step;
}

Color color_of_cell(std::uint32_t cell) {
    const std::uint32_t step = cell % (kSteps + 1);
    const auto& value = grid().value[step];
    const auto rgb = rgb_of_morton(cell >> kFullBits);
    const auto at = [&](int c) { return value[rgb[c] << (8 - kFullBits)]; };
    return {at(0), at(1), at(2), grid().alpha[step]};
}

ColorCounts count_translucent(const Pixels& pixels, const std::uint8_t* contrast,
                              const std::uint8_t* weights, bool keep_transparent, Team& team) {
    ColorCounts result;
    if (contrast == nullptr)
        result = count(pixels, keep_transparent, team, [](std::size_t) { return 1u; });
    else
        result = count(pixels, keep_transparent, team,
                       [&](std::size_t i) { return std::uint32_t{weights[contrast[i]]}; });
    if (keep_transparent)
        for (std::size_t i = 0; i < result.colors.size(); ++i)
            if (result.colors[i][3] == 0) result.counts[i] *= kTransparentShare;
    return result;
}

}  // namespace fewcolors
