#include "assign/diffusion.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "assign/entries.hpp"
#include "assign/kinds.hpp"
#include "assign/nearest_entry.hpp"
#include "assign/target.hpp"
#include "assign/tiles.hpp"

namespace fewcolors {
namespace {

// Diffusion begins kRowsToSettle rows above a tile, and goes on kColumnsToSettle beside it; the
// indices there are dropped. Within the tile errors are then like those anywhere else, so no seam
// shows between tiles.
constexpr std::size_t kRowsToSettle = 16;
constexpr std::size_t kColumnsToSettle = 64;

// A pixel's target is at most this many times as far from its colour as the nearest entry is. So an
// entry is mixed in only where it would be about a sixth of the pixels or more, and areas whose
// colour is in the palette get no dots. Photos score highest from 2 to 3.
constexpr float kMostCorrection = 2.0f;

// The difference between neighbours, in OKLab, at which half of an error passes. Smaller values
// keep edges cleaner; down to 0.1 they cost hardly any score.
constexpr float kEdge = 0.15f;

// The share of the errors of a and b that is handed on: a dot of another hue is more visible than
// one of another lightness. Scores are the same from 0.75 to 1, and lower values leave fewer stray
// dots of strong colours.
constexpr float kChroma = 0.8f;

// A squared difference larger than any between colours of one kind: see kPlaneKindGap.
constexpr float kOtherKind = 4.0f;

// The shares of Floyd and Steinberg.
constexpr float kAhead = 7.0f / 16, kBehindBelow = 3.0f / 16, kBelow = 5.0f / 16,
                kAheadBelow = 1.0f / 16;

// Adds the squared differences between `count` pixels and their neighbours in one plane.
KERNEL_CLONES void add_differences(const float* from, const float* to, std::size_t count,
                                   float* squares) {
    for (std::size_t x = 0; x < count; ++x) {
        const float difference = from[x] - to[x];
        squares[x] += difference * difference;
    }
}

// Turns squared differences into the shares of errors that pass.
KERNEL_CLONES void to_passing(float* squares, std::size_t count) {
    for (std::size_t x = 0; x < count; ++x) {
        const float passing = 1.0f / (1.0f + squares[x] * (1.0f / (kEdge * kEdge)));
        squares[x] = squares[x] < kOtherKind ? passing : 0.0f;
    }
}

// For each pixel x of a row, the share of its error that passes to pixel x + shift of another row.
// Across the picture's edges it is 0.
class Passing {
  public:
    explicit Passing(std::size_t width) : width_(width), shares_(width + 2) {}

    void measure(const Target& from, const Target& to, int n_planes, int shift) {
        std::fill(shares_.begin(), shares_.end(), 0.0f);
        const std::size_t first = shift < 0 ? 1 : 0;
        const std::size_t count = width_ - (shift == 0 ? 0 : 1);
        for (int c = 0; c < n_planes; ++c)
            add_differences(from.plane(c) + first, to.plane(c) + first + shift, count,
                            shares_.data() + 1 + first);
        to_passing(shares_.data() + 1 + first, count);
    }
    // The share of pixel -1 can be read as well; it is 0.
    const float* shares() const { return shares_.data() + 1; }

  private:
    std::size_t width_;
    std::vector<float> shares_;
};

// Diffuses errors down a band, row by row.
class Diffusion {
  public:
    Diffusion(const Strip& strip, const Entries& entries, float strength)
        : strip_(strip),
          n_planes_(strip.picture.channels),
          shares_{strength, kChroma * strength, kChroma * strength, strength},
          entries_(entries),
          nearest_(entries.planes(), entries.stride(), n_planes_),
          row_(strip.width, n_planes_),
          below_(strip.width, n_planes_),
          right_(strip.width),
          down_left_(strip.width),
          down_(strip.width),
          down_right_(strip.width),
          errors_((strip.width + 2) * kMaxPlanes),
          errors_below_(errors_.size()) {}

    void start(std::size_t y) { read_row(strip_, y, row_); }

    // Chooses the indices of row y, the first or the next.
    void choose_row(std::size_t y, std::uint8_t* indices) {
        nearest_.find(row_);
        read_row(strip_, std::min(y + 1, strip_.picture.height - 1), below_);
        right_.measure(row_, row_, n_planes_, 1);
        down_left_.measure(row_, below_, n_planes_, -1);
        down_.measure(row_, below_, n_planes_, 0);
        down_right_.measure(row_, below_, n_planes_, 1);
        std::fill(errors_below_.begin(), errors_below_.end(), 0.0f);
        const std::size_t width = strip_.width;
        if (y % 2 == 0)
            for (std::size_t x = 0; x < width; ++x) choose<1>(x, indices);
        else
            for (std::size_t x = width; x-- > 0;) choose<-1>(x, indices);
        std::swap(errors_, errors_below_);
        std::swap(row_, below_);
    }

  private:
    template <int kStep>
    void choose(std::size_t x, std::uint8_t* indices) {
        const float* const taken = errors_.data() + (x + 1) * kMaxPlanes;
        float square = 0.0f;
        for (int c = 0; c < n_planes_; ++c) square += taken[c] * taken[c];
        const float most = kMostCorrection * kMostCorrection * row_.distances[x];
        const float share = square > most ? std::sqrt(most / square) : 1.0f;
        float aim[kMaxPlanes];
        for (int c = 0; c < n_planes_; ++c) aim[c] = row_.plane(c)[x] + share * taken[c];
        const bool is_settled = square == 0.0f || most == 0.0f || is_transparent(x);
        indices[x] = is_settled ? row_.nearest[x] : nearest_.find(aim);
        if (!is_transparent(x)) hand_on<kStep>(x, aim, indices[x]);
    }

    bool is_transparent(std::size_t x) const {
        return n_planes_ == kMaxPlanes && row_.plane(3)[x] < 0.0f;
    }

    template <int kStep>
    void hand_on(std::size_t x, const float* aim, std::uint8_t index) {
        const auto at = static_cast<std::ptrdiff_t>(x);
        const float ahead = kAhead * right_.shares()[kStep > 0 ? at : at - 1];
        const Passing& ahead_below = kStep > 0 ? down_right_ : down_left_;
        const Passing& behind_below = kStep > 0 ? down_left_ : down_right_;
        float* const here = errors_.data() + (at + 1) * kMaxPlanes;
        float* const under = errors_below_.data() + (at + 1) * kMaxPlanes;
        for (int c = 0; c < n_planes_; ++c) {
            float error = shares_[c] * (aim[c] - entries_.planes()[c][index]);
            // The palette has no entry of the pixel's kind: that is no error to hand on.
            if (std::abs(error) > kPlaneKindGap / 2) error = 0.0f;
            here[kStep * kMaxPlanes + c] += ahead * error;
            under[-kStep * kMaxPlanes + c] += kBehindBelow * behind_below.shares()[x] * error;
            under[c] += kBelow * down_.shares()[x] * error;
            under[kStep * kMaxPlanes + c] += kAheadBelow * ahead_below.shares()[x] * error;
        }
    }

    const Strip strip_;
    int n_planes_;
    float shares_[kMaxPlanes];  // of the errors handed on, by plane
    const Entries& entries_;
    NearestEntry nearest_;
    Target row_, below_;
    Passing right_, down_left_, down_, down_right_;
    std::vector<float> errors_;  // (width + 2, kMaxPlanes), from the pixel before the first on
    std::vector<float> errors_below_;
};

}  // namespace

void diffuse_error(const Picture& picture, const Color* palette, std::size_t n_entries,
                   float strength, Team& team, std::uint8_t* indices) {
    const Entries entries(palette, n_entries, picture.channels);
    const Tiles tiles(picture);
    team.run(tiles.count(), [&](std::size_t tile) {
        const Strip kept = tiles.strip(tile);
        const std::size_t before = std::min(kept.first, kColumnsToSettle);
        const std::size_t end = std::min(kept.first + kept.width + kColumnsToSettle, picture.width);
        const Strip strip{picture, kept.first - before, end - (kept.first - before)};
        Diffusion diffusion(strip, entries, strength);
        std::vector<std::uint8_t> chosen(strip.width);
        const std::size_t first = tiles.first_row(tile);
        const std::size_t start = first - std::min(first, kRowsToSettle);
        diffusion.start(start);
        for (std::size_t y = start; y < tiles.end_row(tile); ++y) {
            diffusion.choose_row(y, chosen.data());
            if (y >= first)
                std::copy_n(chosen.data() + before, kept.width,
                            indices + y * picture.width + kept.first);
        }
    });
}

}  // namespace fewcolors
