#include "colorspace.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace fewcolors {
namespace {

// The cube root of 0 <= x <= 1. The libraries' own differ in the last bit from one another.
double cube_root(double x) {
    constexpr double kSmallest = 1e-12;  // below any linear sRGB but 0
    if (x < kSmallest) return 0.0;
    // Dividing the exponent by three starts within 6 %; each step of Halley's method triples the
    // number of right digits.
    constexpr std::uint64_t kBias = 0x2a9f84fe36d22425u;  // 2/3 of the bits of 1.0, fine-tuned
    double root = std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) / 3 + kBias);
    constexpr int kSteps = 3;  // 6 % -> 5e-5 -> 3e-14 -> all digits
    for (int step = 0; step < kSteps; ++step) {
        const double cube = root * root * root;
        root *= (cube + 2.0 * x) / (2.0 * cube + x);
    }
    return root;
}

// x^2.4 for 0 < x <= 1, as the fifth root of x^12, by Newton's method from above.
double power_2_4(double x) {
    const double x3 = x * x * x;
    const double target = x3 * x3 * x3 * x3;
    double root = x * x;
    for (;;) {  // falls until rounding stops it
        const double fourth = root * root * root * root;
        const double next = (4.0 * root + target / fourth) / 5.0;
        if (next >= root) break;
        root = next;
    }
    return root;
}

// IEC 61966-2-1, from the stored value / 255 to light.
double linear_of(double encoded) {
    return encoded <= 0.04045 ? encoded / 12.92 : power_2_4((encoded + 0.055) / 1.055);
}

struct Gamma {
    std::array<double, 256> linear;      // of each byte
    std::array<double, 255> thresholds;  // the light half-way, as encoded, to the next byte
};

const Gamma& gamma() {
    static const Gamma table = [] {
        Gamma made;
        for (int value = 0; value < 256; ++value) made.linear[value] = linear_of(value / 255.0);
        for (int value = 0; value < 255; ++value)
            made.thresholds[value] = linear_of((value + 0.5) / 255.0);
        return made;
    }();
    return table;
}

std::uint8_t encoded_of(double light) {
    const auto& thresholds = gamma().thresholds;
    return static_cast<std::uint8_t>(std::upper_bound(thresholds.begin(), thresholds.end(), light) -
                                     thresholds.begin());
}

std::uint8_t rounded(double value) {
    return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

struct Triple {
    double x, y, z;
};

// OKLab: Bjorn Ottosson, "A perceptual color space for image processing", 2020,
// https://bottosson.github.io/posts/oklab/ (matrices of 2021-01-25).
Triple oklab_of(const Color& color) {
    const auto& linear = gamma().linear;
    const double r = linear[color[0]], g = linear[color[1]], b = linear[color[2]];
    const double l = cube_root(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = cube_root(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = cube_root(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Color color_of(const Triple& lab) {
    const double l = lab.x + 0.3963377774 * lab.y + 0.2158037573 * lab.z;
    const double m = lab.x - 0.1055613458 * lab.y - 0.0638541728 * lab.z;
    const double s = lab.x - 0.0894841775 * lab.y - 1.2914855480 * lab.z;
    const double l3 = l * l * l, m3 = m * m * m, s3 = s * s * s;
    return {encoded_of(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
            encoded_of(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
            encoded_of(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3), 255};
}

// What a and b are multiplied by; 0 where they are not in use.
double chroma_scale(Space space) {
    if (space == Space::kSrgb) return 0.0;
    return space == Space::kOklab ? 1.0 : 2.0;
}

}  // namespace

const std::array<double, 256>& linear_light() { return gamma().linear; }

void to_space(const Color* colors, std::size_t count, Space space, int dims, double* rows) {
    const double chroma = chroma_scale(space);
    for (std::size_t i = 0; i < count; ++i, rows += dims) {
        const Color& color = colors[i];
        Triple place{double(color[0]), double(color[1]), double(color[2])};
        if (space != Space::kSrgb) {
            place = oklab_of(color);
            place.y *= chroma;
            place.z *= chroma;
        }
        const double cover = dims == 4 ? color[3] / 255.0 : 1.0;
        rows[0] = place.x * cover;
        rows[1] = place.y * cover;
        rows[2] = place.z * cover;
        if (dims == 4) rows[3] = space == Space::kSrgb ? color[3] : cover;
    }
}

void from_space(const double* rows, std::size_t count, Space space, int dims, Color* colors) {
    const double chroma = chroma_scale(space);
    const double full = space == Space::kSrgb ? 255.0 : 1.0;
    for (std::size_t i = 0; i < count; ++i, rows += dims) {
        const double cover = dims == 4 ? rows[3] / full : 1.0;
        const std::uint8_t alpha = rounded(cover * 255.0);
        if (alpha == 0) {
            colors[i] = {0, 0, 0, 0};
            continue;
        }
        const Triple place{rows[0] / cover, rows[1] / cover, rows[2] / cover};
        colors[i] = space == Space::kSrgb
                        ? Color{rounded(place.x), rounded(place.y), rounded(place.z), 255}
                        : color_of({place.x, place.y / chroma, place.z / chroma});
        colors[i][3] = alpha;
    }
}

}  // namespace fewcolors
