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
#include "assign/trellis.hpp"
#include "weigh/local_contrast.hpp"

namespace fewcolors {
namespace {

// A band starts with nothing to copy from and without errors of rows above. That costs 0.2 % of the
// bytes with bands of 128 rows, and 1 % with 64. Taller bands would leave threads without work on
// small pictures.
constexpr std::size_t kRowsOfBand = 128;

constexpr int kColorPlanes = 3;  // L, a, b: all but alpha

// What a squared error of 1 is worth at each contrast: 1 where the standard deviation is kMedium.
std::array<float, 256> weights_of_contrast() {
    constexpr float kMedium = 0.02f;
    constexpr float kFloor = 0.009f;  // smooth areas count alike; half and twice as much are worse
    std::array<float, 256> weights = contrast_of_bytes();
    for (float& value : weights) {
        const float ratio = (kMedium + kFloor) / (value + kFloor);
        value = ratio * std::sqrt(std::sqrt(ratio));  // to the power of 1.25
    }
    return weights;
}

class Band {
  public:
    Band(const Picture& picture, const Entries& entries, const SearchReach& reach, float fidelity)
        : picture_(picture),
          n_planes_(picture.channels),
          entries_(entries),
          history_(picture.width, n_planes_),
          nearest_(entries.planes(), entries.stride(), n_planes_),
          far_copies_(entries.planes(), entries.stride()),
          trellis_(picture.width, n_planes_, reach, fidelity),
          drift_(picture.width, kColorPlanes),
          target_(picture.width, n_planes_),
          original_(n_planes_ * picture.width) {}

    void add_row(const std::uint8_t* pixels, const std::uint8_t* contrast,
                 const std::array<float, 256>& weights, std::uint8_t* indices, CopyPlan& plan) {
        aim(pixels);
        for (std::size_t x = 0; x < picture_.width; ++x) target_.weights[x] = weights[contrast[x]];
        nearest_.find(target_);
        const std::size_t position = history_.begin_row();
        trellis_.choose(target_, entries_.planes(), far_copies_, position, history_, plan);
        history_.settle_row(entries_.planes());
        far_copies_.add_row(history_.row(), picture_.width, position);
        for (int c = 0; c < kColorPlanes; ++c)
            drift_.add(c, history_.colors(c, position), original_.data() + c * picture_.width);
        std::copy_n(history_.row(), picture_.width, indices);
    }

  private:
    // Sets the target colours of a row: its own, corrected by the drift.
    void aim(const std::uint8_t* pixels) {
        float* planes[kMaxPlanes] = {};
        for (int c = 0; c < n_planes_; ++c) planes[c] = original_.data() + c * picture_.width;
        to_planes(pixels, picture_.width, picture_.channels, planes);
        if (n_planes_ == 4) separate_kinds(planes[3], picture_.width);
        for (int c = 0; c < n_planes_; ++c)
            std::copy_n(planes[c], picture_.width, target_.plane(c));
        for (int c = 0; c < kColorPlanes; ++c) drift_.correct(c, target_.plane(c));
        if (n_planes_ == 4) keep_transparent();
    }

    // Hidden colours are not corrected, and neither is alpha: drift must not turn one kind of alpha
    // into another.
    void keep_transparent() {
        const float* const alphas = original_.data() + 3 * picture_.width;
        for (std::size_t x = 0; x < picture_.width; ++x)
            if (alphas[x] < 0.0f)
                for (int c = 0; c < kColorPlanes; ++c) target_.plane(c)[x] = 0.0f;
    }

    const Picture picture_;
    int n_planes_;
    const Entries& entries_;
    History history_;
    NearestEntry nearest_;
    FarCopies far_copies_;
    Trellis trellis_;
    ErrorDrift drift_;
    Target target_;
    std::vector<float> original_;  // (n_planes, width)
};

}  // namespace

CopyPlan assign_size_aware(const Picture& picture, const std::uint8_t* contrast,
                           const Color* palette, std::size_t n_entries, float fidelity,
                           const SearchReach& reach, Team& team, std::uint8_t* indices) {
    const Entries entries(palette, n_entries, picture.channels);
    std::array<float, 256> weights = weights_of_contrast();
    for (float& weight : weights) weight *= fidelity;
    const std::size_t n_bands = (picture.height + kRowsOfBand - 1) / kRowsOfBand;
    std::vector<CopyPlan> plans(n_bands);
    team.run(n_bands, [&](std::size_t number) {
        Band band(picture, entries, reach, fidelity);
        const std::size_t last = std::min((number + 1) * kRowsOfBand, picture.height);
        for (std::size_t y = number * kRowsOfBand; y < last; ++y)
            band.add_row(picture.row(y), contrast + y * picture.width, weights,
                         indices + y * picture.width, plans[number]);
    });
    CopyPlan plan;
    for (CopyPlan& part : plans) {
        plan.insert(plan.end(), part.begin(), part.end());
        part = {};
    }
    return plan;
}

}  // namespace fewcolors
