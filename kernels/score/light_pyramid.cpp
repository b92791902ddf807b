#include "score/light_pyramid.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/common.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

constexpr int kChannels = 3;
constexpr std::size_t kLeastSide = 8;  // of a scale: there are no smaller ones
constexpr std::size_t kRowsOfTask = 32;

const std::array<float, 256>& light_of_bytes() {
    static const std::array<float, 256> table = [] {
        std::array<float, 256> made;
        std::copy(linear_light().begin(), linear_light().end(), made.begin());
        return made;
    }();
    return table;
}

std::size_t half(std::size_t side) { return (side + 1) / 2; }

// The means of 2 x 2 pixels; an odd column at the end has itself for a neighbour.
KERNEL_CLONES void halve_row(const float* __restrict upper, const float* __restrict lower,
                             std::size_t width, float* __restrict to) {
    for (std::size_t i = 0; i < width / 2; ++i)
        to[i] = 0.25f * ((upper[2 * i] + upper[2 * i + 1]) + (lower[2 * i] + lower[2 * i + 1]));
    if (width % 2 == 1) to[width / 2] = 0.5f * (upper[width - 1] + lower[width - 1]);
}

// The picture, extended by its mirror images to a new size.
std::unique_ptr<std::uint8_t[]> enlarge(const std::uint8_t* rgb, std::size_t width,
                                        std::size_t height, std::size_t new_width,
                                        std::size_t new_height) {
    auto made = std::make_unique_for_overwrite<std::uint8_t[]>(new_width * new_height * kChannels);
    std::uint8_t* to = made.get();
    for (std::size_t y = 0; y < new_height; ++y)
        for (std::size_t x = 0; x < new_width; ++x, to += kChannels)
            std::copy_n(&rgb[(mirrored(y, height) * width + mirrored(x, width)) * kChannels],
                        kChannels, to);
    return made;
}

}  // namespace

std::size_t mirrored(std::ptrdiff_t i, std::size_t n) {
    const std::size_t place = static_cast<std::size_t>(i < 0 ? -1 - i : i) % (2 * n);
    return place < n ? place : 2 * n - 1 - place;
}

LightPyramid::LightPyramid(const std::uint8_t* rgb, std::size_t width, std::size_t height,
                           Team& team)
    : rgb_(rgb), width_(std::max(width, kLeastSide)), height_(std::max(height, kLeastSide)) {
    if (width_ != width || height_ != height) {
        enlarged_ = enlarge(rgb, width, height, width_, height_);
        rgb_ = enlarged_.get();
    }
    while (n_scales() < kMostScales &&
           half(std::min(this->width(n_scales() - 1), this->height(n_scales() - 1))) >= kLeastSide)
        add_half(team);
}

void LightPyramid::copy_row(int scale, std::size_t y, std::size_t x, std::size_t count,
                            float* light, std::size_t stride) const {
    if (scale == 0) {
        const auto& table = light_of_bytes();
        const std::uint8_t* from = &rgb_[(y * width_ + x) * kChannels];
        for (std::size_t i = 0; i < count; ++i, from += kChannels)
            for (int channel = 0; channel < kChannels; ++channel)
                light[channel * stride + i] = table[from[channel]];
        return;
    }
    const LightPlanes& planes = smaller_[scale - 1];
    for (int channel = 0; channel < kChannels; ++channel)
        std::copy_n(&planes.values[(channel * planes.height + y) * planes.width + x], count,
                    light + channel * stride);
}

void LightPyramid::add_half(Team& team) {
    const int scale = n_scales() - 1;
    const std::size_t from_width = width(scale), from_height = height(scale);
    const std::size_t to_width = half(from_width), to_height = half(from_height);
    LightPlanes half{to_width, to_height,
                     std::make_unique_for_overwrite<float[]>(kChannels * to_width * to_height)};
    const auto fill_band = [&](std::size_t band) {
        std::vector<float> rows(2 * kChannels * from_width);
        float* const upper = rows.data();
        float* const lower = upper + kChannels * from_width;
        const std::size_t end = std::min((band + 1) * kRowsOfTask, to_height);
        for (std::size_t y = band * kRowsOfTask; y < end; ++y) {
            copy_row(scale, 2 * y, 0, from_width, upper, from_width);
            copy_row(scale, std::min(2 * y + 1, from_height - 1), 0, from_width, lower, from_width);
            for (int channel = 0; channel < kChannels; ++channel)
                halve_row(upper + channel * from_width, lower + channel * from_width, from_width,
                          &half.values[(channel * to_height + y) * to_width]);
        }
    };
    team.run((to_height + kRowsOfTask - 1) / kRowsOfTask, fill_band);
    smaller_.push_back(std::move(half));
}

}  // namespace fewcolors
