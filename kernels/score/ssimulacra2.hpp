// SSIMULACRA 2: how good a picture looks beside its original. 100 is the same picture, 90 one that
// cannot be told from it, 70 high and 50 medium quality; the worst are below 0.
//
// The measure is Jon Sneyers's, Cloudinary, 2022, https://github.com/cloudinary/ssimulacra2. At up
// to six scales, for each channel of XYB: the error of structure (SSIM), the edges that the picture
// adds and those that it loses, each as a mean and as a norm that heeds the worst places; all 108
// weighted so as to agree with people's judgements.
//
// Details are those of the Python package ssimulacra2 0.3.0, whose scores above 0 these are within
// 0.001. It blurs with eleven weights; Cloudinary's program has a recursive blur that comes close
// to them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/team.hpp"
#include "score/light_pyramid.hpp"

namespace fewcolors {

// Consecutive rows or columns.
struct Span {
    std::size_t first;
    std::size_t count;
};

// An original to compare several pictures with. It keeps the original's smaller scales, 4 bytes a
// pixel; a score takes as much again while it is made, and 300 KB a thread.
//
// Scores are comparable from 225 x 225 pixels on, which have six scales; with fewer they are too
// high: with 8 x 8 pixels, the fewest, black beside white scores 83. Smaller pictures cannot be
// measured, and the package scores them 100 whatever they show; here they are extended by their
// mirror images.
class Ssimulacra2Reference {
  public:
    // (height, width, 3) bytes of sRGB, which must live as long as this does.
    Ssimulacra2Reference(const std::uint8_t* original, std::size_t width, std::size_t height,
                         Team& team);

    // Measures the given rows and columns only; the rest of the picture just gives it enough
    // scales. At each scale that is the part that corresponds to them, or somewhat more at the
    // coarsest.
    double score(const std::uint8_t* distorted, Span rows, Span columns, Team& team) const;

  private:
    std::size_t width_;
    std::size_t height_;
    LightPyramid original_;
};

double ssimulacra2(const std::uint8_t* original, const std::uint8_t* distorted, std::size_t width,
                   std::size_t height, Team& team);

}  // namespace fewcolors
