#include "kmeans/unique_rows.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>
#include <stdexcept>

#include "base/slots.hpp"
#include "color/morton.hpp"
#include "histogram/buckets.hpp"
#include "kmeans/grid.hpp"

namespace fewcolors {
namespace {

// The order is that of the widest coordinates only: with more of them each would get too few bits.
constexpr int kOrderDims = 4;
constexpr int kOrderBits = 32;
constexpr int kDigitBits = 11;  // of the radix sort: three passes, counters that fit in L1

std::uint64_t hash_of(const double* row, int dims) {
    std::uint64_t hash = 0;
    for (int dim = 0; dim < dims; ++dim)
        hash = (std::rotl(hash, 23) ^ std::bit_cast<std::uint64_t>(row[dim])) *
               0x9e3779b97f4a7c15u;  // 2^64 / golden ratio, odd
    return scramble(hash);
}

// An integer that orders numbers as they are, and NaN as well: a sort needs a strict order even of
// what another thread of the caller's writes while it is read.
std::int64_t sort_key(double number) {
    const auto bits = std::bit_cast<std::int64_t>(number);
    return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
}

std::vector<std::uint32_t> morton_keys(const double* rows, std::size_t count, int dims) {
    const std::vector<Range> ranges = ranges_of(rows, count, dims);
    std::vector<int> widest(dims);
    std::iota(widest.begin(), widest.end(), 0);
    const auto width = [&](int dim) { return sort_key(ranges[dim].high - ranges[dim].low); };
    std::stable_sort(widest.begin(), widest.end(),
                     [&](int a, int b) { return width(a) > width(b); });
    widest.resize(std::min(dims, kOrderDims));
    const int n_dims = static_cast<int>(widest.size());
    const int bits = std::min(kOrderBits / n_dims, 16);
    std::vector<std::uint32_t> keys(count, 0);
    for (std::size_t row = 0; row < count; ++row) {
        for (int i = 0; i < n_dims; ++i) {
            const double value = rows[row * dims + widest[i]];
            const std::uint32_t step = step_of(value, ranges[widest[i]], 1u << bits);
            for (int bit = 0; bit < bits; ++bit)
                keys[row] |= (step >> bit & 1) << (bit * n_dims + i);
        }
    }
    return keys;
}

// The rows' numbers in the order of their keys; equal keys are ordered by the rows' values.
std::vector<std::uint32_t> ordered(const double* rows, std::size_t count, int dims) {
    const std::vector<std::uint32_t> keys = morton_keys(rows, count, dims);
    std::vector<std::uint32_t> order(count), next(count);
    std::iota(order.begin(), order.end(), 0u);
    constexpr std::uint32_t kDigits = 1u << kDigitBits;
    for (int shift = 0; shift < kOrderBits; shift += kDigitBits) {
        std::array<std::size_t, kDigits + 1> starts{};
        for (const std::uint32_t row : order) ++starts[(keys[row] >> shift & (kDigits - 1)) + 1];
        std::partial_sum(starts.begin(), starts.end(), starts.begin());
        for (const std::uint32_t row : order)
            next[starts[keys[row] >> shift & (kDigits - 1)]++] = row;
        order.swap(next);
    }
    const auto less = [&](std::uint32_t a, std::uint32_t b) {
        return std::lexicographical_compare(
            rows + std::size_t{a} * dims, rows + std::size_t{a} * dims + dims,
            rows + std::size_t{b} * dims, rows + std::size_t{b} * dims + dims,
            [](double x, double y) { return sort_key(x) < sort_key(y); });
    };
    for (std::size_t first = 0; first < count;) {
        std::size_t last = first + 1;
        while (last < count && keys[order[last]] == keys[order[first]]) ++last;
        std::sort(order.begin() + first, order.begin() + last, less);
        first = last;
    }
    return order;
}

UniqueRows unique_rows_hashed(const Points& points) {
    const int dims = points.dims;
    std::vector<double> rows, weights;
    std::vector<std::int32_t> slot_of_row(points.count, -1);
    std::vector<double> row(dims);
    bool is_finite = true;
    Slots slots;
    for (std::size_t i = 0; i < points.count; ++i) {
        if (points.weights[i] == 0.0) continue;
        for (int dim = 0; dim < dims; ++dim) {
            row[dim] = points.rows[i * dims + dim] + 0.0;  // -0 and 0 are the same number
            is_finite &= std::isfinite(row[dim]);
        }
        const std::uint32_t slot = slots.find_or_add(hash_of(row.data(), dims), [&](auto other) {
            return std::equal(row.begin(), row.end(), &rows[std::size_t{other} * dims]);
        });
        if (slot == weights.size()) {
            rows.insert(rows.end(), row.begin(), row.end());
            weights.push_back(0.0);
        }
        weights[slot] += points.weights[i];
        slot_of_row[i] = static_cast<std::int32_t>(slot);
    }

    // NaN has no place in an order: sorting would read outside of the rows.
    if (!is_finite) throw std::invalid_argument("X contains NaN or infinity");
    const std::vector<std::uint32_t> order = ordered(rows.data(), weights.size(), dims);
    UniqueRows result;
    result.rows.reserve(rows.size());
    result.weights.reserve(weights.size());
    std::vector<std::int32_t> place_of_slot(order.size());
    for (std::size_t place = 0; place < order.size(); ++place) {
        const double* const from = &rows[std::size_t{order[place]} * dims];
        result.rows.insert(result.rows.end(), from, from + dims);
        result.weights.push_back(weights[order[place]]);
        place_of_slot[order[place]] = static_cast<std::int32_t>(place);
    }
    for (std::int32_t& slot : slot_of_row)
        if (slot >= 0) slot = place_of_slot[slot];
    result.places = std::move(slot_of_row);
    return result;
}

// The distinct values of a column, if a byte can number them, and each row's number.
class ByteCodes {
  public:
    // Returns false as soon as there are more than 256 values, or one that has no place in an
    // order.
    bool read(const double* rows, std::size_t count, int dims, int dim) {
        codes_.resize(count);
        for (std::size_t row = 0; row < count; ++row) {
            const double value = rows[row * dims + dim] + 0.0;  // -0 and 0 are the same number
            const auto bits = std::bit_cast<std::uint64_t>(value);
            std::size_t place = scramble(bits) % kPlaces;
            while (codes_at_[place] >= 0 && bits_at_[place] != bits) place = (place + 1) % kPlaces;
            if (codes_at_[place] < 0) {
                if (values_.size() == 256 || !std::isfinite(value)) return false;
                codes_at_[place] = static_cast<std::int16_t>(values_.size());
                bits_at_[place] = bits;
                values_.push_back(value);
            }
            codes_[row] = static_cast<std::uint8_t>(codes_at_[place]);
        }
        rank();
        return true;
    }

    std::uint8_t code(std::size_t row) const { return codes_[row]; }
    double value(std::uint8_t code) const { return values_[code]; }

  private:
    // Renumbers the values in ascending order: then near codes are near values.
    void rank() {
        std::vector<std::uint8_t> order(values_.size());
        std::iota(order.begin(), order.end(), std::uint8_t{0});
        std::sort(order.begin(), order.end(), [&](std::uint8_t a, std::uint8_t b) {
            return sort_key(values_[a]) < sort_key(values_[b]);
        });
        std::array<std::uint8_t, 256> ranks{};
        std::vector<double> sorted(256);  // whatever the code, there is a value
        for (std::size_t i = 0; i < order.size(); ++i) {
            ranks[order[i]] = static_cast<std::uint8_t>(i);
            sorted[i] = values_[order[i]];
        }
        values_ = std::move(sorted);
        for (std::uint8_t& code : codes_) code = ranks[code];
    }

    static constexpr std::size_t kPlaces = 1024;  // four times the values: short searches

    std::vector<std::uint8_t> codes_;
    std::vector<double> values_;
    std::array<std::uint64_t, kPlaces> bits_at_{};
    std::array<std::int16_t, kPlaces> codes_at_ = [] {
        std::array<std::int16_t, kPlaces> none;
        none.fill(-1);
        return none;
    }();
};

struct CodedRow {
    std::uint32_t row;
    std::uint32_t half;
};

// The same result, faster, for rows of one to three numbers that have at most 256 values each, as
// pixels do.
UniqueRows unique_rows_coded(const Points& points, const std::vector<ByteCodes>& columns,
                             Team& team) {
    const int dims = points.dims;
    const auto code_of = [&](std::size_t row) {
        if (points.weights[row] == 0.0) return kNoCode;
        std::array<std::uint8_t, 3> codes{};
        for (int dim = 0; dim < dims; ++dim) codes[dim] = columns[dim].code(row);
        return morton_of_rgb(codes[0], codes[1], codes[2]);
    };
    const Buckets<CodedRow> buckets = fill_buckets<CodedRow>(
        points.count, team, code_of, [](std::size_t row, std::uint32_t half) {
            return CodedRow{static_cast<std::uint32_t>(row), half};
        });
    UniqueRows result;
    result.places.assign(points.count, -1);
    struct Part {
        std::vector<double> rows, weights;
    };
    std::vector<Part> parts(kHalfCodes / kBucketsOfTask);
    team.run(parts.size(), [&](std::size_t task) {
        Part& part = parts[task];
        HalfTable<double> weights;
        std::array<std::int32_t, kHalfCodes> numbers;  // within the part, for now
        const std::size_t first = task * kBucketsOfTask;
        for (std::size_t bucket = first; bucket < first + kBucketsOfTask; ++bucket) {
            const CodedRow* const items = buckets.items.get() + buckets.starts[bucket];
            const std::size_t count = buckets.starts[bucket + 1] - buckets.starts[bucket];
            for (std::size_t i = 0; i < count; ++i)
                weights[items[i].half] += points.weights[items[i].row];
            weights.drain([&](std::uint32_t half, double weight) {
                numbers[half] = static_cast<std::int32_t>(part.weights.size());
                part.weights.push_back(weight);
                const auto codes =
                    rgb_of_morton(static_cast<std::uint32_t>(bucket * kHalfCodes + half));
                for (int dim = 0; dim < dims; ++dim)
                    part.rows.push_back(columns[dim].value(codes[dim]));
            });
            for (std::size_t i = 0; i < count; ++i)
                result.places[items[i].row] = numbers[items[i].half];
        }
    });
    std::vector<std::int32_t> firsts;
    for (const Part& part : parts) {
        firsts.push_back(static_cast<std::int32_t>(result.weights.size()));
        result.rows.insert(result.rows.end(), part.rows.begin(), part.rows.end());
        result.weights.insert(result.weights.end(), part.weights.begin(), part.weights.end());
    }
    team.run(parts.size(), [&](std::size_t task) {
        const CodedRow* const items = buckets.items.get();
        const std::size_t first = buckets.starts[task * kBucketsOfTask];
        const std::size_t last = buckets.starts[(task + 1) * kBucketsOfTask];
        for (std::size_t i = first; i < last; ++i) result.places[items[i].row] += firsts[task];
    });
    return result;
}

}  // namespace

UniqueRows unique_rows(const Points& points, Team& team) {
    if (points.dims <= 3) {
        std::vector<ByteCodes> columns(points.dims);
        std::vector<std::uint8_t> coded(points.dims);
        team.run(columns.size(), [&](std::size_t dim) {
            coded[dim] =
                columns[dim].read(points.rows, points.count, points.dims, static_cast<int>(dim));
        });
        if (std::find(coded.begin(), coded.end(), 0) == coded.end())
            return unique_rows_coded(points, columns, team);
    }
    return unique_rows_hashed(points);
}

}  // namespace fewcolors
