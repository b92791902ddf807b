#include "histogram/histogram.hpp"

#include <algorithm>
#include <array>

#include "histogram/code_counts.hpp"
#include "histogram/code_table.hpp"
#include "histogram/translucent.hpp"
#include "weigh/local_contrast.hpp"

namespace fewcolors {
namespace {

constexpr std::size_t kPixelsOfTask = std::size_t{1} << 18;

std::uint32_t morton_at(const std::uint8_t* pixel) {
    return morton_of_rgb(pixel[0], pixel[1], pixel[2]);
}

template <class Item, class WeightAt>
ColorCounts count_opaque(const Pixels& pixels, Team& team, WeightAt weight_at) {
    const CodeCounts counts = count_codes<Item>(
        pixels.count, team,
        [&](std::size_t i) {
            const std::uint8_t* const pixel = pixels.bytes + i * pixels.channels;
            return pixels.channels == 3 || pixel[3] == 255 ? morton_at(pixel) : kNoCode;
        },
        weight_at);
    ColorCounts result;
    result.colors.reserve(counts.codes.size());
    for (const std::uint32_t code : counts.codes)
        result.colors.push_back(color_of(std::uint64_t{code} << 8 | 255));
    result.counts = counts.counts;
    return result;
}

// The labels of colours that are not opaque.
class TranslucentLabels {
  public:
    TranslucentLabels(const Color* colors, const std::uint8_t* labels, std::size_t count) {
        const auto first = std::find_if(colors, colors + count,
                                        [](const Color& color) { return color[3] != 255; });
        const auto begin = static_cast<std::size_t>(first - colors);
        if (begin == count) return;
        transparent_ = labels[count - 1];
        has_one_transparent_ =
            colors[count - 1][3] == 0 && (count - begin == 1 || colors[count - 2][3] != 0);
        has_cells_ = std::all_of(first, colors + count, is_on_grid);
        for (std::size_t i = begin; i < count; ++i) {
            if (has_cells_) {
                cells_.add(cell_of(colors[i].data()), labels[i]);
                continue;
            }
            slots_.find_or_add(order_of(colors[i]));
            labels_.push_back(labels[i]);
        }
    }

    std::uint8_t operator[](const std::uint8_t* pixel) const {
        if (pixel[3] == 0 && has_one_transparent_) return transparent_;
        if (has_cells_) return cells_[cell_of(pixel)];
        std::uint32_t slot = slots_.find(order_of({pixel[0], pixel[1], pixel[2], pixel[3]}));
        // In a merged histogram, colours of one picture may be exact while those of another are
        // cells.
        if (slot == kNoSlot) slot = slots_.find(order_of(color_of_cell(cell_of(pixel))));
        return slot == kNoSlot ? transparent_ : labels_[slot];
    }

  private:
    std::uint8_t transparent_ = 0;
    bool has_one_transparent_ = false;
    bool has_cells_ = false;
    CodeTable cells_;
    ColorSlots slots_;
    std::vector<std::uint8_t> labels_;
};

}  // namespace

ColorCounts count_colors(const Pixels& pixels, const std::uint8_t* contrast, bool keep_transparent,
                         Team& team) {
    const std::array<std::uint8_t, 256> weights = palette_weights();
    ColorCounts opaque;
    if (contrast == nullptr)
        opaque = count_opaque<std::uint16_t>(pixels, team, [](std::size_t) { return 1u; });
    else
        opaque = count_opaque<std::uint32_t>(
            pixels, team, [&](std::size_t i) { return std::uint32_t{weights[contrast[i]]}; });
    if (pixels.channels == 3) return opaque;
    return merge(opaque,
                 count_translucent(pixels, contrast, weights.data(), keep_transparent, team));
}

ColorCounts merge(const ColorCounts& a, const ColorCounts& b) {
    if (a.colors.empty()) return b;
    if (b.colors.empty()) return a;
    ColorCounts result;
    result.colors.reserve(a.colors.size() + b.colors.size());
    result.counts.reserve(result.colors.capacity());
    std::size_t i = 0, j = 0;
    while (i < a.colors.size() || j < b.colors.size()) {
        const bool a_left = i < a.colors.size(), b_left = j < b.colors.size();
        const std::uint64_t a_order = a_left ? order_of(a.colors[i]) : ~std::uint64_t{0};
        const std::uint64_t b_order = b_left ? order_of(b.colors[j]) : ~std::uint64_t{0};
        result.colors.push_back(a_order <= b_order ? a.colors[i] : b.colors[j]);
        double count = 0.0;
        if (a_order <= b_order) count += a.counts[i++];
        if (b_order <= a_order) count += b.counts[j++];
        result.counts.push_back(count);
    }
    return result;
}

void map_colors(const Pixels& pixels, const Color* colors, const std::uint8_t* labels,
                std::size_t count, Team& team, std::uint8_t* indices) {
    CodeTable opaque;
    for (std::size_t i = 0; i < count && colors[i][3] == 255; ++i)
        opaque.add(morton_at(colors[i].data()), labels[i]);
    const TranslucentLabels translucent(colors, labels, count);
    const std::size_t n_tasks = (pixels.count + kPixelsOfTask - 1) / kPixelsOfTask;
    team.run(n_tasks, [&](std::size_t task) {
        const std::size_t last = std::min((task + 1) * kPixelsOfTask, pixels.count);
        const std::uint8_t* pixel = pixels.bytes + task * kPixelsOfTask * pixels.channels;
        for (std::size_t i = task * kPixelsOfTask; i < last; ++i, pixel += pixels.channels)
            indices[i] = pixels.channels == 3 || pixel[3] == 255 ? opaque[morton_at(pixel)]
                                                                 : translucent[pixel];
    });
}

}  // namespace fewcolors
