#include "encode/lzw.hpp"

#include <utility>

namespace fewcolors {
namespace {

constexpr int kMaxCodeBits = 12;
constexpr std::uint32_t kMaxCodes = 1u << kMaxCodeBits;

// Strings as (code of all but the last index, last index) -> code, by open addressing. Each entry
// has the number of the generation it belongs to, so that clearing the table takes no time.
class Strings {
  public:
    void clear() { ++generation_; }

    // Returns the code of a string, or inserts it as `code` and returns kMaxCodes.
    std::uint32_t find_or_insert(std::uint32_t prefix, std::uint8_t index, std::uint32_t code) {
        const std::uint32_t key = prefix << 8 | index;
        std::size_t slot = key * 2654435761u >> (32 - kSlotBits);  // Knuth's multiplier
        for (;; slot = (slot + 1) % kSlots) {
            Entry& entry = entries_[slot];
            if (entry.generation != generation_) {
                entry = {key, code, generation_};
                return kMaxCodes;
            }
            if (entry.key == key) return entry.code;
        }
    }

  private:
    struct Entry {
        std::uint32_t key, code, generation;
    };
    static constexpr int kSlotBits = kMaxCodeBits + 2;  // a quarter full at most
    static constexpr std::size_t kSlots = std::size_t{1} << kSlotBits;

    std::vector<Entry> entries_ = std::vector<Entry>(kSlots);
    std::uint32_t generation_ = 1;
};

class BitWriter {
  public:
    void write(std::uint32_t code, int bits) {
        pending_ |= code << n_pending_;
        for (n_pending_ += bits; n_pending_ >= 8; n_pending_ -= 8, pending_ >>= 8) {
            bytes_.push_back(static_cast<std::uint8_t>(pending_));
        }
    }

    std::vector<std::uint8_t> finished() {
        if (n_pending_ > 0) bytes_.push_back(static_cast<std::uint8_t>(pending_));
        return std::move(bytes_);
    }

  private:
    std::vector<std::uint8_t> bytes_;
    std::uint32_t pending_ = 0;  // at most 7 + 12 bits
    int n_pending_ = 0;
};

}  // namespace

std::vector<std::uint8_t> lzw(const std::uint8_t* indices, std::size_t count, int code_size) {
    const std::uint32_t clear = 1u << code_size, end = clear + 1;
    Strings strings;
    BitWriter out;
    int bits = code_size + 1;
    std::uint32_t next = end + 1;
    out.write(clear, bits);
    std::uint32_t string = indices[0];
    for (std::size_t i = 1; i < count; ++i) {
        const std::uint32_t longer = strings.find_or_insert(string, indices[i], next);
        if (longer != kMaxCodes) {
            string = longer;
            continue;
        }
        out.write(string, bits);
        string = indices[i];
        // The decoder's table is one entry behind, so codes get longer only when `next` itself
        // needs it.
        if (next == 1u << bits) ++bits;
        if (++next == kMaxCodes) {
            out.write(clear, bits);
            strings.clear();
            bits = code_size + 1;
            next = end + 1;
        }
    }
    out.write(string, bits);
    if (next == 1u << bits && bits < kMaxCodeBits) ++bits;
    out.write(end, bits);
    return out.finished();
}

}  // namespace fewcolors
