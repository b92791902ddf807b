#include "color/ciede2000.hpp"

#include <algorithm>
#include <cmath>

#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kDegree = kPi / 180.0;

double squared(double x) { return x * x; }

double seventh_power(double x) { return x * squared(x * squared(x)); }

// The sum of x^n / n! or of every other term of it, from the given first term on.
double series(double first, double x2, int n, double sign) {
    constexpr int kTerms = 20;
    double sum = first, term = first;
    for (int i = 0; i < kTerms; ++i, n += 2) {
        term *= sign * x2 / static_cast<double>((n + 1) * (n + 2));
        sum += term;
    }
    return sum;
}

double sine(double x) { return series(x, x * x, 1, -1.0); }  // -2 to 2

// e^-x for x >= 0.
double decay(double x) {
    if (x > 40.0) return 0.0;
    constexpr int kHalvings = 6;
    x /= 1 << kHalvings;
    double value = 1.0 / (series(1.0, x * x, 0, 1.0) + series(x, x * x, 1, 1.0));
    for (int i = 0; i < kHalvings; ++i) value *= value;
    return value;
}

// The angle of (x, y), of length 1, in degrees from 0 to 360.
double angle_of(double x, double y) {
    // The tangent of half the angle, halved thrice more: then the series ends soon.
    if (y == 0.0) return x < 0.0 ? 180.0 : 0.0;
    double tangent = (1.0 - x) / y;
    constexpr int kHalvings = 3;
    for (int i = 0; i < kHalvings; ++i) tangent /= 1.0 + std::sqrt(1.0 + tangent * tangent);
    double sum = 0.0, power = tangent;
    for (int n = 1; n < 30; n += 2) {
        sum += power / n;
        power *= -tangent * tangent;
    }
    const double angle = sum * (2 << kHalvings) / kDegree;
    return angle < 0.0 ? angle + 360.0 : angle;
}

// A hue as the point of length 1 in its direction.
struct Hue {
    double cosine, sine;

    Hue operator*(const Hue& other) const {  // the sum of both angles
        return {cosine * other.cosine - sine * other.sine,
                sine * other.cosine + cosine * other.sine};
    }
};

// cos(angle + degrees), where the turn is that of the degrees.
double turned(const Hue& hue, double cosine, double sine) {
    return hue.cosine * cosine - hue.sine * sine;
}

double weight_of_hue(const Hue& hue) {
    const Hue twice = hue * hue, thrice = twice * hue, four = twice * twice;
    static const double cosines[] = {1.0 - 2.0 * squared(sine(15.0 * kDegree)),
                                     1.0 - 2.0 * squared(sine(3.0 * kDegree)),
                                     1.0 - 2.0 * squared(sine(31.5 * kDegree))};
    static const double sines[] = {sine(30.0 * kDegree), sine(6.0 * kDegree), sine(63.0 * kDegree)};
    return 1.0 - 0.17 * turned(hue, cosines[0], -sines[0]) + 0.24 * twice.cosine +
           0.32 * turned(thrice, cosines[1], sines[1]) - 0.20 * turned(four, cosines[2], -sines[2]);
}

double lab_function(double ratio) {
    constexpr double kKnee = 6.0 / 29.0;
    if (ratio > kKnee * kKnee * kKnee) return cube_root(ratio);
    return ratio / (3.0 * kKnee * kKnee) + 4.0 / 29.0;
}

CieLab cie_lab_of_light(double red, double green, double blue) {
    // IEC 61966-2-1; each row divided by its sum, which is white.
    const double x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.9504700;
    const double y = (0.2126729 * red + 0.7151522 * green + 0.0721750 * blue) / 1.0000001;
    const double z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.0888300;
    const double fx = lab_function(x), fy = lab_function(y), fz = lab_function(z);
    return {116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)};
}

// A colour as it looks on a grey background, blended as sRGB values, as browsers do.
CieLab on_ground(const Color& color, int ground) {
    double light[3];
    for (int c = 0; c < 3; ++c)
        light[c] = linear_light()[(color[c] * color[3] + ground * (255 - color[3]) + 127) / 255];
    return cie_lab_of_light(light[0], light[1], light[2]);
}

}  // namespace

double ciede2000(const CieLab& one, const CieLab& other) {
    constexpr double kHighChroma = 6103515625.0;  // 25^7
    const auto chroma = [](double a, double b) { return std::sqrt(a * a + b * b); };
    const double mean7 = seventh_power((chroma(one.a, one.b) + chroma(other.a, other.b)) / 2.0);
    const double stretch = 1.5 - 0.5 * std::sqrt(mean7 / (mean7 + kHighChroma));
    const double a1 = one.a * stretch, a2 = other.a * stretch;
    const double c1 = chroma(a1, one.b), c2 = chroma(a2, other.b);
    const bool has_hues = c1 > 0.0 && c2 > 0.0;
    const Hue hue1 = c1 > 0.0 ? Hue{a1 / c1, one.b / c1} : Hue{1.0, 0.0};
    const Hue hue2 = c2 > 0.0 ? Hue{a2 / c2, other.b / c2} : Hue{1.0, 0.0};
    const double turn_cosine = hue1.cosine * hue2.cosine + hue1.sine * hue2.sine;
    const double turn_sine = hue1.cosine * hue2.sine - hue1.sine * hue2.cosine;
    // The mean of two hues halves the smaller angle between them. Where one colour is grey, it is
    // the hue of the other.
    Hue mean = c1 > 0.0 ? hue1 : hue2;
    if (has_hues) {
        const double x = hue1.cosine + hue2.cosine, y = hue1.sine + hue2.sine;
        const double length = std::sqrt(x * x + y * y);
        // Of opposite hues it is the one between 90 and 270 degrees: half the sum of both angles.
        const Hue& first = hue1.sine > 0.0 || (hue1.sine == 0.0 && hue1.cosine > 0.0) ? hue1 : hue2;
        mean = length > 1e-9 ? Hue{x / length, y / length} : Hue{-first.sine, first.cosine};
    }
    const double half_sine = std::sqrt(std::max(0.0, (1.0 - turn_cosine) / 2.0));
    const double hue_step =
        has_hues ? 2.0 * std::sqrt(c1 * c2) * (turn_sine < 0.0 ? -half_sine : half_sine) : 0.0;
    const double mean_l = (one.l + other.l) / 2.0, mean_c = (c1 + c2) / 2.0;
    const double from_middle = squared(mean_l - 50.0);
    const double light =
        (other.l - one.l) / (1.0 + 0.015 * from_middle / std::sqrt(20.0 + from_middle));
    const double color = (c2 - c1) / (1.0 + 0.045 * mean_c);
    const double hue = hue_step / (1.0 + 0.015 * mean_c * weight_of_hue(mean));
    const double mean_c7 = seventh_power(mean_c);
    const double degrees = angle_of(mean.cosine, mean.sine);
    const double rotation = 60.0 * decay(squared((degrees - 275.0) / 25.0)) * kDegree;
    const double turned_hue = -2.0 * std::sqrt(mean_c7 / (mean_c7 + kHighChroma)) * sine(rotation);
    return std::sqrt(
        std::max(0.0, light * light + color * color + hue * hue + turned_hue * color * hue));
}

double color_difference(const Color& one, const Color& other) {
    if (one == other) return 0.0;
    if (one[3] == 255 && other[3] == 255) return ciede2000(on_ground(one, 0), on_ground(other, 0));
    double most = 0.0;
    for (const int ground : {255, 128, 0})
        most = std::max(most, ciede2000(on_ground(one, ground), on_ground(other, ground)));
    return most;
}

}  // namespace fewcolors
