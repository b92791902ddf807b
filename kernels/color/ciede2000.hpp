// The difference of two colours as people see it: about 1 is the least that is told apart.
//
// Luo, Cui, Rigg 2001, doi:10.1002/col.1049, in the form of Sharma, Wu, Dalal 2005,
// doi:10.1002/col.20070. All arithmetic is +, -, x, / and square root, so that every machine
// agrees.
#pragma once

#include "color/color_order.hpp"

namespace fewcolors {

struct CieLab {
    double l, a, b;
};

double ciede2000(const CieLab& one, const CieLab& other);

// The difference of two 8-bit colours, on the worst of a white, a mid grey and a black background
// where one of them is not opaque.
double color_difference(const Color& one, const Color& other);

}  // namespace fewcolors
