#include "assign/trellis.hpp"

#include <algorithm>

#include "assign/deflate_prices.hpp"
#include "base/lanes.hpp"

namespace fewcolors {

Trellis::Trellis(std::size_t width, int n_planes, const SearchReach& reach, float fidelity)
    : n_planes_(n_planes),
      far_tries_(reach.far_tries),
      another_color_(another_color_bits(fidelity)),
      nodes_(width + 1),
      far_bits_(width + 1 + kFloats),
      far_starts_(far_bits_.size()),
      far_distances_(far_bits_.size()) {
    const auto half = static_cast<std::int64_t>(reach.columns / 2);
    for (int rows = 1; rows <= reach.rows; ++rows) {
        const std::int64_t above = static_cast<std::int64_t>(width + 1) * rows;
        for (std::int64_t back = above + half; back > above - half; back -= kFloats) {
            // Runs cover the distances within the row, and deflate cannot copy from beyond its
            // window.
            if (back - kFloats < kRuns || back > static_cast<std::int64_t>(kWindow)) continue;
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
                     std::size_t position, History& history, CopyPlan& plan) {
    std::fill(copies_.bits.begin(), copies_.bits.end(), kNever);
    std::fill(far_bits_.begin(), far_bits_.end(), kNever);
    nodes_[0] = {0.0f, 0, 0, 0};
    // Only distances that do not reach beyond the history; the nearest rows come first.
    std::size_t n_vectors = 0;
    while (n_vectors < copies_.distances.size() &&
           copies_.distances[n_vectors] <= position + History::kSlack - kFloats)
        ++n_vectors;
    const RowSearch search{.target = target,
                           .entries = entries,
                           .far_copies = far_copies,
                           .history = history,
                           .position = position,
                           .far_tries = far_tries_,
                           .another_color = another_color_,
                           .near = {.n_vectors = n_vectors,
                                    .distances = copies_.distances.data(),
                                    .prices = copies_.prices.data(),
                                    .bits = copies_.bits.data(),
                                    .growth = copies_.growth.data(),
                                    .starts = copies_.starts.data()},
                           .nodes = nodes_.data(),
                           .far_ends = {.bits = far_bits_.data(),
                                        .starts = far_starts_.data(),
                                        .distances = far_distances_.data()}};
    find_cheapest_ways(search, n_planes_);
    settle(target, history.row(), plan);
}

// Follows the cheapest way from its end back to its start, and then forward to write the indices.
void Trellis::settle(const Target& target, std::uint8_t* row, CopyPlan& plan) {
    std::uint32_t end = static_cast<std::uint32_t>(target.width);
    for (std::uint32_t node = end; node > 0; node = nodes_[node].start) {
        nodes_[nodes_[node].start].end = node;
    }
    std::uint32_t n_literals = 0;
    for (std::uint32_t start = 0; start < target.width; start = nodes_[start].end) {
        const TrellisNode& edge = nodes_[nodes_[start].end];
        const std::uint32_t length = nodes_[start].end - start;
        if (edge.distance == 0) {
            row[start] = target.nearest[start];
            ++n_literals;
            continue;
        }
        for (std::uint32_t x = start; x < start + length; ++x) row[x] = *(row + x - edge.distance);
        add_step(plan, n_literals, 0);
        add_step(plan, length, edge.distance);
        n_literals = 0;
    }
    add_step(plan, n_literals, 0);
}

}  // namespace fewcolors
