#include "assign/nearest_entry.hpp"

#include <algorithm>

#include "assign/kinds.hpp"
#include "base/common.hpp"
#include "base/lanes.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

using Cells = NearestEntry::Cells;

constexpr int kSteps = NearestEntry::kSteps;
constexpr int kGridPlanes = 3;

// The range of the grid: all of sRGB, and nearly all that error drift makes of it. With alpha,
// lightness is relative to that of the mean background.
constexpr float kLow[2][kGridPlanes] = {{0.0f, -0.4f, -0.4f},
                                        {-static_cast<float>(kGround), -0.4f, -0.4f}};
constexpr float kStep[kGridPlanes] = {1.0f / kSteps, 0.8f / kSteps, 0.8f / kSteps};

constexpr float kBeyond = 1e9f;  // farther than any entry and than kFar, which fills up vectors

struct Colors {
    const float* const* planes;
    std::size_t count;    // in whole vectors
    const float* alphas;  // null where all are opaque

    const float* low() const { return kLow[alphas != nullptr]; }
};

Colors colors_of(const float* const* planes, std::size_t count, int n_planes) {
    return {planes, count, n_planes == kMaxPlanes ? planes[3] : nullptr};
}

ALWAYS_INLINE void write(Least nearest, float& distance, std::uint8_t& number) {
    nearest.reduce();
    distance = nearest.values[0];
    number = static_cast<std::uint8_t>(nearest.owners[0]);
}

// A colour in all lanes, made once: within their loops GCC would put it together lane by lane.
template <int kPlanes>
struct Spread {
    Floats planes[kPlanes];

    ALWAYS_INLINE explicit Spread(const float* color) {
        for (int c = 0; c < kPlanes; ++c) planes[c] = splat(color[c]);
    }
};

template <int kPlanes>
ALWAYS_INLINE Least compare_all(const Colors& entries, const float* color) {
    Least nearest(kBeyond);
    const Spread<kPlanes> spread(color);
    FloatInts numbers = {0, 1, 2, 3, 4, 5, 6, 7};
    for (std::size_t i = 0; i < entries.count; i += kFloats) {
        Floats distance = splat(0.0f);
        for (int c = 0; c < kPlanes; ++c) {
            const Floats error = load(entries.planes[c] + i) - spread.planes[c];
            distance = distance + error * error;
        }
        nearest.offer(distance, numbers);
        numbers = numbers + splat_float_int(kFloats);
    }
    return nearest;
}

// The squared distances from entries to the nearest and to the farthest point of a cell.
ALWAYS_INLINE void distances_to_cell(const Colors& entries, std::size_t at, const float* low,
                                     Floats& least, Floats& most) {
    least = most = splat(0.0f);
    for (int c = 0; c < kGridPlanes; ++c) {
        const Floats below = splat(low[c]) - load(entries.planes[c] + at);
        const Floats above = splat(0.0f) - below - splat(kStep[c]);
        const Floats outside = larger(splat(0.0f), larger(below, above));
        const Floats across = larger(below + splat(kStep[c]), above + splat(kStep[c]));
        least = least + outside * outside;
        most = most + across * across;
    }
    if (entries.alphas == nullptr) return;
    const Floats other_kind = load(entries.alphas + at) - splat(kSeparateOpaqueAlpha);
    least = least + other_kind * other_kind;
    most = most + other_kind * other_kind;
}

// Rounding may put a colour, or a distance, on the other side of a border.
constexpr float kMargin = 1e-5f;

KERNEL_CLONES void list_candidates(const Colors& entries, const float* low, float* least,
                                   float* bound) {
    Floats least_of_most = splat(kBeyond);
    for (std::size_t i = 0; i < entries.count; i += kFloats) {
        Floats near, far;
        distances_to_cell(entries, i, low, near, far);
        store(least + i, near);
        least_of_most = smaller(least_of_most, far);
    }
    float lanes[kFloats];
    store(lanes, least_of_most);
    *bound = *std::min_element(lanes, lanes + kFloats) + kMargin;
}

void fill_cell(const Colors& entries, int cell, Cells& cells) {
    const int places[kGridPlanes] = {cell / (kSteps * kSteps), cell / kSteps % kSteps,
                                     cell % kSteps};
    float low[kGridPlanes];
    for (int c = 0; c < kGridPlanes; ++c)
        low[c] = entries.low()[c] + static_cast<float>(places[c]) * kStep[c];
    float least[256];
    float bound = 0.0f;
    list_candidates(entries, low, least, &bound);

    std::size_t lane = kFloats;
    cells.starts[cell] = static_cast<std::uint32_t>(cells.numbers.size());
    for (std::size_t i = 0; i < entries.count; ++i) {
        if (least[i] > bound) continue;
        if (lane == kFloats) {
            cells.colors.resize(cells.colors.size() + kGridPlanes * kFloats, kFar);
            cells.numbers.resize(cells.numbers.size() + kFloats, 0);
            ++cells.sizes[cell];
            lane = 0;
        }
        for (int c = 0; c < kGridPlanes; ++c)
            cells.colors[cells.colors.size() - (kGridPlanes - c) * kFloats + lane] =
                entries.planes[c][i];
        cells.numbers[cells.numbers.size() - kFloats + lane] = static_cast<std::int32_t>(i);
        ++lane;
    }
}

// The cell of a colour, or -1 where it is beyond the grid.
ALWAYS_INLINE int cell_of(const float* color, const float* low) {
    int cell = 0;
    for (int c = 0; c < kGridPlanes; ++c) {
        const float place = (color[c] - low[c]) * (1.0f / kStep[c]);
        if (!(place >= 0.0f && place < static_cast<float>(kSteps))) return -1;
        cell = cell * kSteps + static_cast<int>(place);
    }
    return cell;
}

template <int kPlanes>
ALWAYS_INLINE Least compare_near(const Colors& entries, Cells& cells, const float* color) {
    const int cell = cell_of(color, entries.low());
    if (cell < 0) return compare_all<kPlanes>(entries, color);
    if (cells.sizes[cell] == 0) fill_cell(entries, cell, cells);
    const std::uint32_t start = cells.starts[cell];
    Least nearest(kBeyond);
    const Spread<kGridPlanes> spread(color);
    for (std::uint32_t v = 0; v < cells.sizes[cell]; ++v) {
        const float* const colors = cells.colors.data() + (start + v * kFloats) * kGridPlanes;
        Floats distance = splat(0.0f);
        for (int c = 0; c < kGridPlanes; ++c) {
            const Floats error = load(colors + c * kFloats) - spread.planes[c];
            distance = distance + error * error;
        }
        nearest.offer(distance, load(cells.numbers.data() + start + v * kFloats));
    }
    return nearest;
}

KERNEL_CLONES void find_opaque(const Colors& entries, Cells& cells, Target& target) {
    for (std::size_t x = 0; x < target.width; ++x) {
        const float color[kGridPlanes] = {target.plane(0)[x], target.plane(1)[x],
                                          target.plane(2)[x]};
        write(compare_near<kGridPlanes>(entries, cells, color), target.distances[x],
              target.nearest[x]);
    }
}

KERNEL_CLONES void find_one_opaque(const Colors& entries, Cells& cells, const float* color,
                                   std::uint8_t* number) {
    float distance;
    write(compare_near<kGridPlanes>(entries, cells, color), distance, *number);
}

// Between opaque colours alpha adds nothing to the distance, and entries of other kinds are farther
// away. So opaque colours are looked up in the grid here as well.
ALWAYS_INLINE Least compare(const Colors& entries, Cells& cells, const float* color) {
    if (color[3] == kSeparateOpaqueAlpha && !cells.sizes.empty())
        return compare_near<kMaxPlanes>(entries, cells, color);
    return compare_all<kMaxPlanes>(entries, color);
}

KERNEL_CLONES void find_one_of_any_alpha(const Colors& entries, Cells& cells, const float* color,
                                         std::uint8_t* number) {
    float distance;
    write(compare(entries, cells, color), distance, *number);
}

KERNEL_CLONES void find_any_alpha(const Colors& entries, Cells& cells, Target& target) {
    for (std::size_t x = 0; x < target.width; ++x) {
        float color[kMaxPlanes];
        for (int c = 0; c < kMaxPlanes; ++c) color[c] = target.plane(c)[x];
        write(compare(entries, cells, color), target.distances[x], target.nearest[x]);
    }
}

}  // namespace

NearestEntry::NearestEntry(const float* const* entries, std::size_t n_entries, int n_planes)
    : entries_(entries), n_entries_(n_entries), n_planes_(n_planes) {
    if (!has_opaque()) return;
    cells_.starts.resize(std::size_t{kSteps} * kSteps * kSteps);
    cells_.sizes.resize(cells_.starts.size());
}

bool NearestEntry::has_opaque() const {
    if (n_planes_ < kMaxPlanes) return true;
    const float* const alphas = entries_[kMaxPlanes - 1];
    return std::find(alphas, alphas + n_entries_, kSeparateOpaqueAlpha) != alphas + n_entries_;
}

void NearestEntry::find(Target& target) {
    const Colors entries = colors_of(entries_, n_entries_, n_planes_);
    if (n_planes_ == kMaxPlanes)
        find_any_alpha(entries, cells_, target);
    else
        find_opaque(entries, cells_, target);
}

std::uint8_t NearestEntry::find(const float* color) {
    const Colors entries = colors_of(entries_, n_entries_, n_planes_);
    std::uint8_t number = 0;
    if (n_planes_ == kMaxPlanes)
        find_one_of_any_alpha(entries, cells_, color, &number);
    else
        find_one_opaque(entries, cells_, color, &number);
    return number;
}

}  // namespace fewcolors
