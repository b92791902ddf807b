#include "assign/blue_noise_dither.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include "assign/blue_noise.hpp"
#include "assign/entries.hpp"
#include "assign/nearest_entry.hpp"
#include "assign/target.hpp"
#include "assign/tiles.hpp"

namespace fewcolors {
namespace {

// How much the squared distance between a mixture's two colours counts beside its error. An entry
// is mixed in only if its share t satisfies t / (1 - t) > kSpread, so areas near an entry get no
// dots.
constexpr float kSpread = 0.15f;

constexpr float kNothing = 1e-12f;  // avoids a division by an entry's distance from itself
constexpr float kMost = 1e30f;

struct Mixture {
    std::uint8_t first;
    std::uint8_t second;
    float share;  // of the second
};

// Finds the second entry that mixes best with the first, the nearest: the one with the least sum of
// the mixture's error and its weighted spread, the squared distance of its two colours. J.
// Yliluoma's first algorithm combines them in the same way, 2011,
// https://bisqwit.iki.fi/story/howto/dither/jy/.
template <int kPlanes>
ALWAYS_INLINE void find_second(const Entries& entries, const float* color, Mixture& mixture) {
    Floats here[kPlanes], away[kPlanes];
    for (int c = 0; c < kPlanes; ++c) {
        here[c] = splat(entries.planes()[c][mixture.first]);
        away[c] = splat(color[c]) - here[c];
    }
    Least best(kMost);
    FloatInts numbers = {0, 1, 2, 3, 4, 5, 6, 7};
    const Floats none = splat(0.0f), one = splat(1.0f);
    for (std::size_t i = 0; i < entries.stride(); i += kFloats) {
        Floats along = none, length = splat(kNothing);
        for (int c = 0; c < kPlanes; ++c) {
            const Floats step = load(entries.planes()[c] + i) - here[c];
            along = along + away[c] * step;
            length = length + step * step;
        }
        const Floats share = larger(none, smaller(one, along / length));
        const Floats spread = splat(kSpread) * (one - share) * length;
        best.offer(share * (share * length - along - along + spread), numbers);
        numbers = numbers + splat_float_int(kFloats);
    }
    best.reduce();
    if (!(best.values[0] < 0.0f)) return;
    mixture.second = static_cast<std::uint8_t>(best.owners[0]);
    float along = 0.0f, length = kNothing;
    for (int c = 0; c < kPlanes; ++c) {
        const float step = entries.planes()[c][mixture.second] - entries.planes()[c][mixture.first];
        along += (color[c] - entries.planes()[c][mixture.first]) * step;
        length += step * step;
    }
    mixture.share = std::clamp(along / length, 0.0f, 1.0f);
}

// A cache of the mixtures of recent colours: most colours of a photo occur again nearby.
class Mixtures {
  public:
    explicit Mixtures(int channels) : channels_(channels), slots_(std::size_t{1} << kSlotBits) {}

    struct Slot {
        std::uint32_t pixel = 0;
        bool is_used = false;
        Mixture mixture;
    };

    // The slot of a pixel, which may hold another's mixture.
    Slot& slot(std::uint32_t pixel) { return slots_[pixel * 2654435769u >> (32 - kSlotBits)]; }

    std::uint32_t pixel(const std::uint8_t* bytes) const {
        std::uint32_t value = 0;
        std::memcpy(&value, bytes, channels_);
        return value;
    }

  private:
    static constexpr int kSlotBits = 14;
    int channels_;
    std::vector<Slot> slots_;
};

KERNEL_CLONES void mix(const Entries& entries, const float* color, int n_planes, Mixture* mixture) {
    if (n_planes == kMaxPlanes)
        find_second<kMaxPlanes>(entries, color, *mixture);
    else
        find_second<3>(entries, color, *mixture);
}

// The lighter of the two entries takes the low ranks, whichever is nearer to the pixel's colour: so
// the pattern does not flip in the middle of a gradient from one to the other. Of equally light
// entries the one with the lower number takes them.
std::uint8_t pick(const Entries& entries, const Mixture& mixture, int rank) {
    const float* const lights = entries.planes()[0];
    const float light = lights[mixture.first], other = lights[mixture.second];
    const bool is_lighter = light != other ? other > light : mixture.second < mixture.first;
    const float threshold = (static_cast<float>(rank) + 0.5f) / kMaskRanks;
    const bool takes_second =
        is_lighter ? threshold < mixture.share : threshold > 1.0f - mixture.share;
    return takes_second ? mixture.second : mixture.first;
}

}  // namespace

void dither_ordered(const Picture& picture, const Color* palette, std::size_t n_entries, Team& team,
                    std::uint8_t* indices) {
    const int n_planes = picture.channels;
    const Entries entries(palette, n_entries, n_planes);
    const Tiles tiles(picture);  // smaller tasks would find the same mixtures again
    team.run(tiles.count(), [&](std::size_t tile) {
        const Strip strip = tiles.strip(tile);
        NearestEntry nearest(entries.planes(), entries.stride(), n_planes);
        Target row(strip.width, n_planes);
        Mixtures mixtures(n_planes);
        for (std::size_t y = tiles.first_row(tile); y < tiles.end_row(tile); ++y) {
            read_row(strip, y, row);
            nearest.find(row);
            std::uint8_t* const chosen = indices + y * picture.width + strip.first;
            for (std::size_t x = 0; x < strip.width; ++x) {
                const std::uint32_t pixel = mixtures.pixel(strip.row(y) + x * n_planes);
                Mixtures::Slot& slot = mixtures.slot(pixel);
                if (!slot.is_used || slot.pixel != pixel) {
                    float color[kMaxPlanes] = {};
                    for (int c = 0; c < n_planes; ++c) color[c] = row.plane(c)[x];
                    slot = {pixel, true, {row.nearest[x], row.nearest[x], 0.0f}};
                    mix(entries, color, n_planes, &slot.mixture);
                }
                chosen[x] = pick(entries, slot.mixture, mask_rank(strip.first + x, y));
            }
        }
    });
}

}  // namespace fewcolors
