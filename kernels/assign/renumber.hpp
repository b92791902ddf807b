// Another order of the palette's entries.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/team.hpp"

namespace fewcolors {

// Writes places[index] for each of `count` indices.
void renumber(const std::uint8_t* indices, std::size_t count,
              const std::array<std::uint8_t, 256>& places, Team& team, std::uint8_t* renumbered);

}  // namespace fewcolors
