// A copy plan as deflate's tokens: bytes, and copies of 3 to 258 bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "encode/copy_plan.hpp"

namespace fewcolors {

// The scanlines without their copy: a zero before each row of indices.
class Scanlines {
  public:
    Scanlines(const std::uint8_t* indices, std::size_t width) : indices_(indices), width_(width) {}

    std::size_t width() const { return width_; }
    std::size_t stride() const { return width_ + 1; }
    const std::uint8_t* row(std::size_t y) const { return indices_ + y * width_; }

    // Whether there is a zero `distance` bytes before the zero of row y.
    bool is_zero_before(std::size_t y, std::size_t distance) const;

    // Whether a copy from `distance` back gives the `length` indices of row y from x on.
    bool is_copy(std::size_t y, std::size_t x, std::size_t length, std::size_t distance) const;

  private:
    const std::uint8_t* indices_;
    std::size_t width_;
};

// Reads a copy plan row by row. Whatever the plan says, its steps add up to the rows' width and
// copy what is there: indices that it leaves out, and those that it copies wrongly, stand for
// themselves.
class PlanReader {
  public:
    PlanReader(const Scanlines& scanlines, const Step* next, const Step* end)
        : scanlines_(scanlines), next_(next), end_(end) {}

    // The steps of row y, the next one; they are valid until the next call.
    const CopyPlan& read_row(std::size_t y);

  private:
    const Scanlines& scanlines_;
    const Step* next_;
    const Step* end_;
    CopyPlan row_;
};

struct Token {
    std::uint16_t distance;  // 0: a byte
    std::uint16_t value;     // the byte, or the length
};

// Joins the steps of rows: consecutive copies from one distance become one copy.
class Tokens {
  public:
    explicit Tokens(const Scanlines& scanlines) : scanlines_(scanlines) {}

    // Adds row y, whose steps have been read with a PlanReader.
    void add_row(std::size_t y, const CopyPlan& steps);

    const std::vector<Token>& finished() {
        finish();
        return tokens_;
    }

  private:
    void add_step(const Step& step, const std::uint8_t* indices);
    void finish();

    const Scanlines& scanlines_;
    std::vector<Token> tokens_;
    std::size_t distance_ = 0;  // of the copy that may go on; 0: there is none
    std::size_t length_ = 0;
};

}  // namespace fewcolors
