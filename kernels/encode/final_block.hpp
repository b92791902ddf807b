// Where the last block of a raw deflate stream is, so that another stream can follow it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fewcolors {

// Bits of a stream, counted from its first; the lowest bit of a byte comes first.
struct FinalBlock {
    std::size_t begin;  // its first bit says that it is the last
    std::size_t end;    // the bit after its last
};

// Walks the symbols of a sound stream. Of one that is not, the places are within its bytes.
FinalBlock final_block(const std::uint8_t* stream, std::size_t n_bytes);

}  // namespace fewcolors
