#include "score/metrics.hpp"

#include <algorithm>
#include <array>

#include "score/ssimulacra2.hpp"

namespace fewcolors {
namespace {

// White, mid grey and black: the backgrounds on which pictures with alpha are judged. Those that
// look right on white and on black can be up to twelve points worse on grey.
constexpr std::array<int, 3> kGrounds = {255, 128, 0};

constexpr std::size_t kPixelsOfTask = std::size_t{1} << 17;

// 255^2 times the squared distance of two colours, exactly.
std::uint64_t squared_distance(const std::uint8_t* pixel, int channels, const Color& entry) {
    const int alpha = channels == 4 ? pixel[3] : 255;
    const int alpha_error = 255 * (alpha - entry[3]);
    std::uint64_t sum = static_cast<std::uint64_t>(std::int64_t{alpha_error} * alpha_error);
    for (int c = 0; c < 3; ++c) {
        const int error = pixel[c] * alpha - entry[c] * entry[3];
        sum += static_cast<std::uint64_t>(std::int64_t{error} * error);
    }
    return sum;
}

struct Sums {
    std::array<std::uint64_t, 256> counts{};
    std::uint64_t error = 0;
};

// An entry for every index that a byte can hold: those beyond the palette are transparent black.
using EveryEntry = std::array<Color, 256>;

EveryEntry every_entry(const Color* palette, std::size_t n_entries) {
    EveryEntry entries{};
    std::copy_n(palette, std::min(n_entries, entries.size()), entries.begin());
    return entries;
}

// A part of a picture and of its result, as RGB on a background.
struct Views {
    std::size_t width;
    std::size_t height;
    std::vector<std::uint8_t> original;
    std::vector<std::uint8_t> result;
};

void blend(const std::uint8_t* color, int alpha, int background, std::uint8_t* rgb) {
    for (int c = 0; c < 3; ++c)
        rgb[c] =
            static_cast<std::uint8_t>((color[c] * alpha + background * (255 - alpha) + 127) / 255);
}

// On smaller pictures the measure has fewer scales, and its score is far too high. They are
// repeated up to this size, and one repetition is measured.
constexpr std::size_t kLeastSide = 225;
constexpr std::size_t kMostPixels = std::size_t{1} << 21;
constexpr std::size_t kTileSide = 512;
constexpr std::size_t kTilesAlong = 4;
constexpr std::size_t kTilesAcross = 2;

Views views_of(const Picture& picture, const std::uint8_t* indices, const EveryEntry& palette,
               std::size_t left, std::size_t top, std::size_t width, std::size_t height,
               int background) {
    Views views{width, height, {}, {}};
    views.original.resize(width * height * 3);
    views.result.resize(width * height * 3);
    for (std::size_t y = 0; y < height; ++y) {
        const std::size_t from = (top + y) % picture.height;
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t at = from * picture.width + (left + x) % picture.width;
            const std::uint8_t* const pixel = picture.bytes + at * picture.channels;
            const Color& entry = palette[indices[at]];
            const std::size_t to = (y * width + x) * 3;
            blend(pixel, picture.channels == 4 ? pixel[3] : 255, background, &views.original[to]);
            blend(entry.data(), entry[3], background, &views.result[to]);
        }
    }
    return views;
}

// Of `count` rows or columns, which may repeat those of a picture, one repetition in the middle.
Span once(std::size_t side, std::size_t count) {
    return side < count ? Span{(count - side) / 2, side} : Span{0, count};
}

double score_on(const Picture& picture, const std::uint8_t* indices, const EveryEntry& palette,
                int background, Team& team) {
    const auto score_of = [&](std::size_t left, std::size_t top, std::size_t width,
                              std::size_t height) {
        const Views views =
            views_of(picture, indices, palette, left, top, width, height, background);
        return Ssimulacra2Reference(views.original.data(), width, height, team)
            .score(views.result.data(), once(picture.height, height), once(picture.width, width),
                   team);
    };
    const std::size_t width = std::max(picture.width, kLeastSide);
    const std::size_t height = std::max(picture.height, kLeastSide);
    if (width * height <= kMostPixels) return score_of(0, 0, width, height);
    const std::size_t columns = width >= height ? kTilesAlong : kTilesAcross;
    const std::size_t rows = width >= height ? kTilesAcross : kTilesAlong;
    const std::size_t tile_width = std::min(kTileSide, width);
    const std::size_t tile_height = std::min(kTileSide, height);
    double sum = 0.0;
    for (std::size_t row = 0; row < rows; ++row)
        for (std::size_t column = 0; column < columns; ++column)
            sum += score_of((width - tile_width) * (2 * column + 1) / (2 * columns),
                            (height - tile_height) * (2 * row + 1) / (2 * rows), tile_width,
                            tile_height);
    return sum / static_cast<double>(rows * columns);
}

}  // namespace

Comparison compare(const Picture& picture, const std::uint8_t* indices, const Color* palette,
                   std::size_t n_entries, Team& team) {
    const std::size_t n_pixels = picture.width * picture.height;
    const EveryEntry entries = every_entry(palette, n_entries);
    std::vector<Sums> tasks((n_pixels + kPixelsOfTask - 1) / kPixelsOfTask);
    team.run(tasks.size(), [&](std::size_t task) {
        Sums sums;
        const std::size_t last = std::min((task + 1) * kPixelsOfTask, n_pixels);
        for (std::size_t i = task * kPixelsOfTask; i < last; ++i) {
            const std::uint8_t index = indices[i];
            ++sums.counts[index];
            sums.error += squared_distance(picture.bytes + i * picture.channels, picture.channels,
                                           entries[index]);
        }
        tasks[task] = sums;
    });
    Comparison comparison{std::vector<std::uint64_t>(n_entries), 0.0};
    for (const Sums& sums : tasks) {
        for (std::size_t i = 0; i < n_entries; ++i) comparison.counts[i] += sums.counts[i];
        comparison.squared_error += static_cast<double>(sums.error) / (255.0 * 255.0);
    }
    return comparison;
}

double score(const Picture& picture, const std::uint8_t* indices, const Color* palette,
             std::size_t n_entries, Team& team) {
    const EveryEntry entries = every_entry(palette, n_entries);
    if (picture.channels == 3) return score_on(picture, indices, entries, 0, team);
    double sum = 0.0;
    for (const int ground : kGrounds) sum += score_on(picture, indices, entries, ground, team);
    return sum / static_cast<double>(kGrounds.size());
}

}  // namespace fewcolors
