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
        const double weight = points.weights == nullptr ? 1.0 : points.weights[i];
        if (weight == 0.0) continue;
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
        weights[slot] += weight;
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

// The columns of rows of any numbers, a byte each.
class NumberColumns {
  public:
    explicit NumberColumns(const std::vector<ByteCodes>& columns) : columns_(columns) {}

    std::uint8_t code(std::size_t row, int dim) const { return columns_[dim].code(row); }
    double value(std::uint8_t code, int dim) const { return columns_[dim].value(code); }

  private:
    const std::vector<ByteCodes>& columns_;
};

// The columns of rows of bytes. Their codes are ranks among the values that a column has, so that
// the order is the one that the same numbers have as doubles.
class ByteColumns {
  public:
    explicit ByteColumns(const ByteRows& rows) : rows_(rows) {
        std::array<std::array<bool, 256>, kMaxCodedDims> occurs{};
        for (std::size_t row = 0; row < rows.count; ++row)
            for (int dim = 0; dim < rows.dims; ++dim) occurs[dim][byte(row, dim)] = true;
        for (int dim = 0; dim < rows.dims; ++dim) {
            std::uint8_t rank = 0;
            for (int value = 0; value < 256; ++value) {
                if (!occurs[dim][value]) continue;
                ranks_[dim][value] = rank;
                values_[dim][rank++] = value;
            }
        }
    }

    std::uint8_t code(std::size_t row, int dim) const { return ranks_[dim][byte(row, dim)]; }
    double value(std::uint8_t code, int dim) const { return values_[dim][code]; }

  private:
    std::uint8_t byte(std::size_t row, int dim) const { return rows_.rows[row * rows_.dims + dim]; }

    const ByteRows rows_;
    std::array<std::array<std::uint8_t, 256>, kMaxCodedDims> ranks_{};
    std::array<std::array<double, 256>, kMaxCodedDims> values_{};
};

struct CodedRow {
    std::uint32_t row;
    std::uint32_t half;
};

// What the rows of one task's buckets have in common.
struct CodedPart {
    std::vector<std::uint32_t> codes;  // ascending
    std::vector<double> weights;
    std::size_t first;  // the place of the first among the codes of all parts
};

// Adds up the weights of each code in the buckets of a task.
template <class WeightOf>
void add_up_part(const Buckets<CodedRow>& buckets, std::size_t task, WeightOf weight_of,
                 CodedPart& part) {
    HalfTable<double> weights;
    const std::size_t first = task * kBucketsOfTask;
    for (std::size_t bucket = first; bucket < first + kBucketsOfTask; ++bucket) {
        for (std::size_t i = buckets.starts[bucket]; i < buckets.starts[bucket + 1]; ++i)
            weights[buckets.items[i].half] += weight_of(buckets.items[i].row);
        weights.drain([&](std::uint32_t half, double weight) {
            part.codes.push_back(static_cast<std::uint32_t>(bucket * kHalfCodes + half));
            part.weights.push_back(weight);
        });
    }
}

// Writes the place of its code for each row in the buckets of a task.
void write_places(const Buckets<CodedRow>& buckets, std::size_t task, const CodedPart& part,
                  std::vector<std::int32_t>& places) {
    std::array<std::int32_t, kHalfCodes> place_of_half;
    std::size_t next = 0;
    const std::size_t first = task * kBucketsOfTask;
    for (std::size_t bucket = first; bucket < first + kBucketsOfTask; ++bucket) {
        for (; next < part.codes.size() && part.codes[next] / kHalfCodes == bucket; ++next)
            place_of_half[part.codes[next] % kHalfCodes] =
                static_cast<std::int32_t>(part.first + next);
        for (std::size_t i = buckets.starts[bucket]; i < buckets.starts[bucket + 1]; ++i)
            places[buckets.items[i].row] = place_of_half[buckets.items[i].half];
    }
}

// The same result, faster, for rows of one to three numbers that have at most 256 values each, as
// pixels do.
template <class Columns>
UniqueRows unique_rows_coded(std::size_t n_rows, const double* given_weights, int dims,
                             const Columns& columns, Team& team) {
    const auto weight_of = [&](std::size_t row) {
        return given_weights == nullptr ? 1.0 : given_weights[row];
    };
    const auto code_of = [&](std::size_t row) {
        if (weight_of(row) == 0.0) return kNoCode;
        std::array<std::uint8_t, kMaxCodedDims> codes{};
        for (int dim = 0; dim < dims; ++dim) codes[dim] = columns.code(row, dim);
        return morton_of_rgb(codes[0], codes[1], codes[2]);
    };
    const Buckets<CodedRow> buckets =
        fill_buckets<CodedRow>(n_rows, team, code_of, [](std::size_t row, std::uint32_t half) {
            return CodedRow{static_cast<std::uint32_t>(row), half};
        });
    std::vector<CodedPart> parts(kHalfCodes / kBucketsOfTask);
    team.run(parts.size(),
             [&](std::size_t task) { add_up_part(buckets, task, weight_of, parts[task]); });
    std::size_t n_unique = 0;
    for (CodedPart& part : parts) {
        part.first = n_unique;
        n_unique += part.weights.size();
    }
    UniqueRows result;
    result.rows.resize(n_unique * dims);
    result.weights.resize(n_unique);
    result.places.assign(n_rows, -1);
    team.run(parts.size(), [&](std::size_t task) {
        const CodedPart& part = parts[task];
        std::copy(part.weights.begin(), part.weights.end(), result.weights.begin() + part.first);
        double* row = result.rows.data() + part.first * dims;
        for (const std::uint32_t code : part.codes) {
            const auto codes = rgb_of_morton(code);
            for (int dim = 0; dim < dims; ++dim) *row++ = columns.value(codes[dim], dim);
        }
        write_places(buckets, task, part, result.places);
    });
    return result;
}

// The rows' numbers as bytes; none where a number is no integer from 0 to 255.
std::vector<std::uint8_t> as_bytes(const Points& points, Team& team) {
    const std::size_t n_numbers = points.count * points.dims;
    std::vector<std::uint8_t> bytes(n_numbers);
    std::vector<std::uint8_t> are_bytes((n_numbers + kItemsOfTask - 1) / kItemsOfTask);
    team.run(are_bytes.size(), [&](std::size_t task) {
        const std::size_t first = task * kItemsOfTask;
        const std::size_t last = std::min(first + kItemsOfTask, n_numbers);
        bool all = true;
        for (std::size_t i = first; i < last && all; ++i) {
            const double number = points.rows[i];
            all = number >= 0.0 && number <= 255.0;
            if (!all) break;
            bytes[i] = static_cast<std::uint8_t>(number);
            all = bytes[i] == number;
        }
        are_bytes[task] = all;
    });
    const bool all = std::find(are_bytes.begin(), are_bytes.end(), 0) == are_bytes.end();
    return all ? bytes : std::vector<std::uint8_t>();
}

}  // namespace

UniqueRows unique_rows(const ByteRows& rows, Team& team) {
    return unique_rows_coded(rows.count, rows.weights, rows.dims, ByteColumns(rows), team);
}

UniqueRows unique_rows(const Points& points, Team& team) {
    if (points.dims <= kMaxCodedDims) {
        const std::vector<std::uint8_t> bytes = as_bytes(points, team);
        if (!bytes.empty())
            return unique_rows({bytes.data(), points.weights, points.count, points.dims}, team);
        std::vector<ByteCodes> columns(points.dims);
        std::vector<std::uint8_t> coded(points.dims);
        team.run(columns.size(), [&](std::size_t dim) {
            coded[dim] =
                columns[dim].read(points.rows, points.count, points.dims, static_cast<int>(dim));
        });
        if (std::find(coded.begin(), coded.end(), 0) == coded.end())
            return unique_rows_coded(points.count, points.weights, points.dims,
                                     NumberColumns(columns), team);
    }
    return unique_rows_hashed(points);
}

}  // namespace fewcolors
