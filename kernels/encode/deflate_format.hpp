// The limits of the deflate format (RFC 1951).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace fewcolors {

inline constexpr std::size_t kWindow = 32768;  // how far back deflate can copy from
inline constexpr int kLeastCopy = 3;           // its shortest copy
inline constexpr int kLongestCopy = 258;       // its longest

// Symbols up to 255 are bytes; those beyond kEndOfBlock are lengths of copies.
inline constexpr int kEndOfBlock = 256;
inline constexpr int kFirstLengthSymbol = 257;
inline constexpr int kLastLengthSymbol = 285;  // of the longest copy alone
inline constexpr int kLengthSymbols = 286, kDistanceSymbols = 30, kCodeLengthSymbols = 19;

// Code lengths are written in symbols of their own: up to 15 they are lengths, and the others
// repeat a length.
inline constexpr int kRepeat = 16, kFewZeros = 17, kManyZeros = 18;
inline constexpr std::array<std::uint8_t, kCodeLengthSymbols> kCodeLengthOrder = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};

// The types of blocks; the third, 0, holds bytes as they are.
inline constexpr int kFixedCodes = 1, kDynamicCodes = 2;

}  // namespace fewcolors
