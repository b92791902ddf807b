// Huffman codes with a longest length, as deflate uses them (RFC 1951, 3.2).
#pragma once

#include <cstdint>
#include <vector>

namespace fewcolors {

struct HuffmanCode {
    std::vector<std::uint8_t> lengths;  // in bits, by symbol; 0 where a symbol does not occur
    std::vector<std::uint16_t> codes;   // to be written from the lowest bit on
};

// The code that takes the fewest bits for symbols that occur `counts` times, of which no word is
// longer than `longest` bits. At most 2^longest symbols may occur.
HuffmanCode huffman_code(const std::vector<std::uint32_t>& counts, int longest);

// Sets the words of a code whose lengths are known; there is at least one symbol.
void assign_codes(HuffmanCode& code);

}  // namespace fewcolors
