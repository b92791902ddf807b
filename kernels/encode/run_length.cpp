#include "encode/run_length.hpp"

#include <algorithm>
#include <utility>

namespace fewcolors {
namespace {

constexpr std::size_t kMaxRun = 255;
constexpr std::size_t kFewestLiterals = 3;  // 0, 1 and 2 literals are the format's commands

// One row after the other. A run is (length, what is repeated); literals are (0, their number,
// the indices), filled up to an even number of bytes.
class Rows {
  public:
    explicit Rows(int bit_depth) : depth_(bit_depth), period_(8 / bit_depth) {}

    void add(const std::uint8_t* row, std::size_t width) {
        std::size_t start = 0;  // of what is not written yet
        for (std::size_t x = 0; x < width;) {
            const std::size_t run = repeated(row + x, std::min(width - x, kMaxRun));
            // A run takes two bytes, and two more where it interrupts literals.
            if (run * depth_ >= kWorthwhileBits) {
                literals(row + start, x - start);
                command(run, packed(row + x, std::min(run, period_)));
                start = x += run;
            } else if (++x - start == kMaxRun - 1) {  // even: RLE4 packs two a byte
                literals(row + start, x - start);
                start = x;
            }
        }
        literals(row + start, width - start);
        command(0, 0);  // end of line
    }

    std::vector<std::uint8_t> finished() {
        command(0, 1);  // end of bitmap
        return std::move(bytes_);
    }

  private:
    static constexpr std::size_t kWorthwhileBits = 32;

    void command(std::size_t first, std::uint8_t second) {
        bytes_.push_back(static_cast<std::uint8_t>(first));
        bytes_.push_back(second);
    }

    // The length of the run that starts here; RLE4 repeats pairs.
    std::size_t repeated(const std::uint8_t* at, std::size_t most) const {
        std::size_t run = std::min(most, period_);
        while (run < most && at[run] == at[run - period_]) ++run;
        return run;
    }

    std::uint8_t packed(const std::uint8_t* at, std::size_t count) const {
        if (depth_ == 8) return at[0];
        return static_cast<std::uint8_t>(at[0] << 4 | (count > 1 ? at[1] : 0));
    }

    void literals(const std::uint8_t* at, std::size_t count) {
        if (count < kFewestLiterals) {
            for (std::size_t i = 0; i < count; i += period_) {
                const std::size_t n = std::min(period_, count - i);
                command(n, packed(at + i, n));
            }
            return;
        }
        command(0, static_cast<std::uint8_t>(count));
        const std::size_t before = bytes_.size();
        for (std::size_t i = 0; i < count; i += period_) {
            bytes_.push_back(packed(at + i, std::min(period_, count - i)));
        }
        if ((bytes_.size() - before) % 2 == 1) bytes_.push_back(0);
    }

    std::size_t depth_, period_;
    std::vector<std::uint8_t> bytes_;
};

}  // namespace

std::vector<std::uint8_t> run_lengths(const std::uint8_t* indices, std::size_t width,
                                      std::size_t height, int bit_depth) {
    Rows rows(bit_depth);
    for (std::size_t y = height; y-- > 0;) rows.add(indices + y * width, width);
    return rows.finished();
}

}  // namespace fewcolors
