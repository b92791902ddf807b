#include "weigh/local_contrast.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace fewcolors {
namespace {

constexpr int kFineRadius = 2;    // a box of 5: the deviation of a Gaussian of 1.4 pixels
constexpr int kCoarseRadius = 6;  // a box of 13: 3.7 pixels
constexpr int kLeastRadius = 2;

// Contrast is found tile by tile, so that the memory of a task does not grow with the picture, be
// it a single row. Wider pictures repeat work only where tiles meet, 16 columns of each.
constexpr std::size_t kRowsOfTile = 64;
constexpr std::size_t kColumnsOfTile = 4096;

// Coordinates are summed as integers: adding and subtracting is exact, so flat areas have no
// contrast at all. With 2048 steps the squares in a box still fit 32 bits.
constexpr float kSteps = 2048.0f;

constexpr int kMaxSums = kMaxPlanes + 1;  // each coordinate, and the squares of all together

using Row = std::vector<std::int32_t>;

// Adds a sign times one row to another.
KERNEL_CLONES void add_row(const std::int32_t* row, std::size_t count, std::int32_t sign,
                           std::int32_t* sums) {
    for (std::size_t x = 0; x < count; ++x) sums[x] += sign * row[x];
}

KERNEL_CLONES void round_row(const float* plane, std::size_t count, std::int32_t* coordinates,
                             std::int32_t* squares) {
    constexpr std::int32_t kOffset = 4096;  // makes numbers positive: truncation then rounds
    for (std::size_t x = 0; x < count; ++x) {
        const auto rounded =
            static_cast<std::int32_t>(plane[x] * kSteps + (kOffset + 0.5f)) - kOffset;
        coordinates[x] = rounded;
        squares[x] += rounded * rounded;
    }
}

// Writes the running sums of a row. Overflow cancels out in their differences.
void add_along(std::int32_t* row, std::size_t count, std::uint32_t* sums) {
    std::uint32_t sum = 0;
    for (std::size_t x = 0; x < count; ++x) {
        sums[x] = sum;
        sum += static_cast<std::uint32_t>(row[x]);
    }
    sums[count] = sum;
}

// Adds the sum over each box times a factor, or subtracts the square of the sum.
KERNEL_CLONES void add_boxes(const std::uint32_t* sums, std::size_t count, int size, double factor,
                             double* result) {
    for (std::size_t x = 0; x < count; ++x)
        result[x] += factor * static_cast<std::int32_t>(sums[x + size] - sums[x]);
}
KERNEL_CLONES void subtract_squares(const std::uint32_t* sums, std::size_t count, int size,
                                    double* result) {
    for (std::size_t x = 0; x < count; ++x) {
        const double sum = static_cast<std::int32_t>(sums[x + size] - sums[x]);
        result[x] -= sum * sum;
    }
}

KERNEL_CLONES void write_deviations(const double* fine, const double* coarse, std::size_t count,
                                    double scale, float* contrast) {
    for (std::size_t x = 0; x < count; ++x)
        contrast[x] = static_cast<float>(std::sqrt(std::sqrt(fine[x] * coarse[x])) * scale);
}

KERNEL_CLONES void take_least(const float* row, std::size_t count, float* least) {
    for (std::size_t x = 0; x < count; ++x) least[x] = row[x] < least[x] ? row[x] : least[x];
}

KERNEL_CLONES void write_bytes(const float* contrast, const float* least, std::size_t count,
                               std::uint8_t* bytes) {
    for (std::size_t x = 0; x < count; ++x) {
        const float mean = 0.5f * contrast[x] + 0.5f * least[x];
        const float step = std::sqrt(mean * (1.0f / kMaxContrast)) * 255.0f + 0.5f;
        bytes[x] = static_cast<std::uint8_t>(step < 255.0f ? step : 255.0f);
    }
}

// Rows or columns from `first` up to `end`.
struct Range {
    std::size_t first;
    std::size_t end;

    std::size_t size() const { return end - first; }
};

// A range with `more` on either side, where there are as many: there are `count` in all.
Range widened(const Range& range, std::size_t more, std::size_t count) {
    return {range.first - std::min(range.first, more), std::min(range.end + more, count)};
}

// Box sums that move down some columns of a picture row by row. Beyond its edges the picture goes
// on as it ends.
class Boxes {
  public:
    Boxes(const Picture& picture, const Range& columns)
        : picture_(picture),
          width_(columns.size()),
          source_(widened(columns, kCoarseRadius, picture.width)),
          before_(kCoarseRadius - (columns.first - source_.first)),
          n_sums_(picture.channels + 1),
          padded_(width_ + 2 * kCoarseRadius),
          ring_(std::size_t{kRingRows} * n_sums_ * padded_),
          plane_rows_(std::size_t{kMaxPlanes} * source_.size()),
          fine_(n_sums_ * padded_),
          coarse_(n_sums_ * padded_),
          along_(padded_ + 1) {}

    // Starts with the boxes around row y.
    void start(std::ptrdiff_t y) {
        for (std::ptrdiff_t t = y - kCoarseRadius; t < y + kCoarseRadius; ++t) {
            fill(t);
            add(t, 1, coarse_);
        }
        for (std::ptrdiff_t t = y - kFineRadius; t < y + kFineRadius; ++t) add(t, 1, fine_);
    }

    // Writes the contrast of row y, and moves on to the next.
    void write(std::ptrdiff_t y, float* contrast) {
        fill(y + kCoarseRadius);
        add(y + kCoarseRadius, 1, coarse_);
        add(y + kFineRadius, 1, fine_);
        const std::vector<double> fine = variances(fine_, kFineRadius);
        const std::vector<double> coarse = variances(coarse_, kCoarseRadius);
        constexpr int kFineSize = 2 * kFineRadius + 1, kCoarseSize = 2 * kCoarseRadius + 1;
        write_deviations(fine.data(), coarse.data(), width_,
                         1.0 / (kFineSize * kCoarseSize * kSteps), contrast);
        add(y - kCoarseRadius, -1, coarse_);
        add(y - kFineRadius, -1, fine_);
    }

  private:
    static constexpr int kRingRows = 2 * kCoarseRadius + 1;

    std::int32_t* ring_row(std::ptrdiff_t y) {
        const auto place = static_cast<std::size_t>(y + kRingRows) % kRingRows;
        return ring_.data() + place * n_sums_ * padded_;
    }

    void add(std::ptrdiff_t y, int sign, Row& sums) {
        add_row(ring_row(y), n_sums_ * padded_, sign, sums.data());
    }

    // Puts row y of the picture, or the nearest there is, into the ring. Rows come in order.
    void fill(std::ptrdiff_t y) {
        const auto last = static_cast<std::ptrdiff_t>(picture_.height) - 1;
        const std::ptrdiff_t nearest = std::clamp<std::ptrdiff_t>(y, 0, last);
        if (nearest == last_filled_) {  // beyond an edge
            std::copy_n(ring_row(y - 1), n_sums_ * padded_, ring_row(y));
            return;
        }
        last_filled_ = nearest;
        const std::size_t width = source_.size();
        float* planes[kMaxPlanes];
        for (int c = 0; c < kMaxPlanes; ++c) planes[c] = plane_rows_.data() + c * width;
        const std::uint8_t* const row = picture_.row(nearest);
        to_planes(row + source_.first * picture_.channels, width, picture_.channels, planes);
        std::int32_t* const sums = ring_row(y);
        std::int32_t* const squares = sums + picture_.channels * padded_;
        std::fill(squares, squares + padded_, 0);
        for (int c = 0; c < picture_.channels; ++c)
            round_row(planes[c], width, sums + c * padded_ + before_, squares + before_);
        for (int c = 0; c < n_sums_; ++c) {
            std::int32_t* const first = sums + c * padded_ + before_;
            std::fill(first - before_, first, first[0]);
            std::fill(first + width, sums + (c + 1) * padded_, first[width - 1]);
        }
    }

    // The variance in each box, times the square of the number of its pixels.
    std::vector<double> variances(Row& sums, int radius) {
        const int size = 2 * radius + 1;
        std::vector<double> result(width_);
        for (int c = 0; c < n_sums_; ++c) {
            add_along(sums.data() + c * padded_, padded_, along_.data());
            const std::uint32_t* const first = along_.data() + kCoarseRadius - radius;
            if (c < picture_.channels)
                subtract_squares(first, width_, size, result.data());
            else
                add_boxes(first, width_, size, size * size, result.data());
        }
        return result;
    }

    const Picture picture_;
    std::size_t width_;   // columns whose boxes are summed
    Range source_;        // columns that those boxes reach
    std::size_t before_;  // columns that they reach before the picture's first
    int n_sums_;
    std::size_t padded_;
    Row ring_;
    std::vector<float> plane_rows_;
    Row fine_, coarse_;
    std::vector<std::uint32_t> along_;
    std::ptrdiff_t last_filled_ = -1;  // the row of the picture that was put into the ring
};

// The least within kLeastRadius along the row.
void write_least_along(const float* row, std::size_t width, float* least) {
    std::copy(row, row + width, least);
    for (std::size_t shift = 1; shift <= std::min<std::size_t>(kLeastRadius, width - 1); ++shift) {
        take_least(row + shift, width - shift, least);
        take_least(row, width - shift, least + shift);
    }
}

void contrast_of_tile(const Picture& picture, const Range& rows, const Range& columns,
                      std::uint8_t* bytes) {
    const Range known_rows = widened(rows, kLeastRadius, picture.height);
    const Range known_columns = widened(columns, kLeastRadius, picture.width);
    const std::size_t width = known_columns.size();
    std::vector<float> contrast(known_rows.size() * width), along(contrast.size()), least(width);
    Boxes boxes(picture, known_columns);
    boxes.start(static_cast<std::ptrdiff_t>(known_rows.first));
    for (std::size_t y = known_rows.first; y < known_rows.end; ++y) {
        float* const row = contrast.data() + (y - known_rows.first) * width;
        boxes.write(static_cast<std::ptrdiff_t>(y), row);
        write_least_along(row, width, along.data() + (y - known_rows.first) * width);
    }
    const std::size_t skipped = columns.first - known_columns.first;
    for (std::size_t y = rows.first; y < rows.end; ++y) {
        const Range near = widened({y, y + 1}, kLeastRadius, picture.height);
        std::copy_n(along.data() + (y - known_rows.first) * width, width, least.data());
        for (std::size_t t = near.first; t < near.end; ++t)
            take_least(along.data() + (t - known_rows.first) * width, width, least.data());
        write_bytes(contrast.data() + (y - known_rows.first) * width + skipped,
                    least.data() + skipped, columns.size(),
                    bytes + y * picture.width + columns.first);
    }
}

}  // namespace

std::array<float, 256> contrast_of_bytes() {
    std::array<float, 256> contrast;
    for (int byte = 0; byte < 256; ++byte) {
        const float root = byte / 255.0f;
        contrast[byte] = root * root * kMaxContrast;
    }
    return contrast;
}

std::array<std::uint8_t, 256> palette_weights() {
    constexpr float kFloor = 0.01f;
    constexpr float kScale = 16.0f;  // weights of 22 to 160
    const std::array<float, 256> contrast = contrast_of_bytes();
    std::array<std::uint8_t, 256> weights;
    for (int byte = 0; byte < 256; ++byte)
        weights[byte] =
            static_cast<std::uint8_t>(kScale / std::sqrt(contrast[byte] + kFloor) + 0.5f);
    return weights;
}

void local_contrast(const Picture& picture, Team& team, std::uint8_t* contrast) {
    const std::size_t n_across = (picture.width + kColumnsOfTile - 1) / kColumnsOfTile;
    const std::size_t n_down = (picture.height + kRowsOfTile - 1) / kRowsOfTile;
    const auto part = [](std::size_t number, std::size_t size, std::size_t count) {
        return Range{number * size, std::min((number + 1) * size, count)};
    };
    team.run(n_across * n_down, [&](std::size_t tile) {
        contrast_of_tile(picture, part(tile / n_across, kRowsOfTile, picture.height),
                         part(tile % n_across, kColumnsOfTile, picture.width), contrast);
    });
}

}  // namespace fewcolors
