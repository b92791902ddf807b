#include "assign/label_colors.hpp"

#include <algorithm>
#include <vector>

#include "kmeans/kmeans.hpp"

namespace fewcolors {
namespace {

enum class Kind { kOpaque, kTranslucent, kTransparent };

Kind kind_of(const Color& color) {
    if (color[3] == 255) return Kind::kOpaque;
    return color[3] == 0 ? Kind::kTransparent : Kind::kTranslucent;
}

}  // namespace

void label_colors(const Color* colors, std::size_t count, const Color* palette,
                  std::size_t n_entries, Space space, int dims, Team& team, std::uint8_t* labels) {
    for (const Kind kind : {Kind::kOpaque, Kind::kTranslucent, Kind::kTransparent}) {
        const Color* const begin = std::find_if(
            colors, colors + count, [&](const Color& color) { return kind_of(color) == kind; });
        const Color* const end = std::find_if(
            begin, colors + count, [&](const Color& color) { return kind_of(color) != kind; });
        if (begin == end) continue;
        std::vector<Color> entries;
        std::vector<std::uint8_t> numbers;
        const auto gather = [&](auto may_take) {
            for (std::size_t i = 0; i < n_entries; ++i) {
                if (!may_take(palette[i])) continue;
                entries.push_back(palette[i]);
                numbers.push_back(static_cast<std::uint8_t>(i));
            }
        };
        gather([&](const Color& entry) {
            return kind == Kind::kTranslucent || kind_of(entry) == kind;
        });
        const bool has_own = !entries.empty();
        if (!has_own) gather([](const Color&) { return true; });
        // Without separate kinds all colours of alpha 0 would be in one place.
        const bool separate = has_own && kind == Kind::kTransparent;
        const auto n = static_cast<std::size_t>(end - begin);
        std::vector<double> rows(n * dims), places(entries.size() * dims);
        to_space(begin, n, space, dims, separate, rows.data());
        to_space(entries.data(), entries.size(), space, dims, separate, places.data());
        const auto found = nearest(rows.data(), n, dims, std::move(places), team);
        std::transform(found.begin(), found.end(), labels + (begin - colors),
                       [&](std::int32_t place) { return numbers[place]; });
    }
}

void copy_transparent(const Pixels& pixels, const std::uint8_t* from, std::uint8_t* indices) {
    for (std::size_t i = 0; i < pixels.count; ++i)
        if (pixels.bytes[4 * i + 3] == 0) indices[i] = from[i];
}

}  // namespace fewcolors
