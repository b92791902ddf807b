#include "color/planes.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "base/lanes.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

const std::array<float, 256>& lights() {
    static const std::array<float, 256> table = [] {
        std::array<float, 256> made;
        std::copy(linear_light().begin(), linear_light().end(), made.begin());
        return made;
    }();
    return table;
}

// The cube root of each 0 <= x <= 1. For 0 it is 1e-4: smaller roots would have subnormal cubes,
// which are slow.
ALWAYS_INLINE Floats cube_roots(Floats x) {
    // Dividing the exponent by three starts within 6 %; each step of Halley's method triples the
    // number of right digits.
    constexpr std::int32_t kBias = 0x2a4fc27e;  // 2/3 of the bits of 1.0f, fine-tuned
    x = larger(x, splat(1e-12f));
    FloatInts bits;
    std::memcpy(&bits, &x, sizeof bits);
    for (int i = 0; i < kFloats; ++i)
        bits[i] = static_cast<std::int32_t>(static_cast<float>(bits[i]) * (1.0f / 3.0f)) + kBias;
    Floats root;
    std::memcpy(&root, &bits, sizeof root);
    constexpr int kSteps = 2;  // 6 % -> 5e-5 -> all digits
    for (int step = 0; step < kSteps; ++step) {
        const Floats cube = root * root * root;
        root = root * ((cube + x + x) / (cube + cube + x));
    }
    return root;
}

ALWAYS_INLINE Floats mix(const float (&row)[3], Floats x, Floats y, Floats z) {
    return splat(row[0]) * x + splat(row[1]) * y + splat(row[2]) * z;
}

// OKLab; see colorspace.cpp.
constexpr float kConesOfRgb[3][3] = {{0.4122214708f, 0.5363325363f, 0.0514459929f},
                                     {0.2119034982f, 0.6806995451f, 0.1073969566f},
                                     {0.0883024619f, 0.2817188376f, 0.6299787005f}};
constexpr float kLabOfCones[3][3] = {{0.2104542553f, 0.7936177850f, -0.0040720468f},
                                     {1.9779984951f, -2.4285922050f, 0.4505937099f},
                                     {0.0259040371f, 0.7827717662f, -0.8086757660f}};

template <int kChannels>
ALWAYS_INLINE void write_planes(const std::uint8_t* pixels, std::size_t count, const float* light,
                                float* const* planes, const Toe& toe) {
    const Floats bias = splat(static_cast<float>(toe.bias));
    const Floats root = splat(static_cast<float>(toe.root));
    const Floats scale = splat(static_cast<float>(1.0 / toe.white));
    constexpr bool kHasAlpha = kChannels == kMaxPlanes;
    std::uint8_t tail[kFloats * kMaxPlanes] = {};
    for (std::size_t x = 0; x < count; x += kFloats) {
        const std::size_t left = std::min<std::size_t>(kFloats, count - x);
        const std::uint8_t* from = pixels + x * kChannels;
        if (left < kFloats) {
            std::memcpy(tail, from, left * kChannels);
            from = tail;
        }
        float rgb[3][kFloats], alphas[kFloats];
        for (int i = 0; i < kFloats; ++i) {
            for (int c = 0; c < 3; ++c) rgb[c][i] = light[from[i * kChannels + c]];
            if constexpr (kHasAlpha) alphas[i] = from[i * kChannels + 3] / 255.0f;
        }
        const Floats red = load(rgb[0]), green = load(rgb[1]), blue = load(rgb[2]);
        Floats cones[3];
        for (int c = 0; c < 3; ++c)
            cones[c] = (cube_roots(mix(kConesOfRgb[c], red, green, blue) + bias) - root) * scale;
        Floats coordinates[kMaxPlanes];
        for (int c = 0; c < 3; ++c)
            coordinates[c] = mix(kLabOfCones[c], cones[0], cones[1], cones[2]);
        if constexpr (kHasAlpha) {
            const Floats alpha = load(alphas);
            coordinates[0] = coordinates[0] - splat(static_cast<float>(kGround));
            for (int c = 0; c < 3; ++c) coordinates[c] = coordinates[c] * alpha;
            coordinates[3] = alpha * splat(kOpaqueAlpha);
        }
        if (left == kFloats) {  // a copy of known size is a single instruction
            for (int c = 0; c < kChannels; ++c) store(planes[c] + x, coordinates[c]);
        } else {
            for (int c = 0; c < kChannels; ++c)
                std::memcpy(planes[c] + x, &coordinates[c], left * sizeof(float));
        }
    }
}

// Templates cannot be compiled for several instruction sets; functions can.
KERNEL_CLONES void write_planes_3(const std::uint8_t* pixels, std::size_t count, const float* light,
                                  float* const* planes, const Toe& toe) {
    write_planes<3>(pixels, count, light, planes, toe);
}
KERNEL_CLONES void write_planes_4(const std::uint8_t* pixels, std::size_t count, const float* light,
                                  float* const* planes, const Toe& toe) {
    write_planes<4>(pixels, count, light, planes, toe);
}

}  // namespace

void to_planes(const std::uint8_t* pixels, std::size_t count, int channels,
               float* const planes[kMaxPlanes], const Toe& toe) {
    (channels == 3 ? write_planes_3 : write_planes_4)(pixels, count, lights().data(), planes, toe);
}

}  // namespace fewcolors
