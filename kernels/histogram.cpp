#include "histogram.hpp"

#include <algorithm>
#include <numeric>

#include "buckets.hpp"
#include "masking.hpp"
#include "morton.hpp"
#include "slots.hpp"

namespace fewcolors {
namespace {

constexpr std::size_t kOpaqueColors = std::size_t{1} << 24;
constexpr std::size_t kPixelsOfTask = std::size_t{1} << 18;
constexpr std::size_t kWeightedPart = std::size_t{1} << 22;

std::uint32_t morton_at(const std::uint8_t* pixel) {
    return morton_of_rgb(pixel[0], pixel[1], pixel[2]);
}

// A byte for each opaque colour, at its Morton number, in pages of which only those with a colour
// exist: similar colours share one, so what a picture needs stays in the cache.
class OpaqueTable {
  public:
    OpaqueTable(const Color* colors, const std::uint8_t* values, std::size_t count)
        : page_of_(kOpaqueColors >> kPageBits, 0) {
        std::uint32_t n_pages = 0;
        for (std::size_t i = 0; i < count; ++i) {
            if (colors[i][3] != 255) continue;
            std::uint32_t& page = page_of_[morton_at(colors[i].data()) >> kPageBits];
            if (page == 0) page = n_pages++ << kPageBits | kUsed;
        }
        bytes_.resize(std::size_t{n_pages} << kPageBits);
        for (std::size_t i = 0; i < count; ++i)
            if (colors[i][3] == 255) bytes_[place_of(morton_at(colors[i].data()))] = values[i];
    }

    // Of a colour that is in the table.
    std::uint8_t operator[](std::uint32_t morton) const { return bytes_[place_of(morton)]; }

  private:
    static constexpr int kPageBits = 6;  // larger pages are emptier, smaller ones too many to list
    static constexpr std::uint32_t kUsed = 1u << 31;  // tells the first page from none

    std::uint32_t place_of(std::uint32_t morton) const {
        return (page_of_[morton >> kPageBits] & ~kUsed) + morton % (1u << kPageBits);
    }

    std::vector<std::uint32_t> page_of_;  // where each page starts
    std::vector<std::uint8_t> bytes_;
};

// Opaque colours sort before the others, each kind along its Morton curve; alpha 0 comes last.
constexpr std::uint64_t kTranslucent = std::uint64_t{1} << 32;
constexpr std::uint64_t kTransparent = std::uint64_t{1} << 33;

std::uint64_t order_of(const Color& color) {
    if (color[3] == 0) return kTransparent;
    return (color[3] == 255 ? 0 : kTranslucent) |
           std::uint64_t{morton_of_rgb(color[0], color[1], color[2])} << 8 | color[3];
}

Color color_of(std::uint64_t order) {
    const auto rgb = rgb_of_morton(static_cast<std::uint32_t>(order >> 8 & 0xffffff));
    return {rgb[0], rgb[1], rgb[2], static_cast<std::uint8_t>(order)};
}

// The colours that are not opaque. An image has few of them, if any, so a hash table does.
class TranslucentSlots {
  public:
    std::uint32_t find_or_add(const std::uint8_t* rgba) {
        const std::uint64_t order = order_of({rgba[0], rgba[1], rgba[2], rgba[3]});
        const std::uint32_t slot = slots_.find_or_add(
            scramble(order), [&](std::uint32_t candidate) { return orders_[candidate] == order; });
        if (slot == orders_.size()) orders_.push_back(order);
        return slot;
    }
    const std::vector<std::uint64_t>& orders() const { return orders_; }

  private:
    Slots slots_;
    std::vector<std::uint64_t> orders_;
};

// `weigh(i)` is the weight of pixel i.
template <class Weigh>
ColorCounts count_translucent(const Pixels& pixels, Weigh weigh) {
    TranslucentSlots slots;
    std::vector<double> counts;
    for (std::size_t i = 0; i < pixels.count; ++i) {
        const std::uint8_t* const pixel = pixels.bytes + i * 4;
        if (pixel[3] == 255) continue;
        const std::uint32_t slot = slots.find_or_add(pixel);
        if (slot == counts.size()) counts.push_back(0.0);
        counts[slot] += weigh(i);
    }
    std::vector<std::uint32_t> order(counts.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return slots.orders()[a] < slots.orders()[b];
    });
    ColorCounts result;
    for (const std::uint32_t slot : order) {
        result.colors.push_back(color_of(slots.orders()[slot]));
        result.counts.push_back(counts[slot]);
    }
    return result;
}

// Items of the opaque pixels' buckets: the lower half of the code, and the weight above it.
constexpr int kWeightShift = 16;

// Counts pixels that have at most 2^32 / 255 of one colour.
template <class Item, class WeightAt>
ColorCounts count_opaque(const Pixels& pixels, Team& team, WeightAt weight_at) {
    const auto pixel_at = [&](std::size_t i) { return pixels.bytes + i * pixels.channels; };
    const auto is_opaque = [&](const std::uint8_t* pixel) {
        return pixels.channels == 3 || pixel[3] == 255;
    };
    const Buckets<Item> buckets = fill_buckets<Item>(
        pixels.count, team,
        [&](std::size_t i) { return is_opaque(pixel_at(i)) ? morton_at(pixel_at(i)) : kNoCode; },
        [&](std::size_t i, std::uint32_t half) {
            return static_cast<Item>(half | weight_at(i) << kWeightShift);
        });
    std::vector<ColorCounts> parts(kHalfCodes / kBucketsOfTask);
    team.run(parts.size(), [&](std::size_t part) {
        HalfTable<std::uint32_t> table;
        for (std::size_t i = 0; i < kBucketsOfTask; ++i) {
            const std::size_t bucket = part * kBucketsOfTask + i;
            for (std::size_t j = buckets.starts[bucket]; j < buckets.starts[bucket + 1]; ++j) {
                const std::uint32_t item = buckets.items[j];
                // Without weights items are too short to hold one.
                table[item & 0xffff] += sizeof(Item) == 2 ? 1 : item >> kWeightShift;
            }
            table.drain([&](std::uint32_t half, std::uint32_t count) {
                const std::uint64_t morton = bucket * kHalfCodes + half;
                parts[part].colors.push_back(color_of(morton << 8 | 255));
                parts[part].counts.push_back(count);
            });
        }
    });
    ColorCounts result;
    std::size_t n = 0;
    for (const auto& part : parts) n += part.colors.size();
    result.colors.reserve(n);
    result.counts.reserve(n);
    for (const auto& part : parts) {
        result.colors.insert(result.colors.end(), part.colors.begin(), part.colors.end());
        result.counts.insert(result.counts.end(), part.counts.begin(), part.counts.end());
    }
    return result;
}

}  // namespace

ColorCounts count_colors(const Pixels& pixels, const std::uint8_t* contrast, Team& team) {
    if (contrast == nullptr) {
        const auto counts =
            count_opaque<std::uint16_t>(pixels, team, [](std::size_t) { return std::uint32_t{0}; });
        if (pixels.channels == 3) return counts;
        return merge(counts, count_translucent(pixels, [](std::size_t) { return 1.0; }));
    }
    const std::array<std::uint8_t, 256> weights = palette_weights();
    const auto weigh = [&](std::size_t i) { return std::uint32_t{weights[contrast[i]]}; };
    ColorCounts result;
    // Part by part, or the items of a large picture would need more memory than itself.
    for (std::size_t first = 0; first < pixels.count; first += kWeightedPart) {
        const std::size_t count = std::min(kWeightedPart, pixels.count - first);
        const Pixels part{pixels.bytes + first * pixels.channels, count, pixels.channels};
        ColorCounts counts = count_opaque<std::uint32_t>(
            part, team, [&](std::size_t i) { return weigh(first + i); });
        result = first == 0 ? std::move(counts) : merge(result, counts);
    }
    return pixels.channels == 3 ? result : merge(result, count_translucent(pixels, weigh));
}

ColorCounts merge(const ColorCounts& a, const ColorCounts& b) {
    ColorCounts result;
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
    const OpaqueTable opaque(colors, labels, count);
    TranslucentSlots translucent;
    std::vector<std::uint8_t> translucent_labels;
    for (std::size_t i = 0; i < count; ++i) {
        if (colors[i][3] == 255) continue;
        translucent.find_or_add(colors[i].data());
        translucent_labels.push_back(labels[i]);
    }
    if (!translucent_labels.empty()) {
        const std::uint8_t* pixel = pixels.bytes;
        for (std::size_t i = 0; i < pixels.count; ++i, pixel += pixels.channels)
            indices[i] = pixel[3] == 255 ? opaque[morton_at(pixel)]
                                         : translucent_labels[translucent.find_or_add(pixel)];
        return;
    }
    const std::size_t n_tasks = (pixels.count + kPixelsOfTask - 1) / kPixelsOfTask;
    team.run(n_tasks, [&](std::size_t task) {
        const std::size_t last = std::min((task + 1) * kPixelsOfTask, pixels.count);
        for (std::size_t i = task * kPixelsOfTask; i < last; ++i)
            indices[i] = opaque[morton_at(pixels.bytes + i * pixels.channels)];
    });
}

}  // namespace fewcolors
