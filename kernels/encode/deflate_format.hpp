// The limits of the deflate format (RFC 1951).
#pragma once

#include <cstddef>

namespace fewcolors {

inline constexpr std::size_t kWindow = 32768;  // how far back deflate can copy from
inline constexpr int kLeastCopy = 3;           // its shortest copy
inline constexpr int kLongestCopy = 258;       // its longest

}  // namespace fewcolors
