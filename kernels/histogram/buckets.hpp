// Sorting by 24-bit Morton codes, in one pass over the items and tables that fit the cache.
//
// Items go into 4096 buckets by the upper half of their code; within a bucket the lower half picks
// one of 4096 places. One big table would be simpler, and six times slower: nearly every access
// would touch a new page of memory.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/team.hpp"

namespace fewcolors {

inline constexpr std::uint32_t kHalfCodes = 1u << 12;
inline constexpr std::uint32_t kNoCode = ~0u;  // of an item that goes into no bucket
inline constexpr std::size_t kBucketsOfTask = 64;
inline constexpr std::size_t kItemsOfTask = std::size_t{1} << 17;

template <class Item>
struct Buckets {
    std::unique_ptr<Item[]> items;    // fewer than 2^32
    std::vector<std::size_t> starts;  // (kHalfCodes + 1,)
};

// Puts make_item(i, lower half) for i in [0, count) into the bucket of code_of(i), in order of i.
//
// code_of(i) is asked twice: to count, and to place. It reads memory that another thread of the
// caller's may write to, so the second answer is not trusted: what has no place left is dropped,
// and places left over get Item{}.
template <class Item, class CodeOf, class MakeItem>
Buckets<Item> fill_buckets(std::size_t count, Team& team, CodeOf code_of, MakeItem make_item) {
    const std::size_t n_tasks = (count + kItemsOfTask - 1) / kItemsOfTask;
    struct Places {  // those of one task in one bucket
        std::uint32_t next;
        std::uint32_t end;
    };
    std::vector<std::array<Places, kHalfCodes>> places(n_tasks);
    team.run(n_tasks, [&](std::size_t task) {
        places[task].fill({0, 0});
        const std::size_t last = std::min((task + 1) * kItemsOfTask, count);
        for (std::size_t i = task * kItemsOfTask; i < last; ++i) {
            const std::uint32_t code = code_of(i);
            if (code != kNoCode) ++places[task][code / kHalfCodes].end;
        }
    });
    Buckets<Item> buckets;
    buckets.starts.resize(kHalfCodes + 1);
    std::uint32_t start = 0;
    for (std::uint32_t bucket = 0; bucket < kHalfCodes; ++bucket) {
        buckets.starts[bucket] = start;
        for (auto& of_task : places) {
            of_task[bucket].next = start;
            start += of_task[bucket].end;  // the number of items, so far
            of_task[bucket].end = start;
        }
    }
    buckets.starts[kHalfCodes] = start;
    buckets.items = std::make_unique_for_overwrite<Item[]>(start);
    team.run(n_tasks, [&](std::size_t task) {
        const std::size_t last = std::min((task + 1) * kItemsOfTask, count);
        for (std::size_t i = task * kItemsOfTask; i < last; ++i) {
            const std::uint32_t code = code_of(i);
            if (code == kNoCode) continue;
            Places& left = places[task][code / kHalfCodes];
            if (left.next < left.end) buckets.items[left.next++] = make_item(i, code % kHalfCodes);
        }
        for (Places& left : places[task])
            std::fill(buckets.items.get() + left.next, buckets.items.get() + left.end, Item{});
    });
    return buckets;
}

// A value for each lower half of a bucket, and a record of which have been used.
template <class Value>
class HalfTable {
  public:
    Value& operator[](std::uint32_t half) {
        std::uint64_t& word = used_[half / 64];
        const std::uint64_t bit = std::uint64_t{1} << (half % 64);
        if (!(word & bit)) {
            word |= bit;
            values_[half] = Value{};
        }
        return values_[half];
    }

    // Calls visit(half, value) for those that have been used, in ascending order, and forgets them.
    template <class Visit>
    void drain(Visit visit) {
        for (std::uint32_t word = 0; word < used_.size(); ++word) {
            for (std::uint64_t bits = used_[word]; bits != 0; bits &= bits - 1) {
                const std::uint32_t half = word * 64 + std::countr_zero(bits);
                visit(half, values_[half]);
            }
            used_[word] = 0;
        }
    }

  private:
    std::array<Value, kHalfCodes> values_;
    std::array<std::uint64_t, kHalfCodes / 64> used_{};
};

}  // namespace fewcolors
