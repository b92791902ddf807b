// A hash table with open addressing that keeps numbers only: the values themselves are in a list of
// the caller's, who hashes and compares them. A slot is a place in that list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/random.hpp"

namespace fewcolors {

inline constexpr std::uint32_t kNoSlot = ~0u;

class Slots {
  public:
    Slots() : entries_(kFirstCapacity) {}

    // The slot of the equal entry, or kNoSlot.
    template <class Same>
    std::uint32_t find(std::uint64_t hash, Same same) const {
        const std::size_t mask = entries_.size() - 1;
        const auto tag = static_cast<std::uint32_t>(hash);
        for (std::size_t place = tag & mask;; place = (place + 1) & mask) {
            const Entry& entry = entries_[place];
            if (entry.slot_and_one == 0) return kNoSlot;
            if (entry.tag == tag && same(entry.slot_and_one - 1)) return entry.slot_and_one - 1;
        }
    }

    // The slot of the equal entry, or the next free one: slots are given out as 0, 1, 2, ...
    // `same(slot)` says whether what stands in that slot equals what is looked for.
    template <class Same>
    std::uint32_t find_or_add(std::uint64_t hash, Same same) {
        if (2 * (count_ + 1) > entries_.size()) grow();
        const std::size_t mask = entries_.size() - 1;
        const auto tag = static_cast<std::uint32_t>(hash);
        for (std::size_t place = tag & mask;; place = (place + 1) & mask) {
            Entry& entry = entries_[place];
            if (entry.slot_and_one == 0) {
                entry = {tag, static_cast<std::uint32_t>(++count_)};
                return entry.slot_and_one - 1;
            }
            if (entry.tag == tag && same(entry.slot_and_one - 1)) return entry.slot_and_one - 1;
        }
    }

  private:
    static constexpr std::size_t kFirstCapacity = 1024;

    struct Entry {
        std::uint32_t tag = 0;           // the low bits of the hash
        std::uint32_t slot_and_one = 0;  // 0: empty
    };

    void grow() {
        std::vector<Entry> old(entries_.size() * 2);
        old.swap(entries_);
        const std::size_t mask = entries_.size() - 1;
        for (const Entry& entry : old) {
            if (entry.slot_and_one == 0) continue;
            std::size_t place = entry.tag & mask;
            while (entries_[place].slot_and_one != 0) place = (place + 1) & mask;
            entries_[place] = entry;
        }
    }

    std::vector<Entry> entries_;
    std::size_t count_ = 0;
};

}  // namespace fewcolors
