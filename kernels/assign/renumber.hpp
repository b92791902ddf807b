// Another order of the palette's entries.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "base/team.hpp"

namespace fewcolors {

// Makes each of `count` indices places[index].
void renumber(std::uint8_t* indices, std::size_t count, const std::array<std::uint8_t, 256>& places,
              Team& team);

}  // namespace fewcolors
