// Another order of the palette's entries.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/team.hpp"

namespace fewcolors {

// Writes places[index] for each of `count` indices; `places` has 256 numbers.
void renumber(const std::uint8_t* indices, std::size_t count, const std::uint8_t* places,
              Team& team, std::uint8_t* renumbered);

}  // namespace fewcolors
