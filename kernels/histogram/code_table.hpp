// A byte for each of some 24-bit codes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fewcolors {

// The table consists of pages, of which only those with a code exist. The codes of similar colours
// share a page, so what a picture needs stays in the cache.
class CodeTable {
  public:
    CodeTable() : page_of_(kCodes >> kPageBits, 0), bytes_(kPageBytes) {}

    void add(std::uint32_t code, std::uint8_t value) {
        std::uint32_t& page = page_of_[code >> kPageBits];
        if (page == 0) {
            page = static_cast<std::uint32_t>(bytes_.size());
            bytes_.resize(bytes_.size() + kPageBytes);
        }
        bytes_[place_of(code)] = value;
    }

    // The byte of a code; 0 where none has been added near it.
    std::uint8_t operator[](std::uint32_t code) const { return bytes_[place_of(code)]; }

  private:
    static constexpr std::size_t kCodes = std::size_t{1} << 24;
    static constexpr int kPageBits = 6;  // larger pages are emptier, smaller ones too many to list
    static constexpr std::size_t kPageBytes = std::size_t{1} << kPageBits;

    std::uint32_t place_of(std::uint32_t code) const {
        return page_of_[code >> kPageBits] + code % (1u << kPageBits);
    }

    std::vector<std::uint32_t> page_of_;  // where each page starts; 0 is the page of no codes
    std::vector<std::uint8_t> bytes_;
};

}  // namespace fewcolors
