#include "color/colorspace.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace fewcolors {
namespace {}  // namespace

// Those of C libraries differ from one another in the last bit.
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

namespace {

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
    std::array<double, 255> thresholds;  // the light from which on the next byte is nearer
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
Triple oklab_of(const Color& color, const Toe& toe) {
    const auto& linear = gamma().linear;
    const double r = linear[color[0]], g = linear[color[1]], b = linear[color[2]];
    const auto response = [&](double light) {
        return (cube_root(light + toe.bias) - toe.root) / toe.white;
    };
    const double l = response(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const double m = response(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const double s = response(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
            1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
            0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

Color color_of(const Triple& lab, const Toe& toe) {
    const double l = lab.x + 0.3963377774 * lab.y + 0.2158037573 * lab.z;
    const double m = lab.x - 0.1055613458 * lab.y - 0.0638541728 * lab.z;
    const double s = lab.x - 0.0894841775 * lab.y - 1.2914855480 * lab.z;
    const auto light_of = [&](double response) {
        const double root = response * toe.white + toe.root;
        return root * root * root - toe.bias;
    };
    const double l3 = light_of(l), m3 = light_of(m), s3 = light_of(s);
    return {encoded_of(4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3),
            encoded_of(-1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3),
            encoded_of(-0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3), 255};
}

bool has_srgb(Space space) { return space == Space::kSrgb || space == Space::kOklabAndSrgb; }

// The offset and the scales of a space's coordinates.
struct Shape {
    Shape(Space space, int dims)
        : has_alpha(dims % 3 == 1),
          ground(has_alpha ? kGround : 0.0),
          chroma(space == Space::kOklabChroma ? 2.0 : 1.0),
          srgb(space == Space::kSrgb ? 1.0 : std::sqrt(kSrgbShare) / 255.0),
          alpha(std::sqrt(kGroundVariance * (oklab_part(space) + srgb_part(space, srgb)))) {}

    // The squared distance of black and white backgrounds, in OKLab's part of the space and in
    // sRGB's.
    static double oklab_part(Space space) { return space == Space::kSrgb ? 0.0 : 1.0; }
    static double srgb_part(Space space, double scale) {
        return !has_srgb(space) ? 0.0 : 3.0 * (255.0 * scale) * (255.0 * scale);
    }

    bool has_alpha;
    double ground;
    double chroma;  // a and b
    double srgb;
    double alpha;
};

double* write(const Triple& place, const Triple& ground, double cover, double scale, double* row) {
    row[0] = (place.x - ground.x) * cover * scale;
    row[1] = (place.y - ground.y) * cover * scale;
    row[2] = (place.z - ground.z) * cover * scale;
    return row + 3;
}

}  // namespace

const std::array<double, 256>& linear_light() { return gamma().linear; }

void to_space(const Color* colors, std::size_t count, Space space, int dims, bool separate_kinds,
              double* rows) {
    const Shape shape(space, dims);
    const double kind_gap = separate_kinds ? kKindGap : 0.0;
    for (std::size_t i = 0; i < count; ++i, rows += dims) {
        const Color& color = colors[i];
        const bool is_hidden = color[3] == 0 && separate_kinds;
        const double cover = shape.has_alpha && !is_hidden ? color[3] / 255.0 : 1.0;
        double* place = rows;
        if (space != Space::kSrgb) {
            const Triple lab = oklab_of(color, toe_of(space));
            place = write({lab.x, lab.y * shape.chroma, lab.z * shape.chroma},
                          {shape.ground, 0.0, 0.0}, cover, 1.0, place);
        }
        if (has_srgb(space))
            place = write({double(color[0]), double(color[1]), double(color[2])},
                          {255.0 * shape.ground, 255.0 * shape.ground, 255.0 * shape.ground}, cover,
                          shape.srgb, place);
        if (!shape.has_alpha) continue;
        const int kind = color[3] == 0 ? -1 : color[3] == 255 ? 1 : 0;
        *place = (color[3] / 255.0 + kind * kind_gap) * shape.alpha;
    }
}

void from_space(const double* rows, std::size_t count, Space space, int dims, bool separate_kinds,
                Color* colors) {
    const Shape shape(space, dims);
    for (std::size_t i = 0; i < count; ++i, rows += dims) {
        double cover = shape.has_alpha ? rows[dims - 1] / shape.alpha : 1.0;
        std::uint8_t alpha = rounded(cover * 255.0);
        if (shape.has_alpha && separate_kinds) {
            if (cover > 1.0 + kKindGap / 2) {
                alpha = 255;
                cover = 1.0;
            } else if (cover < -kKindGap / 2) {
                alpha = 0;
                cover = 1.0;
            } else {  // translucent, even if almost opaque or transparent
                cover = std::clamp(cover, 1.0 / 255.0, 254.0 / 255.0);
                alpha = rounded(cover * 255.0);
            }
        } else if (alpha == 0) {
            colors[i] = {0, 0, 0, 0};
            continue;
        }
        const double* const rgb = space == Space::kOklabAndSrgb ? rows + 3 : rows;
        const auto coordinate = [&](int c, double ground) { return rgb[c] / cover + ground; };
        if (!has_srgb(space))
            colors[i] = color_of({coordinate(0, shape.ground), coordinate(1, 0.0) / shape.chroma,
                                  coordinate(2, 0.0) / shape.chroma},
                                 toe_of(space));
        else
            for (int c = 0; c < 3; ++c)
                colors[i][c] = rounded(rgb[c] / (cover * shape.srgb) + 255.0 * shape.ground);
        colors[i][3] = alpha;
    }
}

}  // namespace fewcolors
