#include "weigh/repetition.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace fewcolors {
namespace {

constexpr std::size_t kRowsOfTask = 64;

constexpr int kNoise = 8;  // the largest difference in a channel, of 255, that counts as slight

// Columns whose colours are looked up at a time: both rows of them stay in the nearest cache.
constexpr std::size_t kColumnsOfPiece = 1024;

struct RepetitionCounts {
    std::size_t hidden = 0, left = 0, above = 0, noisy = 0;
};

int largest_step(const std::uint8_t* pixel, const std::uint8_t* neighbor, int channels) {
    int largest = 0;
    for (int c = 0; c < channels; ++c)
        largest = std::max(largest, std::abs(pixel[c] - neighbor[c]));
    return largest;
}

bool is_hidden(const std::uint8_t* pixel, int channels) { return channels == 4 && pixel[3] == 0; }

std::size_t count_hidden(const std::uint8_t* row, std::size_t bytes, int channels) {
    std::size_t count = 0;
    if (channels == 4)
        for (std::size_t at = 0; at < bytes; at += channels) count += is_hidden(row + at, channels);
    return count;
}

void count_repetition(const std::uint8_t* row, std::size_t bytes, int channels,
                      RepetitionCounts& counts) {
    for (std::size_t at = channels; at < bytes; at += channels) {
        if (is_hidden(row + at, channels)) continue;
        const int left = largest_step(row + at, row + at - channels, channels);
        const int above = largest_step(row + at, row + at - bytes, channels);
        counts.left += left == 0;
        counts.above += above == 0;
        const bool is_drawn =
            channels == 4 && (row[at + 3] != row[at - 1] || row[at + 3] != row[at - bytes + 3]);
        counts.noisy += !is_drawn && left > 0 && left <= kNoise && above > 0 && above <= kNoise;
    }
}

// Adds what the row at `indices`, with another above it, repeats.
void count_repetition(const std::uint8_t* indices, std::size_t width, const Color* palette,
                      RepetitionCounts& counts) {
    constexpr int kChannels = 4;
    std::uint8_t rows[2][kColumnsOfPiece * kChannels];
    // Pieces overlap by a pixel, since the first of a piece is not counted.
    for (std::size_t x = 0; x + 1 < width; x += kColumnsOfPiece - 1) {
        const std::size_t n_columns = std::min(kColumnsOfPiece, width - x);
        std::uint8_t* const upper = rows[0];
        std::uint8_t* const lower = upper + n_columns * kChannels;
        for (std::size_t i = 0; i < n_columns; ++i) {
            const std::uint8_t* const index = indices + x + i;
            std::memcpy(upper + i * kChannels, palette[*(index - width)].data(), kChannels);
            std::memcpy(lower + i * kChannels, palette[*index].data(), kChannels);
        }
        count_repetition(lower, n_columns * kChannels, kChannels, counts);
    }
}

Repetition shares_of(const std::vector<RepetitionCounts>& tasks, std::size_t n_pixels) {
    RepetitionCounts sum;
    for (const RepetitionCounts& counts : tasks) {
        sum.hidden += counts.hidden;
        sum.left += counts.left;
        sum.above += counts.above;
        sum.noisy += counts.noisy;
    }
    const auto visible = static_cast<double>(std::max<std::size_t>(1, n_pixels - sum.hidden));
    return {static_cast<double>(std::max(sum.left, sum.above)) / visible,
            static_cast<double>(sum.noisy) / visible};
}

}  // namespace

Repetition repetition(const Picture& picture, Team& team) {
    const std::size_t bytes = picture.width * picture.channels;
    const std::size_t n_tasks = (picture.height + kRowsOfTask - 1) / kRowsOfTask;
    std::vector<RepetitionCounts> tasks(n_tasks);
    team.run(n_tasks, [&](std::size_t task) {
        RepetitionCounts counts;
        const std::size_t last = std::min((task + 1) * kRowsOfTask, picture.height);
        for (std::size_t y = std::max<std::size_t>(1, task * kRowsOfTask); y < last; ++y)
            count_repetition(picture.row(y), bytes, picture.channels, counts);
        for (std::size_t y = task * kRowsOfTask; y < last; ++y)
            counts.hidden += count_hidden(picture.row(y), bytes, picture.channels);
        tasks[task] = counts;
    });
    return shares_of(tasks, picture.width * picture.height);
}

Repetition repetition(const std::uint8_t* indices, std::size_t width, std::size_t height,
                      const Color* palette, Team& team) {
    const std::size_t n_tasks = (height + kRowsOfTask - 1) / kRowsOfTask;
    std::vector<RepetitionCounts> tasks(n_tasks);
    team.run(n_tasks, [&](std::size_t task) {
        RepetitionCounts counts;
        const std::size_t first = task * kRowsOfTask;
        const std::size_t last = std::min(first + kRowsOfTask, height);
        for (std::size_t y = std::max<std::size_t>(1, first); y < last; ++y)
            count_repetition(indices + y * width, width, palette, counts);
        for (std::size_t i = first * width; i < last * width; ++i)
            counts.hidden += palette[indices[i]][3] == 0;
        tasks[task] = counts;
    });
    return shares_of(tasks, width * height);
}

}  // namespace fewcolors
