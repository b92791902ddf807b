#include "palette/missed_colors.hpp"

#include <algorithm>
#include <limits>

#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

constexpr int kDims = 4;

// In OKLab. A tenth is the step from red to orange, or from one grey to the next of ten.
constexpr double kMissed = 0.10;
constexpr double kSameArea = 0.05;
constexpr double kLeastArea = 16.0;  // pixels: what can be seen as a spot of its own

// Missed colours that are looked at, the weightiest ones; the others matter little.
constexpr std::size_t kMostCandidates = 256;

struct Candidate {
    std::size_t color;
    double place[kDims];
    double count;
    double distance;  // squared, to the nearest entry
};

double squared_distance(const double* a, const double* b) {
    double sum = 0.0;
    for (int d = 0; d < kDims; ++d) sum += (a[d] - b[d]) * (a[d] - b[d]);
    return sum;
}

double least_distance(const double* place, const std::vector<double>& entries) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < entries.size(); i += kDims)
        least = std::min(least, squared_distance(place, entries.data() + i));
    return least;
}

bool is_missed(const Candidate& candidate) { return candidate.distance > kMissed * kMissed; }

std::vector<Candidate> candidates_of(const Color* colors, const double* counts,
                                     std::size_t n_colors, const std::vector<double>& entries) {
    std::vector<double> places(n_colors * kDims);
    to_space(colors, n_colors, Space::kOklab, kDims, false, places.data());
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < n_colors; ++i) {
        Candidate candidate{i, {}, counts[i], 0.0};
        std::copy_n(places.data() + i * kDims, kDims, candidate.place);
        candidate.distance = least_distance(candidate.place, entries);
        if (is_missed(candidate)) candidates.push_back(candidate);
    }
    std::stable_sort(candidates.begin(), candidates.end(),
                     [](const Candidate& a, const Candidate& b) {
                         return a.count * a.distance > b.count * b.distance;
                     });
    if (candidates.size() > kMostCandidates) candidates.resize(kMostCandidates);
    return candidates;
}

// The most frequent colour of the worst missed area, or none.
const Candidate* worst(const std::vector<Candidate>& candidates) {
    const Candidate* found = nullptr;
    double most = 0.0;
    for (const Candidate& center : candidates) {
        if (!is_missed(center)) continue;
        double area = 0.0;
        const Candidate* frequent = &center;
        for (const Candidate& other : candidates) {
            if (!is_missed(other) ||
                squared_distance(center.place, other.place) > kSameArea * kSameArea)
                continue;
            area += other.count;
            if (other.count > frequent->count) frequent = &other;
        }
        if (area < kLeastArea || area * center.distance <= most) continue;
        most = area * center.distance;
        found = frequent;
    }
    return found;
}

}  // namespace

std::vector<Color> missed_colors(const Color* colors, const double* counts, std::size_t n_colors,
                                 const Color* palette, std::size_t n_entries, std::size_t limit) {
    std::vector<double> entries(n_entries * kDims);
    to_space(palette, n_entries, Space::kOklab, kDims, false, entries.data());
    std::vector<Candidate> candidates = candidates_of(colors, counts, n_colors, entries);
    std::vector<Color> missed;
    while (missed.size() < limit) {
        const Candidate* const next = worst(candidates);
        if (next == nullptr) break;
        missed.push_back(colors[next->color]);
        const Candidate added = *next;
        for (Candidate& candidate : candidates)
            candidate.distance =
                std::min(candidate.distance, squared_distance(candidate.place, added.place));
    }
    return missed;
}

}  // namespace fewcolors
