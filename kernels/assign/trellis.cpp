#include "assign/trellis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include "assign/deflate_prices.hpp"
#include "base/common.hpp"
#include "base/lanes.hpp"

namespace fewcolors {
namespace {

using Node = Trellis::Node;
using FarEnd = Trellis::FarEnd;

constexpr float kNever = 1e30f;        // bits
constexpr std::int32_t kLiteral = -1;  // in place of a state: an index as such

// An error counts in full while it is small. Beyond so many bits ever less, since what is seen at
// all need not be exact; but it never stops counting, or few colours would end as one.
constexpr float kConcaveBits = 3.0f;

// A far copy is given up where it costs so much more than the way to its start, and so much more
// for each index it has copied: the price of what else could be done.
constexpr float kFarLimit = 30.0f;
constexpr float kFarLimitGrowth = 4.0f;

// What choosing one row needs, in a form that a compiled variant can keep in registers.
struct Row {
    const Target& target;
    const float* const* entries;
    const FarCopies& far_copies;
    const History& history;
    std::size_t position;  // of the first pixel
    int visits;
    float another_color;    // its price in bits
    std::size_t n_vectors;  // of near distances
    const std::uint32_t* distances;
    const float* prices;
    float* bits;
    float* growth;
    std::int32_t* starts;
    Node* nodes;
    FarEnd* far_ends;
};

// A colour so much farther off than the nearest, squared in OKLab, is another colour: wherever it
// hides, a single pixel of it catches the eye. From a fidelity of a few thousand on, where pictures
// score some 20 points, the price forbids it; below there are greater faults, and fewer bytes.
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

// Replaces the oldest of a node's last indices by the `length` ones that end at `end`.
inline std::uint64_t moved_on(std::uint64_t last, const std::uint8_t* end, std::size_t length) {
    std::uint64_t copied;
    std::memcpy(&copied, end - sizeof copied, sizeof copied);
    if (length >= sizeof copied) return copied;
    const int kept = 8 * (8 - static_cast<int>(length));
    return last >> (64 - kept) | copied >> kept << kept;
}

// Runs: copies from distances 1 to 8, whose sources may be indices not settled yet. Each state has
// the indices that it repeats.
struct Runs {
    Floats bits = splat(kNever);
    Floats growth = splat(0.0f);
    FloatInts starts = splat_float_int(0);
    std::uint64_t last[Trellis::kRuns] = {};
};

template <int kPlanes>
ALWAYS_INLINE void walk(const Row& row) {
    const std::size_t width = row.target.width;
    const float* target[kPlanes];
    const float* source[kPlanes];
    for (int c = 0; c < kPlanes; ++c) {
        target[c] = row.target.plane(c);
        source[c] = row.history.colors(c, row.position);
    }
    const std::uint8_t* const settled = row.history.indices(row.position);
    const std::array<float, kLongestCopy + 1> lengths = length_bits();

    const FloatInts lanes = {0, 1, 2, 3, 4, 5, 6, 7};
    const Floats never = splat(kNever), another_color = splat(row.another_color);
    const Floats first_growth = splat(kGrowthBits), decay = splat(kGrowthDecay);
    Floats run_prices;
    for (int i = 0; i < Trellis::kRuns; ++i) run_prices[i] = distance_bits(i + 1);
    Runs runs;
    // Locals, since stores through members of the row might change its members.
    const std::size_t n_vectors = row.n_vectors;
    const std::uint32_t* const distances = row.distances;
    const float* const prices = row.prices;
    float* const all_bits = row.bits;
    float* const all_growth = row.growth;
    std::int32_t* const all_starts = row.starts;

    for (std::size_t x = 0; x < width; ++x) {
        const Node& node = row.nodes[x];
        const Floats entering = splat(node.bits + kShortestBits);
        const FloatInts here = splat_float_int(static_cast<std::int32_t>(x));
        // A copy that began before it can end after this pixel.
        const FloatInts long_enough = splat_float_int(static_cast<std::int32_t>(x) - 1);
        const Floats weight = splat(row.target.weights[x] * (1.0f / kConcaveBits));
        const Floats least = splat(row.target.distances[x]);
        Floats color[kPlanes];
        for (int c = 0; c < kPlanes; ++c) color[c] = splat(target[c][x]);

        Least cheapest(kNever);
        FloatInts states = lanes + splat_float_int(Trellis::kRuns);
        for (std::size_t v = 0; v < n_vectors; ++v) {
            Floats distance = splat(0.0f);
            for (int c = 0; c < kPlanes; ++c) {
                const Floats error = load(source[c] + x - distances[v]) - color[c];
                distance = distance + error * error;
            }
            const Floats cost = error_bits(distance - least, weight, another_color);
            const Floats growth = load(all_growth + v * kFloats);
            const Floats going_on = load(all_bits + v * kFloats) + growth;
            const Floats entered = entering + load(prices + v * kFloats);
            const FloatInts enters = entered < going_on;
            const Floats bits = pick(enters, entered, going_on) + cost;
            const FloatInts starts = pick(enters, here, load(all_starts + v * kFloats));
            store(all_bits + v * kFloats, bits);
            store(all_growth + v * kFloats, pick(enters, first_growth, growth * decay));
            store(all_starts + v * kFloats, starts);
            cheapest.offer(pick(starts < long_enough, bits, never), states);
            states = states + splat_float_int(kFloats);
        }

        if (x > 0) {
            const Floats going_on = runs.bits + runs.growth;
            const Floats entered = entering + run_prices;
            const FloatInts enters = entered < going_on;
            std::int32_t entering_runs[Trellis::kRuns];
            store(entering_runs, enters);
            std::uint64_t indices[Trellis::kRuns];
            // Without a branch, which no processor foresees.
            for (int i = 0; i < Trellis::kRuns; ++i) {
                const auto mask = static_cast<std::uint64_t>(std::int64_t{entering_runs[i]});
                const std::uint64_t last = (node.last & mask) | (runs.last[i] & ~mask);
                indices[i] = last >> (8 * (Trellis::kRuns - 1 - i)) & 255;
                runs.last[i] = last >> 8 | indices[i] << 56;
            }
            Floats repeated[kPlanes];
            for (int c = 0; c < kPlanes; ++c) {
                const float* const plane = row.entries[c];
                repeated[c] = Floats{plane[indices[0]], plane[indices[1]], plane[indices[2]],
                                     plane[indices[3]], plane[indices[4]], plane[indices[5]],
                                     plane[indices[6]], plane[indices[7]]};
            }
            Floats distance = splat(0.0f);
            for (int c = 0; c < kPlanes; ++c) {
                const Floats error = repeated[c] - color[c];
                distance = distance + error * error;
            }
            runs.bits = pick(enters, entered, going_on) +
                        error_bits(distance - least, weight, another_color);
            runs.growth = pick(enters, first_growth, runs.growth * decay);
            runs.starts = pick(enters, here, runs.starts);
            // Before the row's first pixels there is nothing to repeat.
            runs.bits = pick(lanes < here, runs.bits, never);
            cheapest.offer(pick(runs.starts < long_enough, runs.bits, never), lanes);
        }

        Node& next = row.nodes[x + 1];
        cheapest.reduce();
        const float literal = node.bits + kLiteralBits;
        const float copied = cheapest.values[0];
        std::int32_t state = copied < literal ? cheapest.owners[0] : kLiteral;
        next.bits = copied < literal ? copied : literal;
        const FarEnd& far_end = row.far_ends[x + 1];
        const bool is_far = far_end.bits < next.bits;
        if (is_far) {
            next = {far_end.bits, far_end.start, far_end.distance, 0};
        } else if (state == kLiteral) {
            next.start = static_cast<std::uint32_t>(x);
            next.distance = 0;
            next.last = node.last >> 8 | std::uint64_t{row.target.nearest[x]} << 56;
        } else if (state < Trellis::kRuns) {
            next.start = static_cast<std::uint32_t>(runs.starts[state]);
            next.distance = static_cast<std::uint32_t>(state) + 1;
            next.last = runs.last[state];
        } else {
            state -= Trellis::kRuns;
            next.start = static_cast<std::uint32_t>(row.starts[state]);
            next.distance = row.distances[state / kFloats] - state % kFloats;
        }
        // At the start of a row a far copy may come from the end of the row above.
        if (is_far || next.distance > Trellis::kRuns)
            next.last = moved_on(row.nodes[next.start].last, settled + x + 1 - next.distance,
                                 x + 1 - next.start);

        if (row.visits == 0 || x + FarCopies::kLook > width) continue;
        const std::int64_t here_position = static_cast<std::int64_t>(row.position + x);
        std::int64_t from =
            row.far_copies.newest(row.far_copies.key(row.target.nearest.data() + x));
        const float limit = node.bits + kShortestBits + kFarLimit;
        for (int visit = 0; visit < row.visits && from >= 0; ++visit) {
            const auto back = static_cast<std::size_t>(here_position - from);
            if (back > kWindow) break;
            float bits =
                node.bits + kShortestBits + distance_bits(static_cast<std::uint32_t>(back));
            bool given_up = false;
            for (std::size_t at = x; at < width && !given_up; at += kFloats) {
                Floats distance = splat(0.0f);
                for (int c = 0; c < kPlanes; ++c) {
                    const Floats error = load(source[c] + at - back) - load(target[c] + at);
                    distance = distance + error * error;
                }
                const Floats cost =
                    error_bits(distance - load(row.target.distances.data() + at),
                               load(row.target.weights.data() + at) * splat(1.0f / kConcaveBits),
                               another_color);
                const std::size_t n = std::min<std::size_t>(kFloats, width - at);
                for (std::size_t i = 0; i < n; ++i) {
                    bits += cost[i];
                    const std::size_t length = at + i + 1 - x;
                    if (bits > limit + kFarLimitGrowth * static_cast<float>(length)) {
                        given_up = true;
                        break;
                    }
                    if (length < kLeastCopy) continue;
                    const float total = bits + lengths[std::min<std::size_t>(length, kLongestCopy)];
                    FarEnd& end = row.far_ends[at + i + 1];
                    if (total < end.bits)
                        end = {total, static_cast<std::uint32_t>(x),
                               static_cast<std::uint32_t>(back)};
                }
            }
            from = row.far_copies.older(from);
        }
    }
}

// Templates cannot be compiled for several instruction sets; functions can.
KERNEL_CLONES void walk_3(const Row& row) { walk<3>(row); }
KERNEL_CLONES void walk_4(const Row& row) { walk<4>(row); }

}  // namespace

Target::Target(std::size_t width, int n_planes)
    : width(width),
      stride(width + kFloats),
      colors(n_planes * stride),
      weights(stride),
      distances(stride),
      nearest(width) {}

Trellis::Trellis(std::size_t width, int n_planes, const Reach& reach, float fidelity)
    : n_planes_(n_planes),
      visits_(reach.visits),
      another_color_(kAnotherColorBits * fidelity * fidelity),
      nodes_(width + 1),
      far_ends_(width + 1) {
    const auto half = static_cast<std::int64_t>(reach.columns / 2);
    for (int rows = 1; rows <= reach.rows; ++rows) {
        const std::int64_t above = static_cast<std::int64_t>(width + 1) * rows;
        for (std::int64_t back = above + half; back > above - half; back -= kFloats) {
            // Distances within the row are the runs' affair, and deflate has its limit.
            if (back - kFloats < Trellis::kRuns || back > static_cast<std::int64_t>(kWindow))
                continue;
            copies_.distances.push_back(static_cast<std::uint32_t>(back));
            for (int lane = 0; lane < kFloats; ++lane)
                copies_.prices.push_back(
                    near_distance_bits(static_cast<std::uint32_t>(back - lane), rows));
        }
    }
    copies_.bits.resize(copies_.prices.size());
    copies_.growth.resize(copies_.prices.size());
    copies_.starts.resize(copies_.prices.size());
}

void Trellis::choose(const Target& target, const float* const* entries, const FarCopies& far_copies,
                     std::size_t position, History& history, Parse& parse) {
    std::fill(copies_.bits.begin(), copies_.bits.end(), kNever);
    std::fill(far_ends_.begin(), far_ends_.end(), FarEnd{kNever, 0, 0});
    nodes_[0] = {0.0f, 0, 0, 0};
    // Distances are in rising order, a row of the picture after the other.
    std::size_t n_vectors = 0;
    while (n_vectors < copies_.distances.size() &&
           copies_.distances[n_vectors] <= position + History::kSlack - kFloats)
        ++n_vectors;
    const Row row{target,
                  entries,
                  far_copies,
                  history,
                  position,
                  visits_,
                  another_color_,
                  n_vectors,
                  copies_.distances.data(),
                  copies_.prices.data(),
                  copies_.bits.data(),
                  copies_.growth.data(),
                  copies_.starts.data(),
                  nodes_.data(),
                  far_ends_.data()};
    (n_planes_ == 3 ? walk_3 : walk_4)(row);
    settle(target, history.row(), parse);
}

// Follows the cheapest way, back from its end to find it and then forward to copy.
void Trellis::settle(const Target& target, std::uint8_t* row, Parse& parse) {
    std::uint32_t end = static_cast<std::uint32_t>(target.width);
    for (std::uint32_t node = end; node > 0; node = nodes_[node].start) {
        nodes_[nodes_[node].start].end = node;
    }
    std::uint32_t n_literals = 0;
    for (std::uint32_t start = 0; start < target.width; start = nodes_[start].end) {
        const Node& edge = nodes_[nodes_[start].end];
        const std::uint32_t length = nodes_[start].end - start;
        if (edge.distance == 0) {
            row[start] = target.nearest[start];
            ++n_literals;
            continue;
        }
        for (std::uint32_t x = start; x < start + length; ++x) row[x] = *(row + x - edge.distance);
        add_step(parse, n_literals, 0);
        add_step(parse, length, edge.distance);
        n_literals = 0;
    }
    add_step(parse, n_literals, 0);
}

}  // namespace fewcolors
