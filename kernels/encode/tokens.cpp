#include "encode/tokens.hpp"

#include <algorithm>
#include <limits>

#include "encode/deflate_format.hpp"

namespace fewcolors {

bool Scanlines::is_zero_before(std::size_t y, std::size_t distance) const {
    const std::size_t position = y * stride();
    if (distance == 0 || distance > position) return false;
    const std::size_t column = (position - distance) % stride();
    return column == 0 || row((position - distance) / stride())[column - 1] == 0;
}

bool Scanlines::is_copy(std::size_t y, std::size_t x, std::size_t length,
                        std::size_t distance) const {
    const std::size_t position = y * stride() + 1 + x;
    if (distance == 0 || distance > kWindow || distance > position) return false;
    const std::uint8_t* const to = row(y) + x;
    std::size_t from_row = (position - distance) / stride();
    std::size_t column = (position - distance) % stride();  // 0: the zero
    for (std::size_t done = 0; done < length; column = 0, ++from_row) {
        if (column == 0) {
            if (to[done] != 0) return false;
            ++done;
            column = 1;
        }
        const std::size_t part = std::min(length - done, stride() - column);
        const std::uint8_t* const from = row(from_row) + column - 1;
        if (!std::equal(from, from + part, to + done)) return false;
        done += part;
    }
    return true;
}

const CopyPlan& PlanReader::read_row(std::size_t y) {
    row_.clear();
    std::uint16_t distance = 0;  // of the step before
    for (std::size_t x = 0; x < scanlines_.width();) {
        constexpr Step kLiterals{std::numeric_limits<std::uint16_t>::max(), 0};
        const Step step = next_ != end_ ? *next_++ : kLiterals;
        const std::size_t length = std::min<std::size_t>(step.length, scanlines_.width() - x);
        if (length == 0) continue;
        const bool is_long_enough = length >= kLeastCopy || step.distance == distance;
        const bool is_sound = is_long_enough && scanlines_.is_copy(y, x, length, step.distance);
        distance = is_sound ? step.distance : std::uint16_t{0};
        row_.push_back({static_cast<std::uint16_t>(length), distance});
        x += length;
    }
    return row_;
}

void Tokens::add_row(std::size_t y, const CopyPlan& steps) {
    if (scanlines_.is_zero_before(y, distance_)) {
        ++length_;
    } else if (scanlines_.is_zero_before(y, steps.front().distance)) {
        finish();
        distance_ = steps.front().distance;
        length_ = 1;
    } else {
        finish();
        tokens_.push_back({0, 0});
    }
    const std::uint8_t* indices = scanlines_.row(y);
    for (const Step& step : steps) {
        add_step(step, indices);
        indices += step.length;
    }
}

void Tokens::add_step(const Step& step, const std::uint8_t* indices) {
    if (step.distance != distance_) finish();
    distance_ = step.distance;
    if (step.distance != 0)
        length_ += step.length;
    else
        for (int i = 0; i < step.length; ++i) tokens_.push_back({0, indices[i]});
}

// Writes the copy down, in pieces that are neither too long nor too short.
void Tokens::finish() {
    while (length_ > 0) {
        std::size_t piece = std::min<std::size_t>(length_, kLongestCopy);
        if (piece < length_ && length_ - piece < kLeastCopy) piece = length_ - kLeastCopy;
        tokens_.push_back(
            {static_cast<std::uint16_t>(distance_), static_cast<std::uint16_t>(piece)});
        length_ -= piece;
    }
    distance_ = 0;
}

}  // namespace fewcolors
