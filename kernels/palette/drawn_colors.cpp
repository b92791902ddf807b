#include "palette/drawn_colors.hpp"

#include <limits>

#include "color/ciede2000.hpp"
#include "color/colorspace.hpp"

namespace fewcolors {
namespace {

constexpr int kDims = 4;

// A new entry takes colours from the others, and may leave one of them farther away.
constexpr int kMostPasses = 4;

class Areas {
  public:
    Areas(const Color* colors, std::size_t n_areas, const Color* palette, std::size_t n_entries)
        : colors_(colors), places_(n_areas * kDims), entries_(palette, palette + n_entries) {
        to_space(colors, n_areas, Space::kOklabToe, kDims, true, places_.data());
        entry_places_.resize(n_entries * kDims);
        to_space(palette, n_entries, Space::kOklabToe, kDims, true, entry_places_.data());
        least_.assign(n_areas, std::numeric_limits<double>::infinity());
        nearest_.assign(n_areas, 0);
        for (std::size_t entry = 0; entry < n_entries; ++entry) offer(entry);
    }

    // Makes an entry of an area's colour.
    void add(std::size_t area) {
        entries_.push_back(colors_[area]);
        const double* const place = places_.data() + area * kDims;
        entry_places_.insert(entry_places_.end(), place, place + kDims);
        offer(entries_.size() - 1);
    }

    std::size_t nearest(std::size_t area) const { return nearest_[area]; }
    const Color& entry(std::size_t entry) const { return entries_[entry]; }
    std::size_t n_entries() const { return entries_.size(); }

  private:
    void offer(std::size_t entry) {
        for (std::size_t area = 0; area < least_.size(); ++area) {
            double distance = 0.0;
            for (int d = 0; d < kDims; ++d) {
                const double step = places_[area * kDims + d] - entry_places_[entry * kDims + d];
                distance += step * step;
            }
            if (distance >= least_[area]) continue;
            least_[area] = distance;
            nearest_[area] = entry;
        }
    }

    const Color* colors_;
    std::vector<double> places_;
    std::vector<Color> entries_;
    std::vector<double> entry_places_;
    std::vector<double> least_;
    std::vector<std::size_t> nearest_;
};

}  // namespace

void snap_to_dominant(const Color* colors, const double* counts, const std::int32_t* labels,
                      std::size_t n_colors, double share, std::vector<Color>& palette) {
    std::vector<double> totals(palette.size(), 0.0), most(palette.size(), 0.0);
    std::vector<std::size_t> dominant(palette.size(), 0);
    for (std::size_t i = 0; i < n_colors; ++i) {
        const auto label = static_cast<std::size_t>(labels[i]);
        totals[label] += counts[i];
        if (counts[i] <= most[label]) continue;
        most[label] = counts[i];
        dominant[label] = i;
    }
    for (std::size_t entry = 0; entry < palette.size(); ++entry)
        if (most[entry] > 0.0 && most[entry] >= share * totals[entry])
            palette[entry] = colors[dominant[entry]];
}

std::vector<Color> missed_areas(const Color* colors, std::size_t n_areas, std::size_t n_exact,
                                const Color* palette, std::size_t n_entries, double tolerance,
                                double apart, std::size_t limit) {
    Areas areas(colors, n_areas, palette, n_entries);
    std::vector<Color> missed;
    bool has_changed = true;
    for (int pass = 0; pass < kMostPasses && has_changed; ++pass) {
        has_changed = false;
        std::vector<std::vector<std::size_t>> served(n_entries + limit);
        for (std::size_t area = 0; area < n_areas && missed.size() < limit; ++area) {
            const Color& color = colors[area];
            const auto serves = [&](std::size_t entry) {
                if (areas.entry(entry) == color) return true;
                if (area < n_exact || color_difference(areas.entry(entry), color) > tolerance)
                    return false;
                for (const std::size_t other : served[entry])
                    if (color_difference(colors[other], color) > apart) return false;
                return true;
            };
            if (!serves(areas.nearest(area))) {
                areas.add(area);
                missed.push_back(color);
                has_changed = true;
            }
            served[areas.nearest(area)].push_back(area);
        }
    }
    return missed;
}

}  // namespace fewcolors
