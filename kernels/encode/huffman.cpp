#include "encode/huffman.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace fewcolors {
namespace {

struct Leaf {
    std::uint64_t count;
    std::size_t symbol;
};

std::vector<Leaf> leaves_of(const std::vector<std::uint32_t>& counts) {
    std::vector<Leaf> leaves;
    for (std::size_t symbol = 0; symbol < counts.size(); ++symbol)
        if (counts[symbol] > 0) leaves.push_back({counts[symbol], symbol});
    std::stable_sort(leaves.begin(), leaves.end(),
                     [](const Leaf& a, const Leaf& b) { return a.count < b.count; });
    return leaves;
}

// Package-merge (Larmore, Hirschberg 1990, doi:10.1145/79147.79150). Each level has a row of
// weights in ascending order: the n leaves, and the sums of neighbouring pairs of the level before.
// The lightest 2 n - 2 weights of the last level are taken, and in each level before it the weights
// of the pairs that were taken. Each time a leaf is taken, its code grows by one bit.
void set_lengths(const std::vector<Leaf>& leaves, int longest, std::vector<std::uint8_t>& lengths) {
    std::vector<std::vector<bool>> is_leaf(longest);
    std::vector<std::uint64_t> row;
    for (int level = 0; level < longest; ++level) {
        std::vector<std::uint64_t> next;
        std::size_t leaf = 0, pair = 0;
        const std::size_t n_pairs = row.size() / 2;
        while (leaf < leaves.size() || pair < n_pairs) {
            const bool takes_leaf =
                pair == n_pairs ||
                (leaf < leaves.size() && leaves[leaf].count <= row[2 * pair] + row[2 * pair + 1]);
            is_leaf[level].push_back(takes_leaf);
            if (takes_leaf) {
                next.push_back(leaves[leaf++].count);
            } else {
                next.push_back(row[2 * pair] + row[2 * pair + 1]);
                ++pair;
            }
        }
        row = std::move(next);
    }
    std::size_t taken = 2 * leaves.size() - 2;
    for (int level = longest - 1; level >= 0; --level) {
        const auto n_leaves = static_cast<std::size_t>(
            std::count(is_leaf[level].begin(), is_leaf[level].begin() + taken, true));
        for (std::size_t i = 0; i < n_leaves; ++i) ++lengths[leaves[i].symbol];
        taken = 2 * (taken - n_leaves);
    }
}

std::uint16_t reversed(unsigned code, int length) {
    unsigned result = 0;
    for (int i = 0; i < length; ++i) result |= (code >> i & 1) << (length - 1 - i);
    return static_cast<std::uint16_t>(result);
}

}  // namespace

HuffmanCode huffman_code(const std::vector<std::uint32_t>& counts, int longest) {
    HuffmanCode result{std::vector<std::uint8_t>(counts.size()),
                       std::vector<std::uint16_t>(counts.size())};
    const std::vector<Leaf> leaves = leaves_of(counts);
    if (leaves.size() == 1) result.lengths[leaves[0].symbol] = 1;
    if (leaves.size() > 1) set_lengths(leaves, longest, result.lengths);
    assign_codes(result);
    return result;
}

void assign_codes(HuffmanCode& code) {
    // Codes of one length follow one another; the shorter come first.
    const int longest = *std::max_element(code.lengths.begin(), code.lengths.end());
    unsigned word = 0;
    for (int length = 1; length <= longest; ++length, word <<= 1)
        for (std::size_t symbol = 0; symbol < code.lengths.size(); ++symbol)
            if (code.lengths[symbol] == length) code.codes[symbol] = reversed(word++, length);
}

}  // namespace fewcolors
