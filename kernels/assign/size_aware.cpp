#include "assign/size_aware.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "assign/entries.hpp"
#include "assign/error_drift.hpp"
#include "assign/kinds.hpp"
#include "assign/nearest_entry.hpp"
#include "assign/target.hpp"
#include "assign/tiles.hpp"
#include "assign/trellis.hpp"
#include "weigh/local_contrast.hpp"

namespace fewcolors {
namespace {

constexpr int kColorPlanes = 3;  // L, a, b: all but alpha

// Up to so many pixels a drawing is one tile.
constexpr std::size_t kPixelsOfDrawing = std::size_t{1} << 20;

// In a drawing, what a squared error of 1 is worth at pixels that must keep their nearest entry.
constexpr float kLocked = 1e12f;

// What a squared error of 1 is worth at each contrast: 1 where the standard deviation is kMedium.
// Up to kFloor smooth areas count alike: half and twice as much are worse in photos. In drawings a
// third is better by up to 1 % of the bytes, and shadows show fewer streaks.
std::array<float, 256> weights_of_contrast(bool is_drawing) {
    constexpr float kMedium = 0.02f;
    constexpr float kFloor = 0.009f, kFloorOfDrawing = 0.003f;
    const float floor = is_drawing ? kFloorOfDrawing : kFloor;
    std::array<float, 256> weights = contrast_of_bytes();
    for (float& value : weights) {
        const float ratio = (kMedium + floor) / (value + floor);
        value = ratio * std::sqrt(std::sqrt(ratio));  // to the power of 1.25
    }
    return weights;
}

// Chooses the indices of a tile, row by row.
class Band {
  public:
    Band(const Strip& strip, const Entries& entries, const SearchReach& reach, float fidelity,
         bool is_drawing)
        : strip_(strip),
          n_planes_(strip.picture.channels),
          is_drawing_(is_drawing),
          entries_(entries),
          history_(strip.width, n_planes_),
          nearest_(entries.planes(), entries.stride(), n_planes_),
          far_copies_(entries.planes(), entries.stride(), is_drawing),
          trellis_(strip.width, n_planes_, reach, fidelity),
          drift_(strip.width, kColorPlanes),
          target_(strip.width, n_planes_),
          original_(n_planes_ * strip.width) {}

    void add_row(std::size_t y, const std::uint8_t* contrast, const std::array<float, 256>& weights,
                 std::uint8_t* indices, CopyPlan& plan) {
        if (strip_.width < strip_.picture.width) forget_rows();
        aim(strip_.row(y));
        for (std::size_t x = 0; x < strip_.width; ++x) target_.weights[x] = weights[contrast[x]];
        nearest_.find(target_);
        const std::size_t position = history_.begin_row();
        trellis_.choose(target_, entries_.planes(), far_copies_, position, history_, plan);
        history_.settle_row(entries_.planes());
        far_copies_.add_row(history_.row(), strip_.width, position);
        for (int c = 0; c < kColorPlanes && !is_drawing_; ++c)
            drift_.add(c, history_.colors(c, position), original_.data() + c * strip_.width);
        std::copy_n(history_.row(), strip_.width, indices);
    }

  private:
    // Where pictures are cut, the row above does not end where the next begins, and deflate's
    // window holds nothing else of it.
    void forget_rows() {
        history_ = History(strip_.width, n_planes_);
        far_copies_.forget();
    }

    // Sets the target colours of a row: its own, corrected by the drift.
    void aim(const std::uint8_t* pixels) {
        float* planes[kMaxPlanes] = {};
        for (int c = 0; c < n_planes_; ++c) planes[c] = original_.data() + c * strip_.width;
        to_planes(pixels, strip_.width, n_planes_, planes, is_drawing_ ? kToe : kNoToe);
        if (n_planes_ == 4) separate_kinds(planes[3], strip_.width);
        for (int c = 0; c < n_planes_; ++c) std::copy_n(planes[c], strip_.width, target_.plane(c));
        for (int c = 0; c < kColorPlanes && !is_drawing_; ++c) drift_.correct(c, target_.plane(c));
        if (n_planes_ == 4) keep_transparent();
    }

    // Hidden colours are not corrected, and neither is alpha: drift must not turn one kind of alpha
    // into another.
    void keep_transparent() {
        const float* const alphas = original_.data() + 3 * strip_.width;
        for (std::size_t x = 0; x < strip_.width; ++x)
            if (alphas[x] < 0.0f)
                for (int c = 0; c < kColorPlanes; ++c) target_.plane(c)[x] = 0.0f;
    }

    const Strip strip_;
    int n_planes_;
    bool is_drawing_;
    const Entries& entries_;
    History history_;
    NearestEntry nearest_;
    FarCopies far_copies_;
    Trellis trellis_;
    ErrorDrift drift_;
    Target target_;
    std::vector<float> original_;  // (n_planes, width)
};

struct PlanOfTile {
    CopyPlan steps;
    std::vector<std::size_t> row_ends;  // only of the last row, if no tile is beside this one
};

// Puts the rows of tiles beside one another, and frees the tiles.
CopyPlan joined(std::vector<PlanOfTile>& plans, std::size_t n_across) {
    CopyPlan plan;
    for (std::size_t first = 0; first < plans.size(); first += n_across) {
        for (std::size_t row = 0; row < plans[first].row_ends.size(); ++row) {
            for (std::size_t tile = first; tile < first + n_across; ++tile) {
                const auto steps = plans[tile].steps.begin();
                const auto& ends = plans[tile].row_ends;
                plan.insert(plan.end(), steps + (row == 0 ? 0 : ends[row - 1]), steps + ends[row]);
            }
        }
        for (std::size_t tile = first; tile < first + n_across; ++tile) plans[tile] = {};
    }
    return plan;
}

}  // namespace

CopyPlan assign_size_aware(const Picture& picture, const std::uint8_t* contrast,
                           const Color* palette, std::size_t n_entries, float fidelity,
                           bool is_drawing, const SearchReach& reach, Team& team,
                           std::uint8_t* indices) {
    const Entries entries(palette, n_entries, picture.channels,
                          is_drawing ? Space::kOklabToe : Space::kOklab);
    std::array<float, 256> weights = weights_of_contrast(is_drawing);
    for (float& weight : weights) weight *= fidelity;
    if (is_drawing) weights[0] = kLocked;
    const bool is_whole = is_drawing && picture.width * picture.height <= kPixelsOfDrawing;
    const Tiles tiles(picture, is_whole ? std::max<std::size_t>(picture.height, 1) : kRowsOfTile);
    std::vector<PlanOfTile> plans(tiles.count());
    team.run(tiles.count(), [&](std::size_t tile) {
        const Strip strip = tiles.strip(tile);
        Band band(strip, entries, reach, fidelity, is_drawing);
        for (std::size_t y = tiles.first_row(tile); y < tiles.end_row(tile); ++y) {
            const std::size_t place = y * picture.width + strip.first;
            band.add_row(y, contrast + place, weights, indices + place, plans[tile].steps);
            const bool is_last = y + 1 == tiles.end_row(tile);
            if (tiles.n_across() > 1 || is_last)
                plans[tile].row_ends.push_back(plans[tile].steps.size());
        }
    });
    return joined(plans, tiles.n_across());
}

}  // namespace fewcolors
