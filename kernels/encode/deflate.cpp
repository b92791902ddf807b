#include "encode/deflate.hpp"

#include <algorithm>
#include <bit>

#include "encode/bits.hpp"
#include "encode/deflate_format.hpp"
#include "encode/huffman.hpp"
#include "encode/tokens.hpp"

namespace fewcolors {
namespace {

// Each block has its own codes, which take some 80 bytes. With 60,000 to 200,000 pixels a block,
// the files of 24 photos are equally large within 0.3 %.
constexpr std::size_t kPixelsOfBlock = 100'000;

constexpr int kLongestCode = 15, kLongestCodeLengthCode = 7;

// A symbol, and the extra bits that say which of its values is meant.
struct Class {
    int symbol;
    int n_extra;
    unsigned extra;
};

// The class of a value: there are 2^per_size_bits classes of each size, and sizes double.
Class class_of(unsigned value, int per_size_bits) {
    const int n_extra = std::max(0, static_cast<int>(std::bit_width(value)) - per_size_bits - 1);
    const int symbol = (n_extra << per_size_bits) + static_cast<int>(value >> n_extra);
    return {symbol, n_extra, value & ((1u << n_extra) - 1)};
}

Class distance_class(unsigned distance) { return class_of(distance - 1, 1); }

Class length_class(unsigned length) {
    if (length == kLongestCopy) return {kLastLengthSymbol, 0, 0};
    Class result = class_of(length - kLeastCopy, 2);
    result.symbol += kFirstLengthSymbol;
    return result;
}

// Code lengths as the head of a block encodes them.
struct CodeLengths {
    explicit CodeLengths(const std::vector<std::uint8_t>& lengths) {
        for (std::size_t i = 0; i < lengths.size();) {
            std::size_t run = 1;
            while (i + run < lengths.size() && lengths[i + run] == lengths[i]) ++run;
            add_run(lengths[i], static_cast<unsigned>(run));
            i += run;
        }
    }

    std::vector<Class> symbols;

  private:
    void add_run(int length, unsigned run) {
        if (length != 0) {
            symbols.push_back({length, 0, 0});
            --run;
        }
        while (run >= 3) {
            const unsigned most = length != 0 ? 6 : 138;
            const unsigned part = std::min(run, most);
            if (length != 0)
                symbols.push_back({kRepeat, 2, part - 3});
            else if (part <= 10)
                symbols.push_back({kFewZeros, 3, part - 3});
            else
                symbols.push_back({kManyZeros, 7, part - 11});
            run -= part;
        }
        for (; run > 0; --run) symbols.push_back({length, 0, 0});
    }
};

// The number of lengths to write: zeros at the end are left out.
std::size_t n_to_write(const std::vector<std::uint8_t>& lengths, std::size_t least) {
    std::size_t n = lengths.size();
    while (n > least && lengths[n - 1] == 0) --n;
    return n;
}

void add_codes(const HuffmanCode& lengths, const HuffmanCode& distances, Bits& bits) {
    const std::size_t n_lengths = n_to_write(lengths.lengths, kFirstLengthSymbol);
    const std::size_t n_distances = n_to_write(distances.lengths, 1);
    std::vector<std::uint8_t> all(lengths.lengths.begin(), lengths.lengths.begin() + n_lengths);
    all.insert(all.end(), distances.lengths.begin(), distances.lengths.begin() + n_distances);
    const CodeLengths encoded(all);
    std::vector<std::uint32_t> counts(kCodeLengthSymbols);
    for (const Class& symbol : encoded.symbols) ++counts[symbol.symbol];
    const HuffmanCode code = huffman_code(counts, kLongestCodeLengthCode);
    std::size_t n_codes = kCodeLengthOrder.size();
    while (n_codes > 4 && code.lengths[kCodeLengthOrder[n_codes - 1]] == 0) --n_codes;
    bits.add(n_lengths - kFirstLengthSymbol, 5);
    bits.add(n_distances - 1, 5);
    bits.add(n_codes - 4, 4);
    for (std::size_t i = 0; i < n_codes; ++i) bits.add(code.lengths[kCodeLengthOrder[i]], 3);
    for (const Class& symbol : encoded.symbols) {
        bits.add(code.codes[symbol.symbol], code.lengths[symbol.symbol]);
        bits.add(symbol.extra, symbol.n_extra);
    }
}

void add_block(const std::vector<Token>& tokens, bool is_last, Bits& bits) {
    std::vector<std::uint32_t> length_counts(kLengthSymbols), distance_counts(kDistanceSymbols);
    for (const Token& token : tokens) {
        ++length_counts[token.distance == 0 ? token.value : length_class(token.value).symbol];
        if (token.distance != 0) ++distance_counts[distance_class(token.distance).symbol];
    }
    ++length_counts[kEndOfBlock];
    const HuffmanCode lengths = huffman_code(length_counts, kLongestCode);
    const HuffmanCode distances = huffman_code(distance_counts, kLongestCode);
    bits.add(is_last ? 1 : 0, 1);
    bits.add(kDynamicCodes, 2);
    add_codes(lengths, distances, bits);
    const auto add = [&bits](const HuffmanCode& code, const Class& part) {
        bits.add(code.codes[part.symbol], code.lengths[part.symbol]);
        bits.add(part.extra, part.n_extra);
    };
    for (const Token& token : tokens) {
        if (token.distance == 0) {
            add(lengths, {token.value, 0, 0});
        } else {
            add(lengths, length_class(token.value));
            add(distances, distance_class(token.distance));
        }
    }
    add(lengths, {kEndOfBlock, 0, 0});
}

// The checksum of a zlib stream.
struct Adler {
    static constexpr std::uint64_t kModulus = 65521;

    void add_row(const std::uint8_t* indices, std::size_t width) {
        constexpr std::size_t kUnreduced = 1 << 20;  // so many bytes cannot overflow 64 bits
        second += first;                             // the filter's byte
        for (std::size_t begin = 0; begin < width; begin += kUnreduced) {
            const std::size_t end = std::min(width, begin + kUnreduced);
            for (std::size_t x = begin; x < end; ++x) {
                first += indices[x];
                second += first;
            }
            first %= kModulus;
            second %= kModulus;
        }
        n_bytes += width + 1;
    }

    // Appends the checksum of the bytes that follow, which was begun anew.
    void add(const Adler& next) {
        second += next.second + next.n_bytes % kModulus * (first + kModulus - 1);
        first += next.first + kModulus - 1;
        first %= kModulus;
        second %= kModulus;
        n_bytes += next.n_bytes;
    }

    std::uint64_t first = 1, second = 0;
    std::uint64_t n_bytes = 0;
};

struct Block {
    std::size_t first_row;
    std::size_t end_row;
    const Step* step;  // the first row's first
    Bits bits;
    Adler adler;
};

std::vector<Block> blocks_of(std::size_t width, std::size_t height, const Step* plan,
                             const Step* end) {
    const std::size_t rows = std::max<std::size_t>(1, kPixelsOfBlock / width);
    std::vector<Block> blocks;
    for (std::size_t y = 0; y < height; ++y) {
        if (y % rows == 0) blocks.push_back({y, std::min(y + rows, height), plan, {}, {}});
        for (std::size_t x = 0; x < width && plan != end; ++plan) x += plan->length;
    }
    return blocks;
}

}  // namespace

std::vector<std::uint8_t> deflate_copy_plan(const std::uint8_t* indices, std::size_t width,
                                            std::size_t height, const Step* plan,
                                            std::size_t n_steps, Team& team) {
    const Scanlines scanlines(indices, width);
    std::vector<Block> blocks = blocks_of(width, height, plan, plan + n_steps);
    team.run(blocks.size(), [&](std::size_t number) {
        Block& block = blocks[number];
        Tokens tokens(scanlines);
        PlanReader plan_of_block(scanlines, block.step, plan + n_steps);
        for (std::size_t y = block.first_row; y < block.end_row; ++y) {
            tokens.add_row(y, plan_of_block.read_row(y));
            block.adler.add_row(scanlines.row(y), width);
        }
        add_block(tokens.finished(), number + 1 == blocks.size(), block.bits);
    });

    Bits all;
    all.add(0x78, 8);  // deflate with a window of 32 KiB
    all.add(0xda, 8);  // best compression; both bytes together are a multiple of 31
    Adler adler;
    for (Block& block : blocks) {
        all.add(block.bits);
        block.bits = {};
        adler.add(block.adler);
    }
    std::vector<std::uint8_t> stream = std::move(all.finish());
    const std::uint64_t checksum = adler.second << 16 | adler.first;
    for (int shift = 24; shift >= 0; shift -= 8)
        stream.push_back(static_cast<std::uint8_t>(checksum >> shift));
    return stream;
}

}  // namespace fewcolors
