// Bits in the order of deflate: the lowest bit of a byte first.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fewcolors {

class Bits {
  public:
    // Adds the lowest `count` bits of a value, at most 32. The value's other bits are zero.
    void add(std::uint64_t value, int count) {
        pending_ |= value << n_pending_;
        n_pending_ += count;
        while (n_pending_ >= 8) {
            bytes_.push_back(static_cast<std::uint8_t>(pending_));
            pending_ >>= 8;
            n_pending_ -= 8;
        }
    }

    void add(const Bits& other) {
        for (const std::uint8_t byte : other.bytes_) add(byte, 8);
        add(other.pending_, other.n_pending_);
    }

    // Fills the last byte with zeros and returns all.
    std::vector<std::uint8_t>& finish() {
        if (n_pending_ > 0) add(0, 8 - n_pending_);
        return bytes_;
    }

    void reserve(std::size_t n_bytes) { bytes_.reserve(n_bytes); }
    std::size_t n_bytes() const { return bytes_.size() + 1; }

  private:
    std::vector<std::uint8_t> bytes_;
    std::uint64_t pending_ = 0;
    int n_pending_ = 0;
};

}  // namespace fewcolors
