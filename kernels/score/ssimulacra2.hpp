// SSIMULACRA 2: how good a picture looks beside its original. 100 is the same picture, 90 one that
// cannot be told from it, 70 high and 50 medium quality; the worst are below 0.
//
// The measure is Jon Sneyers's, Cloudinary, 2022, https://github.com/cloudinary/ssimulacra2. At up
// to six scales, for each channel of XYB: the error of structure (SSIM), the edges that the picture
// adds and those that it loses, each as a mean and as a norm that heeds the worst places; all 108
// weighted so as to agree with people's judgements.
//
// Details are those of the Python package ssimulacra2 0.3.0, whose scores above 0 these are within
// 0.001. It blurs with eleven weights, to which the first program's recursive blur comes close.
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
// kind, at the least of 8 x 8 pixels 83 for black beside white. What is smaller still cannot be
// measured, and the package calls it perfect whatever it shows; here its mirror images continue it.
class Ssimulacra2Reference {
  public:
    // (height, width, 3) bytes of sRGB, which must live as long as this does.
    Ssimulacra2Reference(const std::uint8_t* original, std::size_t width, std::size_t height,
                         Team& team);

    // Counts the errors of some rows and columns only, where the rest is there for its coarser
    // scales alone: at each scale the part that they become, or somewhat more of the coarsest.
    double score(const std::uint8_t* distorted, Span rows, Span columns, Team& team) const;

  private:
    std::size_t width_;
    std::size_t height_;
    LightPyramid original_;
};

double ssimulacra2(const std::uint8_t* original, const std::uint8_t* distorted, std::size_t width,
                   std::size_t height, Team& team);

}  // namespace fewcolors
