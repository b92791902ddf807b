#include "assign/renumber.hpp"

#include <algorithm>

namespace fewcolors {
namespace {

constexpr std::size_t kPixelsOfTask = std::size_t{1} << 17;

}  // namespace

void renumber(std::uint8_t* indices, std::size_t count, const std::array<std::uint8_t, 256>& places,
              Team& team) {
    team.run((count + kPixelsOfTask - 1) / kPixelsOfTask, [&](std::size_t task) {
        const std::size_t last = std::min((task + 1) * kPixelsOfTask, count);
        for (std::size_t i = task * kPixelsOfTask; i < last; ++i) indices[i] = places[indices[i]];
    });
}

}  // namespace fewcolors
