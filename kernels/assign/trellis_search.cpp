#include "assign/trellis_search.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "assign/deflate_prices.hpp"
#include "base/common.hpp"
#include "base/lanes.hpp"

namespace fewcolors {
namespace {

// By the length of a copy, a vector beyond the longest; what is too short costs kNever.
using LengthBits = std::array<float, kLongestCopy + 1 + kFloats>;

constexpr std::int32_t kLiteral = -1;  // in place of a state: an index as such

// An error counts in full while it is small. Beyond this many bits it counts less and less: a fault
// that is seen anyway need not be exact. But it never stops counting, or few colours would end as
// one.
constexpr float kConcaveBits = 3.0f;

// A far copy is given up once eight more indices make it cost this much more than the way to its
// start, and this much more for each index it has copied: what the alternatives would cost.
constexpr float kFarLimit = 30.0f;
constexpr float kFarLimitGrowth = 4.0f;

// Beyond this distance, squared in OKLab and counted from that of the nearest entry, a pixel is a
// visible outlier, so it is penalised heavily. At fidelities of a few thousand and more, where
// pictures score above 20 points, the penalty forbids it; below, other faults are worse, and bytes
// count for more.
constexpr float kAnotherColor = 0.12f * 0.12f;
constexpr float kAnotherColorBits = 1e-5f;  // times the square of the fidelity

// The bits that an error costs beyond that of the nearest entry, from its excess, squared, and the
// weight of that in units of kConcaveBits.
ALWAYS_INLINE Floats error_bits(Floats excess, Floats weight, Floats another_color) {
    const Floats one = splat(1.0f), none = splat(0.0f);
    const Floats bits =
        splat(2.0f * kConcaveBits) * (square_root(one + larger(excess, none) * weight) - one);
    return bits + pick(splat(kAnotherColor) < excess, another_color, none);
}

LengthBits padded_length_bits() {
    LengthBits padded;
    padded.fill(kNever);
    const auto lengths = length_bits();
    std::copy(lengths.begin() + kLeastCopy, lengths.end(), padded.begin() + kLeastCopy);
    std::fill(padded.begin() + lengths.size(), padded.end(), lengths.back());
    return padded;
}

// What all edges to one pixel have in common, as vectors of equal lanes.
template <int kPlanes>
struct Pixel {
    Floats entering;       // bits of the way to the pixel and of the shortest copy
    FloatInts here;        // its place in the row
    FloatInts one_before;  // a copy that began before this place can end after the pixel
    Floats weight;         // of its error, in units of kConcaveBits
    Floats least;          // the squared distance of the nearest entry
    Floats another_color;
    Floats color[kPlanes];

    // The bits that eight colours' errors would cost in its place.
    ALWAYS_INLINE Floats cost(const Floats (&colors)[kPlanes]) const {
        Floats distance = splat(0.0f);
        for (int c = 0; c < kPlanes; ++c) {
            const Floats error = colors[c] - color[c];
            distance = distance + error * error;
        }
        return error_bits(distance - least, weight, another_color);
    }
};

// Goes on with copies from near distances, or starts them anew where that is cheaper. `source` is
// the pixel's place in the history.
template <int kPlanes>
ALWAYS_INLINE void extend_near_copies(const NearCopies& near, const Pixel<kPlanes>& pixel,
                                      const float* const (&source)[kPlanes], std::size_t x,
                                      Least& cheapest) {
    const FloatInts lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    const Floats first_growth = splat(kGrowthBits), decay = splat(kGrowthDecay);
    FloatInts states = lanes + splat_float_int(kRuns);
    for (std::size_t v = 0; v < near.n_vectors; ++v) {
        Floats colors[kPlanes];
        for (int c = 0; c < kPlanes; ++c) colors[c] = load(source[c] + x - near.distances[v]);
        const Floats cost = pixel.cost(colors);
        const Floats growth = load(near.growth + v * kFloats);
        const Floats going_on = load(near.bits + v * kFloats) + growth;
        const Floats entered = pixel.entering + load(near.prices + v * kFloats);
        const FloatInts enters = entered < going_on;
        const Floats bits = pick(enters, entered, going_on) + cost;
        const FloatInts starts = pick(enters, pixel.here, load(near.starts + v * kFloats));
        store(near.bits + v * kFloats, bits);
        store(near.growth + v * kFloats, pick(enters, first_growth, growth * decay));
        store(near.starts + v * kFloats, starts);
        cheapest.offer(pick(starts < pixel.one_before, bits, splat(kNever)), states);
        states = states + splat_float_int(kFloats);
    }
}

// Copies from distances 1 to 8, a lane each. Their sources may be indices that are not settled yet,
// so each has the indices that it repeats.
struct Runs {
    Floats bits = splat(kNever);
    Floats growth = splat(0.0f);
    FloatInts starts = splat_float_int(0);
    std::uint64_t last[kRuns] = {};

    // Goes on with the runs, or starts them anew at a node where that is cheaper.
    template <int kPlanes>
    ALWAYS_INLINE void extend(const Pixel<kPlanes>& pixel, std::uint64_t last_of_node,
                              const float* const* entries, Floats prices, Least& cheapest) {
        const FloatInts lanes = {0, 1, 2, 3, 4, 5, 6, 7};
        const Floats going_on = bits + growth;
        const Floats entered = pixel.entering + prices;
        const FloatInts enters = entered < going_on;
        std::uint64_t indices[kRuns];
        repeat(enters, last_of_node, indices);
        Floats colors[kPlanes];
        for (int c = 0; c < kPlanes; ++c) {
            const float* const plane = entries[c];
            colors[c] =
                Floats{plane[indices[0]], plane[indices[1]], plane[indices[2]], plane[indices[3]],
                       plane[indices[4]], plane[indices[5]], plane[indices[6]], plane[indices[7]]};
        }
        bits = pick(enters, entered, going_on) + pixel.cost(colors);
        growth = pick(enters, splat(kGrowthBits), growth * splat(kGrowthDecay));
        starts = pick(enters, pixel.here, starts);
        // Before the row's first pixels there is nothing to repeat.
        bits = pick(lanes < pixel.here, bits, splat(kNever));
        cheapest.offer(pick(starts < pixel.one_before, bits, splat(kNever)), lanes);
    }

  private:
    // The next index of each run, which also becomes its latest. Without a branch, which no
    // processor could predict.
    ALWAYS_INLINE void repeat(FloatInts enters, std::uint64_t last_of_node,
                              std::uint64_t (&indices)[kRuns]) {
        std::int32_t entering_runs[kRuns];
        store(entering_runs, enters);
        for (int i = 0; i < kRuns; ++i) {
            const auto mask = static_cast<std::uint64_t>(std::int64_t{entering_runs[i]});
            const std::uint64_t before = (last_of_node & mask) | (last[i] & ~mask);
            indices[i] = before >> (8 * (kRuns - 1 - i)) & 255;
            last[i] = before >> 8 | indices[i] << 56;
        }
    }
};

// Replaces the oldest of a node's last indices by the `length` ones that end at `end`.
ALWAYS_INLINE std::uint64_t moved_on(std::uint64_t last, const std::uint8_t* end,
                                     std::size_t length) {
    std::uint64_t copied;
    std::memcpy(&copied, end - sizeof copied, sizeof copied);
    if (length >= sizeof copied) return copied;
    const int kept = 8 * (8 - static_cast<int>(length));
    return last >> (64 - kept) | copied >> kept << kept;
}

// Writes the node after pixel x: the cheapest of the copies that end there, near and far, and of
// the index as such. `settled` are the indices of the history, from the row's start on.
ALWAYS_INLINE void write_node(const RowSearch& search, const NearCopies& near, const Runs& runs,
                              Least cheapest, const std::uint8_t* settled, std::size_t x) {
    const TrellisNode& node = search.nodes[x];
    TrellisNode& next = search.nodes[x + 1];
    cheapest.reduce();
    const float literal = node.bits + kLiteralBits;
    const float copied = cheapest.values[0];
    std::int32_t state = copied < literal ? cheapest.owners[0] : kLiteral;
    next.bits = copied < literal ? copied : literal;
    const FarEnds& far = search.far_ends;
    const bool is_far = far.bits[x + 1] < next.bits;
    if (is_far) {
        next.bits = far.bits[x + 1];
        next.start = static_cast<std::uint32_t>(far.starts[x + 1]);
        next.distance = static_cast<std::uint32_t>(far.distances[x + 1]);
    } else if (state == kLiteral) {
        next.start = static_cast<std::uint32_t>(x);
        next.distance = 0;
        next.last = node.last >> 8 | std::uint64_t{search.target.nearest[x]} << 56;
    } else if (state < kRuns) {
        next.start = static_cast<std::uint32_t>(runs.starts[state]);
        next.distance = static_cast<std::uint32_t>(state) + 1;
        next.last = runs.last[state];
    } else {
        state -= kRuns;
        next.start = static_cast<std::uint32_t>(near.starts[state]);
        next.distance = near.distances[state / kFloats] - state % kFloats;
    }
    // At the start of a row a far copy may come from the end of the row above.
    if (is_far || next.distance > kRuns)
        next.last = moved_on(search.nodes[next.start].last, settled + x + 1 - next.distance,
                             x + 1 - next.start);
}

// The far copies that were followed last, each in the slot of its distance.
class Followed {
  public:
    // Whether a copy from `back` that began before pixel x costs no more than one that would begin
    // there: what ends later is then cheaper, too. A copy is known as far as its first vector goes.
    ALWAYS_INLINE bool goes_on(std::size_t back, std::size_t x, float entered,
                               const LengthBits& lengths) const {
        const Slot& slot = slots_[back % kSlots];
        const std::size_t length = x - slot.start;
        if (slot.back != back || length > kFloats) return false;
        return slot.sums[length - 1] + lengths[std::max<std::size_t>(length, kLeastCopy)] <=
               entered;
    }

    ALWAYS_INLINE void keep(std::size_t back, std::size_t x, Floats sums) {
        Slot& slot = slots_[back % kSlots];
        slot.back = back;
        slot.start = x;
        store(slot.sums, sums);
    }

  private:
    static constexpr std::size_t kSlots = 64;

    struct Slot {
        std::size_t back = 0;  // of no copy
        std::size_t start = 0;
        float sums[kFloats];  // bits without those of its length, after each index
    };

    Slot slots_[kSlots];
};

// Follows the copy from `back` before pixel x as long as it is worth it, and keeps each of its ends
// that is cheaper than the cheapest so far.
template <int kPlanes>
ALWAYS_INLINE void follow_far_copy(const RowSearch& search, const float* const (&source)[kPlanes],
                                   const float* const (&target)[kPlanes], const LengthBits& lengths,
                                   std::size_t x, std::size_t back, Followed& followed) {
    const float begin = search.nodes[x].bits + kShortestBits;
    float bits = begin + distance_bits(static_cast<std::uint32_t>(back));
    if (followed.goes_on(back, x, bits, lengths)) return;
    const FarEnds& ends = search.far_ends;
    const FloatInts starts = splat_float_int(static_cast<std::int32_t>(x));
    const FloatInts distances = splat_float_int(static_cast<std::int32_t>(back));
    const float limit = begin + kFarLimit;
    for (std::size_t at = x; at < search.target.width; at += kFloats) {
        Floats distance = splat(0.0f);
        for (int c = 0; c < kPlanes; ++c) {
            const Floats error = load(source[c] + at - back) - load(target[c] + at);
            distance = distance + error * error;
        }
        const Floats cost =
            error_bits(distance - load(search.target.distances.data() + at),
                       load(search.target.weights.data() + at) * splat(1.0f / kConcaveBits),
                       splat(search.another_color));
        const Floats sums = splat(bits) + running_sums(cost);
        if (at == x) followed.keep(back, x, sums);
        const std::size_t length = at + 1 - x;  // up to the first lane
        const Floats total =
            sums + load(lengths.data() + std::min<std::size_t>(length, kLongestCopy));
        const Floats before = load(ends.bits + at + 1);
        const FloatInts is_less = total < before;
        store(ends.bits + at + 1, pick(is_less, total, before));
        store(ends.starts + at + 1, pick(is_less, starts, load(ends.starts + at + 1)));
        store(ends.distances + at + 1, pick(is_less, distances, load(ends.distances + at + 1)));
        bits = sums[kFloats - 1];
        if (bits > limit + kFarLimitGrowth * static_cast<float>(length + kFloats - 1)) return;
    }
}

// Tries the newest places whose colours look like those at pixel x.
template <int kPlanes>
ALWAYS_INLINE void try_far_copies(const RowSearch& search, const float* const (&source)[kPlanes],
                                  const float* const (&target)[kPlanes], const LengthBits& lengths,
                                  std::size_t x, Followed& followed) {
    if (search.far_tries == 0 || x + FarCopies::kLook > search.target.width) return;
    const auto here = static_cast<std::int64_t>(search.position + x);
    std::int64_t from =
        search.far_copies.newest(search.far_copies.key(search.target.nearest.data() + x));
    for (int tried = 0; tried < search.far_tries && from >= 0; ++tried) {
        const auto back = static_cast<std::size_t>(here - from);
        if (back > kWindow) break;
        follow_far_copy<kPlanes>(search, source, target, lengths, x, back, followed);
        from = search.far_copies.older(from);
    }
}

template <int kPlanes>
ALWAYS_INLINE void find_cheapest_ways(const RowSearch& search) {
    const float* target[kPlanes];
    const float* source[kPlanes];
    for (int c = 0; c < kPlanes; ++c) {
        target[c] = search.target.plane(c);
        source[c] = search.history.colors(c, search.position);
    }
    const std::uint8_t* const settled = search.history.indices(search.position);
    const LengthBits lengths = padded_length_bits();
    Floats run_prices;
    for (int i = 0; i < kRuns; ++i) run_prices[i] = distance_bits(i + 1);
    // A copy, since stores through its members might change the members of the original.
    const NearCopies near = search.near;
    Runs runs;
    Followed followed;
    for (std::size_t x = 0; x < search.target.width; ++x) {
        const TrellisNode& node = search.nodes[x];
        const auto place = static_cast<std::int32_t>(x);
        Pixel<kPlanes> pixel{splat(node.bits + kShortestBits),
                             splat_float_int(place),
                             splat_float_int(place - 1),
                             splat(search.target.weights[x] * (1.0f / kConcaveBits)),
                             splat(search.target.distances[x]),
                             splat(search.another_color),
                             {}};
        for (int c = 0; c < kPlanes; ++c) pixel.color[c] = splat(target[c][x]);
        Least cheapest(kNever);
        extend_near_copies<kPlanes>(near, pixel, source, x, cheapest);
        if (x > 0) runs.extend<kPlanes>(pixel, node.last, search.entries, run_prices, cheapest);
        write_node(search, near, runs, cheapest, settled, x);
        try_far_copies<kPlanes>(search, source, target, lengths, x, followed);
    }
}

// Templates cannot be compiled for several instruction sets; functions can.
KERNEL_CLONES void find_cheapest_ways_3(const RowSearch& search) { find_cheapest_ways<3>(search); }
KERNEL_CLONES void find_cheapest_ways_4(const RowSearch& search) { find_cheapest_ways<4>(search); }

}  // namespace

void find_cheapest_ways(const RowSearch& search, int n_planes) {
    (n_planes == 3 ? find_cheapest_ways_3 : find_cheapest_ways_4)(search);
}

float another_color_bits(float fidelity) { return kAnotherColorBits * fidelity * fidelity; }

}  // namespace fewcolors
