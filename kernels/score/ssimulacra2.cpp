#include "score/ssimulacra2.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <memory>
#include <vector>

#include "base/common.hpp"

namespace fewcolors {
namespace {

constexpr int kChannels = 3;

// The weights of a Gaussian of deviation 1.5 pixels, from the middle on. There are as many as in
// the package; all eleven add up to 1.
constexpr int kRadius = 5;
constexpr std::array<float, kRadius + 1> kBlur = {0.26601172486179436f,  0.2130055377112537f,
                                                  0.10936068950970002f,  0.03600077212843083f,
                                                  0.007598758135239185f, 0.00102838008447911f};

// A picture is measured in bands of rows, each by one thread, and a band in tiles whose rows stay
// in the first cache while the blur needs them.
constexpr std::size_t kBandRows = 32;
constexpr std::size_t kTileColumns = 128;
constexpr std::size_t kTileRows = kBandRows + 2 * kRadius;       // with what the blur reaches
constexpr std::size_t kStride = kTileColumns + 2 * kRadius + 6;  // a multiple of eight

// At each scale at least this many rows and columns are measured, or all there are: the blur mixes
// errors over such distances.
constexpr std::size_t kLeastCounted = 32;

// What is measured in a channel, in the order of the weights.
enum Error { kStructure, kAdded, kLost };
constexpr int kErrors = 3;
constexpr int kNorms = 2;  // the mean; the fourth root of the mean of the fourth powers

// Sums over the pixels of a channel: of each error, and of its fourth power.
using ErrorSums = std::array<std::array<double, kNorms>, kErrors>;
using ScaleSums = std::array<ErrorSums, kChannels>;

// By channel, scale, norm and error. A picture of fewer scales takes them in this order without
// gaps, so that its second channel begins among the weights of the first. That is a fault of
// Cloudinary's program and of the Python package, kept here so that scores agree.
constexpr std::array<double, kChannels * LightPyramid::kMostScales * kNorms * kErrors> kWeights = {
    // X
    0.0, 0.0007376606707406586, 0.0, 0.0, 0.0007793481682867309, 0.0, 0.0, 0.0004371155730107379,
    0.0, 1.1041726426657346, 0.00066284834129271, 0.00015231632783718752, 0.0,
    0.0016406437456599754, 0.0, 1.8422455520539298, 11.441172603757666, 0.0, 0.0007989109436015163,
    0.000176816438078653, 0.0, 1.8787594979546387, 10.94906990605142, 0.0, 0.0007289346991508072,
    0.9677937080626833, 0.0, 0.00014003424285435884, 0.9981766977854967, 0.00031949755934435053,
    0.0004550992113792063, 0.0, 0.0, 0.0013648766163243398, 0.0, 0.0,
    // Y
    0.0, 0.0, 0.0, 7.466890328078848, 0.0, 17.445833984131262, 0.0006235601634041466, 0.0, 0.0,
    6.683678146179332, 0.00037724407979611296, 1.027889937768264, 225.20515300849274, 0.0, 0.0,
    19.213238186143016, 0.0011401524586618361, 0.001237755635509985, 176.39317598450694, 0.0, 0.0,
    24.43300999870476, 0.28520802612117757, 0.0004485436923833408, 0.0, 0.0, 0.0, 34.77906344483772,
    44.835625328877896, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
    // B
    0.0, 0.0008680556573291698, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0005313191874358747, 0.0,
    0.00016533814161379112, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0004179171803251336, 0.0017290828234722833,
    0.0, 0.0020827005846636437, 0.0, 0.0, 8.826982764996862, 23.19243343998926, 0.0,
    95.1080498811086, 0.9863978034400682, 0.9834382792465353, 0.0012286405048278493,
    171.2667255897307, 0.9807858872435379, 0.0, 0.0, 0.0, 0.0005130064588990679, 0.0,
    0.00010854057858411537};

// What a task works on: one tile of one scale.
struct Workbench {
    float light[kChannels][kStride];
    float original[kChannels][kTileRows][kStride];  // XYB
    float distorted[kChannels][kTileRows][kStride];
    // Of one channel:
    float squares[kTileRows][kStride];  // original^2 + distorted^2
    float errors[kTileRows][kStride];   // (original - distorted)^2
    // Of one row: blurred downwards only, then both ways.
    float original_down[kStride], distorted_down[kStride], squares_down[kStride],
        errors_down[kStride];
    float original_mean[kTileColumns], distorted_mean[kTileColumns], squares_mean[kTileColumns],
        errors_mean[kTileColumns];
    float sums[kErrors][kNorms][kTileColumns];  // down each column
};

// 1 over the cube root of 0.003 < x < 2.
ALWAYS_INLINE float inverse_cube_root(float x) {
    // Dividing the exponent by minus three starts within 3.5 %.
    constexpr std::uint32_t kBias = 0x54a23000u;  // 4/3 of the bits of 1.0, fine-tuned
    float root = std::bit_cast<float>(kBias - std::bit_cast<std::uint32_t>(x) / 3);
    constexpr int kSteps = 2;  // of third order: 3.5 % -> 2e-4 -> all digits
    for (int step = 0; step < kSteps; ++step) {
        const float fault = 1.0f - x * root * root * root;
        root += root * fault * (1.0f / 3.0f + 2.0f / 9.0f * fault);
    }
    return root;
}

ALWAYS_INLINE float cube_root(float x) {
    const float inverse = inverse_cube_root(x);
    return x * inverse * inverse;
}

// XYB: JPEG XL's (libjxl, opsin_params.h), stretched and moved as SSIMULACRA 2 wants it. The three
// rows of its matrix are the responses of the eye's receptors of long, middle and short waves.
KERNEL_CLONES void to_xyb(const float (*__restrict light)[kStride], std::size_t count,
                          float* __restrict to_x, float* __restrict to_y, float* __restrict to_b) {
    constexpr float kBias = 0.0037930732552754493f;
    constexpr float kBiasRoot = 0.15595420054924858f;
    for (std::size_t i = 0; i < count; ++i) {
        const float red = light[0][i], green = light[1][i], blue = light[2][i];
        const float l = cube_root(0.3f * red + 0.622f * green + 0.078f * blue + kBias);
        const float m = cube_root(0.23f * red + 0.692f * green + 0.078f * blue + kBias);
        const float s = cube_root(0.24342268924547819f * red + 0.20476744424496821f * green +
                                  0.5518098665095536f * blue + kBias);
        const float y = 0.5f * (l + m) - kBiasRoot;
        to_x[i] = 7.0f * (l - m) + 0.42f;
        to_y[i] = y + 0.01f;
        to_b[i] = (s - kBiasRoot) - y + 0.55f;
    }
}

// Blurs `count` numbers: a step of 1 is along a row, of a row's length down the columns.
ALWAYS_INLINE void blur(const float* from, std::ptrdiff_t step, std::ptrdiff_t count,
                        float* __restrict to) {
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        float sum = kBlur[0] * from[i];
        for (int away = 1; away <= kRadius; ++away)
            sum += kBlur[away] * (from[i - away * step] + from[i + away * step]);
        to[i] = sum;
    }
}

ALWAYS_INLINE void square(const float* __restrict original, const float* __restrict distorted,
                          std::size_t count, float* __restrict squares, float* __restrict errors) {
    for (std::size_t i = 0; i < count; ++i) {
        const float a = original[i], b = distorted[i];
        squares[i] = a * a + b * b;
        errors[i] = (a - b) * (a - b);
    }
}

ALWAYS_INLINE float positive(float x) { return x > 0.0f ? x : 0.0f; }

ALWAYS_INLINE void add_norms(float error, std::size_t column, float (&sums)[kNorms][kTileColumns]) {
    const float square = error * error;
    sums[0][column] += error;
    sums[1][column] += square * square;
}

// Adds up the errors of one row, whose pixels stand at `original` and `distorted`.
ALWAYS_INLINE void measure_row(const float* original, const float* distorted, std::size_t count,
                               Workbench& bench) {
    constexpr float kSteady = 0.0009f;  // keeps the quotient steady where the picture is flat
    for (std::size_t i = 0; i < count; ++i) {
        const float mean = bench.original_mean[i], other_mean = bench.distorted_mean[i];
        // SSIM, 1 - (1 - d^2) (2 cov + c) / (var + var' + c) with d the means' difference, is
        // written here in terms of differences: it is exactly 0 for equal pictures, and loses no
        // digits for similar ones.
        const float gap = (mean - other_mean) * (mean - other_mean);
        const float variances = bench.squares_mean[i] - (mean * mean + other_mean * other_mean);
        const float apart = (bench.errors_mean[i] - gap) / (variances + kSteady);
        add_norms(positive(gap + (1.0f - gap) * apart), i, bench.sums[kStructure]);

        const float edge = std::fabs(original[i] - mean);
        const float other_edge = std::fabs(distorted[i] - other_mean);
        const float more = (other_edge - edge) / (1.0f + edge);
        add_norms(positive(more), i, bench.sums[kAdded]);
        add_norms(positive(-more), i, bench.sums[kLost]);
    }
}

// Measures a channel of a tile into the workbench's sums.
KERNEL_CLONES void measure_tile(int channel, std::size_t n_rows, std::size_t n_columns,
                                Workbench& bench) {
    const std::size_t reached = n_columns + 2 * kRadius;
    const auto& original = bench.original[channel];
    const auto& distorted = bench.distorted[channel];
    std::fill_n(&bench.sums[0][0][0], kErrors * kNorms * kTileColumns, 0.0f);
    for (std::size_t row = 0; row < n_rows + 2 * kRadius; ++row)
        square(original[row], distorted[row], reached, bench.squares[row], bench.errors[row]);
    for (std::size_t row = kRadius; row < n_rows + kRadius; ++row) {
        blur(original[row], kStride, reached, bench.original_down);
        blur(distorted[row], kStride, reached, bench.distorted_down);
        blur(bench.squares[row], kStride, reached, bench.squares_down);
        blur(bench.errors[row], kStride, reached, bench.errors_down);
        blur(bench.original_down + kRadius, 1, n_columns, bench.original_mean);
        blur(bench.distorted_down + kRadius, 1, n_columns, bench.distorted_mean);
        blur(bench.squares_down + kRadius, 1, n_columns, bench.squares_mean);
        blur(bench.errors_down + kRadius, 1, n_columns, bench.errors_mean);
        measure_row(original[row] + kRadius, distorted[row] + kRadius, n_columns, bench);
    }
}

// The tile of n_rows x n_columns pixels at (y, x), with those that the blur reaches: rows beyond
// the picture are mirrored, and columns beyond it are 0 in XYB, as in the package.
void load_tile(const LightPyramid& pyramid, int scale, std::size_t y, std::size_t x,
               std::size_t n_rows, std::size_t n_columns, float (&light)[kChannels][kStride],
               float (&planes)[kChannels][kTileRows][kStride]) {
    const std::size_t first = x < kRadius ? 0 : x - kRadius;
    const std::size_t last = std::min(x + n_columns + kRadius, pyramid.width(scale));
    const std::size_t start = first + kRadius - x;  // in the tile's row
    const std::size_t end = last + kRadius - x;
    for (std::size_t row = 0; row < n_rows + 2 * kRadius; ++row) {
        const std::size_t from =
            mirrored(static_cast<std::ptrdiff_t>(y + row) - kRadius, pyramid.height(scale));
        pyramid.copy_row(scale, from, first, last - first, light[0], kStride);
        to_xyb(light, last - first, planes[0][row] + start, planes[1][row] + start,
               planes[2][row] + start);
        for (auto& plane : planes) {
            std::fill(plane[row], plane[row] + start, 0.0f);
            std::fill(plane[row] + end, plane[row] + n_columns + 2 * kRadius, 0.0f);
        }
    }
}

void add_sums(const Workbench& bench, std::size_t n_columns, ErrorSums& sums) {
    for (int error = 0; error < kErrors; ++error)
        for (int norm = 0; norm < kNorms; ++norm)
            for (std::size_t i = 0; i < n_columns; ++i)
                sums[error][norm] += bench.sums[error][norm][i];
}

// The span that is measured at a scale of `side` rows or columns, from the one at the finest scale.
Span at_scale(Span span, int scale, std::size_t side) {
    const std::size_t shrunk = (span.count + (std::size_t{1} << scale) - 1) >> scale;
    const std::size_t count = std::min(std::max(shrunk, kLeastCounted), side);
    const std::size_t middle = (2 * span.first + span.count) >> (scale + 1);
    const std::size_t first = middle < count / 2 ? 0 : middle - count / 2;
    return {std::min(first, side - count), count};
}

// Some rows of a scale, a task.
struct Band {
    int scale;
    Span rows;
    Span columns;
};

ScaleSums measure_band(const LightPyramid& original, const LightPyramid& distorted,
                       const Band& band) {
    const auto bench = std::make_unique_for_overwrite<Workbench>();
    const auto& [scale, rows, columns] = band;
    ScaleSums sums{};
    for (std::size_t done = 0; done < columns.count; done += kTileColumns) {
        const std::size_t x = columns.first + done;
        const std::size_t n_columns = std::min(kTileColumns, columns.count - done);
        load_tile(original, scale, rows.first, x, rows.count, n_columns, bench->light,
                  bench->original);
        load_tile(distorted, scale, rows.first, x, rows.count, n_columns, bench->light,
                  bench->distorted);
        for (int channel = 0; channel < kChannels; ++channel) {
            measure_tile(channel, rows.count, n_columns, *bench);
            add_sums(*bench, n_columns, sums[channel]);
        }
    }
    return sums;
}

// A picture's errors at one scale, and how many pixels they are of.
struct Scale {
    ScaleSums sums{};
    std::size_t n_pixels = 0;
};

void add(const ScaleSums& more, ScaleSums& sums) {
    for (int channel = 0; channel < kChannels; ++channel)
        for (int error = 0; error < kErrors; ++error)
            for (int norm = 0; norm < kNorms; ++norm)
                sums[channel][error][norm] += more[channel][error][norm];
}

// x^exponent for 0 < exponent < 1, the same on every machine: the product of the square root, the
// fourth root and so on, one for each binary digit of the exponent that is 1.
double power(double x, double exponent) {
    constexpr int kDigits = 52;  // of a double
    double result = 1.0;
    for (int digit = 0; digit < kDigits; ++digit) {
        x = std::sqrt(x);
        exponent *= 2.0;
        if (exponent < 1.0) continue;
        exponent -= 1.0;
        result *= x;
    }
    return result;
}

// From the weighted sum of the errors to the scale of people's judgements.
double score_of(double error) {
    error *= 0.9562382616834844;
    error *= 2.326765642916932 + error * (-0.020884521182843837 + error * 6.248496625763138e-05);
    return error > 0.0 ? 100.0 - 10.0 * power(error, 0.6276336467831387) : 100.0;
}

double weighted(const std::vector<Scale>& scales) {
    double total = 0.0;
    auto weight = kWeights.begin();
    for (int channel = 0; channel < kChannels; ++channel) {
        for (const Scale& scale : scales) {
            const auto area = static_cast<double>(scale.n_pixels);
            const ErrorSums& sums = scale.sums[channel];
            for (int error = 0; error < kErrors; ++error)
                total += *weight++ * (sums[error][0] / area);
            for (int error = 0; error < kErrors; ++error)
                total += *weight++ * std::sqrt(std::sqrt(sums[error][1] / area));
        }
    }
    return total;
}

}  // namespace

Ssimulacra2Reference::Ssimulacra2Reference(const std::uint8_t* original, std::size_t width,
                                           std::size_t height, Team& team)
    : width_(width), height_(height), original_(original, width, height, team) {}

double Ssimulacra2Reference::score(const std::uint8_t* distorted, Span rows, Span columns,
                                   Team& team) const {
    const LightPyramid pyramid(distorted, width_, height_, team);
    std::vector<Band> bands;
    std::vector<Scale> scales(pyramid.n_scales());
    for (int scale = 0; scale < pyramid.n_scales(); ++scale) {
        const auto [first, count] = at_scale(rows, scale, pyramid.height(scale));
        const Span counted_columns = at_scale(columns, scale, pyramid.width(scale));
        for (std::size_t done = 0; done < count; done += kBandRows)
            bands.push_back(
                {scale, {first + done, std::min(kBandRows, count - done)}, counted_columns});
        scales[scale].n_pixels = count * counted_columns.count;
    }
    std::vector<ScaleSums> parts(bands.size());
    team.run(bands.size(), [&](std::size_t task) {
        parts[task] = measure_band(original_, pyramid, bands[task]);
    });
    for (std::size_t task = 0; task < bands.size(); ++task)
        add(parts[task], scales[bands[task].scale].sums);
    return score_of(weighted(scales));
}

double ssimulacra2(const std::uint8_t* original, const std::uint8_t* distorted, std::size_t width,
                   std::size_t height, Team& team) {
    return Ssimulacra2Reference(original, width, height, team)
        .score(distorted, {0, height}, {0, width}, team);
}

}  // namespace fewcolors
