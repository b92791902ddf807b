#include "histogram/validity.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "histogram/code_table.hpp"
#include "histogram/translucent.hpp"

namespace fewcolors {
namespace {

constexpr std::size_t kPixelsOfTask = std::size_t{1} << 18;

class KnownColors {
  public:
    KnownColors(const Color* colors, std::size_t count)
        : has_transparent_(count > 0 && colors[count - 1][3] == 0) {
        for (std::size_t i = 0; i < count; ++i) {
            if (colors[i][3] == 255)
                opaque_.add(morton_of_rgb(colors[i][0], colors[i][1], colors[i][2]), 1);
            else
                others_.find_or_add(order_of(colors[i]));
        }
    }

    bool has_opaque(const std::uint8_t* pixel) const {
        return opaque_[morton_of_rgb(pixel[0], pixel[1], pixel[2])] != 0;
    }

    // Any colour of alpha 0 stands for all of them.
    bool has(const std::uint8_t* pixel) const {
        if (pixel[3] == 255) return has_opaque(pixel);
        if (pixel[3] == 0) return has_transparent_;
        return has_other({pixel[0], pixel[1], pixel[2], pixel[3]}) ||
               has_other(color_of_cell(cell_of(pixel)));
    }

  private:
    bool has_other(const Color& color) const { return others_.find(order_of(color)) != kNoSlot; }

    bool has_transparent_;
    CodeTable opaque_;
    ColorSlots others_;
};

}  // namespace

bool is_in_order(const Color* colors, std::size_t count) {
    return std::adjacent_find(colors, colors + count, [](const Color& a, const Color& b) {
               return order_of(a) >= order_of(b);
           }) == colors + count;
}

bool are_weights(const double* weights, std::size_t count) {
    double sum = 0.0;
    bool all_positive = true;
    for (std::size_t i = 0; i < count; ++i) {
        sum += weights[i];
        all_positive = all_positive && weights[i] > 0.0;
    }
    return all_positive && std::isfinite(sum);
}

bool holds_colors(const Pixels& pixels, const Color* colors, std::size_t count, Team& team) {
    const KnownColors known(colors, count);
    std::atomic<bool> holds_all{true};
    const std::size_t n_tasks = (pixels.count + kPixelsOfTask - 1) / kPixelsOfTask;
    team.run(n_tasks, [&](std::size_t task) {
        const std::size_t last = std::min((task + 1) * kPixelsOfTask, pixels.count);
        const std::uint8_t* pixel = pixels.bytes + task * kPixelsOfTask * pixels.channels;
        bool holds = holds_all;
        for (std::size_t i = task * kPixelsOfTask; holds && i < last; ++i) {
            holds = pixels.channels == 3 ? known.has_opaque(pixel) : known.has(pixel);
            pixel += pixels.channels;
        }
        if (!holds) holds_all = false;
    });
    return holds_all;
}

}  // namespace fewcolors
