// Colours that are not opaque: each on its own, or in cells where there are very many.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/common.hpp"
#include "base/slots.hpp"
#include "base/team.hpp"
#include "color/color_order.hpp"

namespace fewcolors {

// Above this many, colours are counted in cells: a soft shadow has ten thousand, a photo under a
// gradient of alpha ten million, more than its clusters need to know.
inline constexpr std::size_t kMostExact = std::size_t{1} << 16;

// Cells have 63 steps of alpha and 64 of red, green and blue. Where alpha is low, steps of colour
// are hardly visible, so there are fewer: 32 below an alpha of 128, 16 below 64 and so on.
// Premultiplied, no colour is 5 of 255 away from the one that stands for its cell, and few are 3.
// Alpha 0 is a step of its own. `cell_of` numbers the cell of a pixel, with 24 bits, and
// `color_of_cell` is what stands for it.
std::uint32_t cell_of(const std::uint8_t* rgba);
Color color_of_cell(std::uint32_t cell);

// Whether a colour stands for its cell.
inline bool is_on_grid(const Color& color) { return color_of_cell(cell_of(color.data())) == color; }

// Numbers colours in the order in which they are found.
class ColorSlots {
  public:
    std::uint32_t find_or_add(std::uint64_t order) {
        const std::uint32_t slot = slots_.find_or_add(
            scramble(order), [&](std::uint32_t candidate) { return orders_[candidate] == order; });
        if (slot == orders_.size()) orders_.push_back(order);
        return slot;
    }
    std::uint32_t find(std::uint64_t order) const {  // kNoSlot where it has not been added
        return slots_.find(scramble(order),
                           [&](std::uint32_t candidate) { return orders_[candidate] == order; });
    }
    const std::vector<std::uint64_t>& orders() const { return orders_; }

  private:
    Slots slots_;
    std::vector<std::uint64_t> orders_;
};

// Counts the pixels, of 4 bytes, that are not opaque. `weights` has a byte for each byte of
// `contrast`; without contrast every pixel counts once. All of alpha 0 are one colour, unless
// `keep_transparent`: then each counts kTransparentShare.
ColorCounts count_translucent(const Pixels& pixels, const std::uint8_t* contrast,
                              const std::uint8_t* weights, bool keep_transparent, Team& team);

// Colours that are not seen count little in the choice of the palette. A power of two adds up
// exactly.
inline constexpr double kTransparentShare = 1.0 / 8.0;

}  // namespace fewcolors
