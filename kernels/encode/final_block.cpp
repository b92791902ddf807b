#include "encode/final_block.hpp"

#include <algorithm>
#include <vector>

#include "base/common.hpp"
#include "encode/deflate_format.hpp"
#include "encode/huffman.hpp"

namespace fewcolors {
namespace {

class BitReader {
  public:
    BitReader(const std::uint8_t* bytes, std::size_t n_bytes) : bytes_(bytes), n_bytes_(n_bytes) {}

    // Makes the next 56 bits ready, zeros beyond the end: enough for a copy, which takes 48.
    ALWAYS_INLINE void fill() {
        const std::size_t begin = position_ / 8;
        next_ = 0;
        if (begin + sizeof next_ <= n_bytes_) {
            for (std::size_t i = 0; i < sizeof next_; ++i)  // compilers make one load of it
                next_ |= std::uint64_t{bytes_[begin + i]} << 8 * i;
        } else {
            for (std::size_t i = begin; i < n_bytes_; ++i)
                next_ |= std::uint64_t{bytes_[i]} << 8 * (i - begin);
        }
        next_ >>= position_ % 8;
    }

    ALWAYS_INLINE std::size_t peek(int count) const {
        return static_cast<std::size_t>(next_ & ((std::uint64_t{1} << count) - 1));
    }

    ALWAYS_INLINE void skip(int count) {
        position_ += static_cast<std::size_t>(count);
        next_ >>= count;
    }

    int take(int count) {
        fill();
        const std::size_t value = peek(count);
        skip(count);
        return static_cast<int>(value);
    }

    // Goes to the next whole byte, and `count` bytes on.
    void skip_bytes(int count) {
        position_ = (position_ + 7) / 8 * 8 + 8 * static_cast<std::size_t>(count);
    }

    std::size_t position() const { return std::min(position_, 8 * n_bytes_); }
    bool is_at_end() const { return position_ >= 8 * n_bytes_; }

  private:
    const std::uint8_t* bytes_;
    std::size_t n_bytes_;
    std::size_t position_ = 0;
    std::uint64_t next_ = 0;
};

// A symbol, the bits of its code, and the extra bits after it.
struct Entry {
    std::uint16_t symbol = 0;
    std::uint8_t n_bits = 1;  // where no code begins so, too: a walk always gets on
    std::uint8_t n_extra = 0;
};

// The symbols of a code, by the bits that come next.
class CodeTable {
  public:
    explicit CodeTable(const std::vector<std::uint8_t>& lengths)
        : longest_(*std::max_element(lengths.begin(), lengths.end())),
          entries_(std::size_t{1} << longest_) {
        HuffmanCode code{lengths, std::vector<std::uint16_t>(lengths.size())};
        assign_codes(code);
        for (std::size_t symbol = 0; symbol < lengths.size(); ++symbol) {
            if (lengths[symbol] == 0) continue;
            const Entry entry{static_cast<std::uint16_t>(symbol), lengths[symbol], 0};
            for (std::size_t i = code.codes[symbol]; i < entries_.size();
                 i += std::size_t{1} << lengths[symbol])
                entries_[i] = entry;
        }
    }

    template <class ExtraBits>
    CodeTable(const std::vector<std::uint8_t>& lengths, ExtraBits extra_bits) : CodeTable(lengths) {
        for (Entry& entry : entries_) entry.n_extra = extra_bits(entry.symbol);
    }

    ALWAYS_INLINE const Entry& next(const BitReader& bits) const {
        return entries_[bits.peek(longest_)];
    }

  private:
    int longest_;
    std::vector<Entry> entries_;
};

// There are four lengths of each number of extra bits, and two distances; the first two numbers
// are both 0.
std::uint8_t extra_bits_of_length(int symbol) {
    if (symbol < kFirstLengthSymbol || symbol >= kLastLengthSymbol) return 0;
    return static_cast<std::uint8_t>(std::max(0, (symbol - kFirstLengthSymbol) / 4 - 1));
}

std::uint8_t extra_bits_of_distance(int symbol) {
    return static_cast<std::uint8_t>(std::max(0, symbol / 2 - 1));
}

void walk_symbols(BitReader& bits, const std::vector<std::uint8_t>& lengths,
                  const std::vector<std::uint8_t>& distances) {
    const CodeTable length_table(lengths, extra_bits_of_length);
    const CodeTable distance_table(distances, extra_bits_of_distance);
    while (!bits.is_at_end()) {
        bits.fill();
        const Entry& entry = length_table.next(bits);
        bits.skip(entry.n_bits + entry.n_extra);
        if (entry.symbol < kEndOfBlock) continue;
        if (entry.symbol == kEndOfBlock) return;
        const Entry& distance = distance_table.next(bits);
        bits.skip(distance.n_bits + distance.n_extra);
    }
}

void walk_fixed_codes(BitReader& bits) {
    constexpr std::size_t kSymbols = 288;  // two of them never occur
    std::vector<std::uint8_t> lengths(kSymbols, 8);
    std::fill(lengths.begin() + 144, lengths.begin() + kEndOfBlock, std::uint8_t{9});
    std::fill(lengths.begin() + kEndOfBlock, lengths.begin() + 280, std::uint8_t{7});
    walk_symbols(bits, lengths, std::vector<std::uint8_t>(32, 5));
}

void walk_dynamic_codes(BitReader& bits) {
    const std::size_t n_lengths = kFirstLengthSymbol + bits.take(5);
    const std::size_t n_distances = 1 + bits.take(5);
    const int n_codes = 4 + bits.take(4);
    std::vector<std::uint8_t> code_lengths(kCodeLengthSymbols);
    for (int i = 0; i < n_codes; ++i)
        code_lengths[kCodeLengthOrder[i]] = static_cast<std::uint8_t>(bits.take(3));
    const CodeTable table(code_lengths);
    std::vector<std::uint8_t> all;
    while (all.size() < n_lengths + n_distances) {
        bits.fill();
        const Entry& entry = table.next(bits);
        bits.skip(entry.n_bits);
        const std::uint8_t last = all.empty() ? std::uint8_t{0} : all.back();
        if (entry.symbol == kRepeat)
            all.insert(all.end(), 3 + bits.take(2), last);
        else if (entry.symbol == kFewZeros)
            all.insert(all.end(), 3 + bits.take(3), 0);
        else if (entry.symbol == kManyZeros)
            all.insert(all.end(), 11 + bits.take(7), 0);
        else
            all.push_back(static_cast<std::uint8_t>(entry.symbol));
    }
    all.resize(n_lengths + n_distances);
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(n_lengths);
    walk_symbols(bits, {all.begin(), middle}, {middle, all.end()});
}

}  // namespace

FinalBlock final_block(const std::uint8_t* stream, std::size_t n_bytes) {
    BitReader bits(stream, n_bytes);
    FinalBlock result{};
    for (bool is_last = false; !is_last && !bits.is_at_end();) {
        result.begin = bits.position();
        is_last = bits.take(1) != 0;
        const int type = bits.take(2);
        if (type == kFixedCodes) {
            walk_fixed_codes(bits);
        } else if (type == kDynamicCodes) {
            walk_dynamic_codes(bits);
        } else {
            bits.skip_bytes(0);
            const int n_stored = bits.take(16);
            bits.skip_bytes(2 + n_stored);  // the complement of the number comes before them
        }
    }
    result.end = bits.position();
    return result;
}

}  // namespace fewcolors
