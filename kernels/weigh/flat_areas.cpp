#include "weigh/flat_areas.hpp"

#include <algorithm>
#include <cstring>
#include <unordered_map>

namespace fewcolors {
namespace {

constexpr std::size_t kPixelsOfBand = std::size_t{1} << 22;

// Pixels of one colour side by side in a row.
struct Run {
    std::uint32_t begin, end;  // columns
    std::uint32_t color;
    std::uint32_t root;   // the number of a run of the same area, at last of the area's first one
    std::uint32_t count;  // pixels of the area, in its first run
};

std::uint32_t color_at(const std::uint8_t* pixel, int channels) {
    std::uint8_t bytes[4] = {0, 0, 0, 255};
    std::memcpy(bytes, pixel, channels);
    if (bytes[3] == 0) return 0;
    std::uint32_t color;
    std::memcpy(&color, bytes, sizeof color);
    return color;
}

class Band {
  public:
    Band(const Picture& picture, std::size_t first, std::size_t n_rows)
        : picture_(picture), first_(first), n_rows_(n_rows) {
        starts_.reserve(n_rows + 1);
        for (std::size_t y = 0; y < n_rows; ++y) add_row(y);
        starts_.push_back(runs_.size());
    }

    void write(std::unordered_map<std::uint32_t, std::size_t>& counts, std::uint8_t* is_flat) {
        for (std::size_t y = 0; y < n_rows_; ++y) {
            std::uint8_t* const row = is_flat + (first_ + y) * picture_.width;
            for (std::size_t i = starts_[y]; i < starts_[y + 1]; ++i) {
                const Run& run = runs_[i];
                const Run& area = runs_[root_of(static_cast<std::uint32_t>(i))];
                if (area.count < kLeastFlatArea || run.color == 0) continue;
                std::fill(row + run.begin, row + run.end, std::uint8_t{1});
                counts[run.color] += run.end - run.begin;
            }
        }
    }

  private:
    void add_row(std::size_t y) {
        const std::size_t above = y == 0 ? 0 : starts_.back(), start = runs_.size();
        starts_.push_back(start);
        const std::uint8_t* const row = picture_.row(first_ + y);
        const int channels = picture_.channels;
        const auto width = static_cast<std::uint32_t>(picture_.width);
        for (std::uint32_t x = 0; x < width;) {
            const std::uint32_t color = color_at(row + std::size_t{x} * channels, channels);
            std::uint32_t end = x + 1;
            while (end < width && color_at(row + std::size_t{end} * channels, channels) == color)
                ++end;
            runs_.push_back({x, end, color, static_cast<std::uint32_t>(runs_.size()), end - x});
            x = end;
        }
        if (y == 0) return;
        std::size_t upper = above;
        for (std::size_t i = start; i < runs_.size(); ++i) {
            while (upper < start && runs_[upper].end <= runs_[i].begin) ++upper;
            for (std::size_t j = upper; j < start && runs_[j].begin < runs_[i].end; ++j)
                if (runs_[j].color == runs_[i].color)
                    join(static_cast<std::uint32_t>(j), static_cast<std::uint32_t>(i));
        }
    }

    std::uint32_t root_of(std::uint32_t run) {
        while (runs_[run].root != run) {
            runs_[run].root = runs_[runs_[run].root].root;
            run = runs_[run].root;
        }
        return run;
    }

    void join(std::uint32_t one, std::uint32_t other) {
        one = root_of(one);
        other = root_of(other);
        if (one == other) return;
        if (other < one) std::swap(one, other);
        runs_[other].root = one;
        runs_[one].count += runs_[other].count;
    }

    const Picture& picture_;
    std::size_t first_, n_rows_;
    std::vector<Run> runs_;
    std::vector<std::size_t> starts_;  // of each row's runs
};

}  // namespace

FlatAreas flat_areas(const Picture& picture, std::uint8_t* is_flat) {
    std::fill_n(is_flat, picture.width * picture.height, std::uint8_t{0});
    std::unordered_map<std::uint32_t, std::size_t> counts;
    const std::size_t n_rows = std::max<std::size_t>(1, kPixelsOfBand / picture.width);
    for (std::size_t first = 0; first < picture.height; first += n_rows)
        Band(picture, first, std::min(n_rows, picture.height - first)).write(counts, is_flat);
    std::vector<std::pair<std::size_t, Color>> found;
    for (const auto& [color, count] : counts) {
        Color bytes;
        std::memcpy(bytes.data(), &color, sizeof color);
        found.emplace_back(count, bytes);
    }
    std::sort(found.begin(), found.end(), [](const auto& one, const auto& other) {
        return one.first != other.first ? one.first > other.first : one.second < other.second;
    });
    FlatAreas areas;
    for (const auto& [count, color] : found) {
        areas.colors.push_back(color);
        areas.counts.push_back(static_cast<double>(count));
    }
    return areas;
}

}  // namespace fewcolors
