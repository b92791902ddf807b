// Counting 24-bit codes, on all threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "histogram/buckets.hpp"

namespace fewcolors {

struct CodeCounts {
    std::vector<std::uint32_t> codes;  // ascending
    std::vector<double> counts;
};

inline CodeCounts merge_codes(const CodeCounts& a, const CodeCounts& b) {
    CodeCounts result;
    result.codes.reserve(a.codes.size() + b.codes.size());
    result.counts.reserve(result.codes.capacity());
    std::size_t i = 0, j = 0;
    while (i < a.codes.size() || j < b.codes.size()) {
        const std::uint32_t a_code = i < a.codes.size() ? a.codes[i] : kNoCode;
        const std::uint32_t b_code = j < b.codes.size() ? b.codes[j] : kNoCode;
        result.codes.push_back(std::min(a_code, b_code));
        double count = 0.0;
        if (a_code <= b_code) count += a.counts[i++];
        if (b_code <= a_code) count += b.counts[j++];
        result.counts.push_back(count);
    }
    return result;
}

// Items of the buckets: the lower half of the code, and the weight above it.
inline constexpr int kWeightShift = 16;

// The counts of one part of the items, in which no code weighs more than 2^32.
template <class Item, class CodeAt, class WeightAt>
CodeCounts count_part(std::size_t first, std::size_t last, Team& team, CodeAt code_at,
                      WeightAt weight_at) {
    const Buckets<Item> buckets = fill_buckets<Item>(
        last - first, team, [&](std::size_t i) { return code_at(first + i); },
        [&](std::size_t i, std::uint32_t half) {
            return static_cast<Item>(half | weight_at(first + i) << kWeightShift);
        });
    std::vector<CodeCounts> tasks(kHalfCodes / kBucketsOfTask);
    team.run(tasks.size(), [&](std::size_t task) {
        HalfTable<std::uint32_t> table;
        for (std::size_t i = 0; i < kBucketsOfTask; ++i) {
            const std::size_t bucket = task * kBucketsOfTask + i;
            for (std::size_t j = buckets.starts[bucket]; j < buckets.starts[bucket + 1]; ++j) {
                const std::uint32_t item = buckets.items[j];
                // Without weights items are too short to hold one.
                table[item % kHalfCodes] += sizeof(Item) == 2 ? 1 : item >> kWeightShift;
            }
            table.drain([&](std::uint32_t half, std::uint32_t count) {
                tasks[task].codes.push_back(static_cast<std::uint32_t>(bucket) * kHalfCodes + half);
                tasks[task].counts.push_back(count);
            });
        }
    });
    CodeCounts result;
    std::size_t n = 0;
    for (const CodeCounts& counts : tasks) n += counts.codes.size();
    result.codes.reserve(n);
    result.counts.reserve(n);
    for (const CodeCounts& counts : tasks) {
        result.codes.insert(result.codes.end(), counts.codes.begin(), counts.codes.end());
        result.counts.insert(result.counts.end(), counts.counts.begin(), counts.counts.end());
    }
    return result;
}

// Adds up weight_at(i), a byte, for the code_at(i) of each i in [0, count); kNoCode is left out.
// Items of 16 bits have no room for weights, and count 1 each. This is done part by part: the items
// of a large picture would take more memory than the picture.
template <class Item, class CodeAt, class WeightAt>
CodeCounts count_codes(std::size_t count, Team& team, CodeAt code_at, WeightAt weight_at) {
    constexpr std::size_t kPart = (std::size_t{1} << 24) / sizeof(Item);
    CodeCounts result = count_part<Item>(0, std::min(kPart, count), team, code_at, weight_at);
    for (std::size_t first = kPart; first < count; first += kPart)
        result = merge_codes(result, count_part<Item>(first, std::min(first + kPart, count), team,
                                                      code_at, weight_at));
    return result;
}

}  // namespace fewcolors
