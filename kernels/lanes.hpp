// Four doubles at a time, in a form that every compiler keeps in registers.
//
// GCC and Clang have the vector extension; plain loops over small arrays are three times slower
// there (measured with GCC 12), and a wider vector than AVX2's falls apart on machines without it.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "common.hpp"

namespace fewcolors {

inline constexpr int kLanes = 4;

#if defined(__GNUC__)
typedef double Lanes __attribute__((vector_size(sizeof(double) * kLanes)));
typedef std::int64_t LaneInts __attribute__((vector_size(sizeof(std::int64_t) * kLanes)));

// Subtracting nothing is how GCC sees that one broadcast will do.
ALWAYS_INLINE Lanes splat(double value) { return value - Lanes{}; }
ALWAYS_INLINE LaneInts splat_int(std::int64_t value) { return value - LaneInts{}; }
ALWAYS_INLINE Lanes pick(LaneInts mask, Lanes yes, Lanes no) { return mask ? yes : no; }
ALWAYS_INLINE LaneInts pick(LaneInts mask, LaneInts yes, LaneInts no) { return mask ? yes : no; }
#else
template <class T>
struct LaneArray {
    T lane[kLanes];
    T& operator[](int i) { return lane[i]; }
    const T& operator[](int i) const { return lane[i]; }
};
using Lanes = LaneArray<double>;
using LaneInts = LaneArray<std::int64_t>;

template <class A, class F>
ALWAYS_INLINE auto each_lane(const A& a, const A& b, F f) {
    LaneArray<decltype(f(a[0], b[0]))> result;
    for (int i = 0; i < kLanes; ++i) result[i] = f(a[i], b[i]);
    return result;
}
ALWAYS_INLINE Lanes operator+(Lanes a, Lanes b) {
    return each_lane(a, b, [](double x, double y) { return x + y; });
}
ALWAYS_INLINE Lanes operator-(Lanes a, Lanes b) {
    return each_lane(a, b, [](double x, double y) { return x - y; });
}
ALWAYS_INLINE Lanes operator*(Lanes a, Lanes b) {
    return each_lane(a, b, [](double x, double y) { return x * y; });
}
ALWAYS_INLINE LaneInts operator<(Lanes a, Lanes b) {
    return each_lane(a, b, [](double x, double y) { return std::int64_t{x < y ? -1 : 0}; });
}
ALWAYS_INLINE LaneInts operator>(Lanes a, Lanes b) { return b < a; }
ALWAYS_INLINE Lanes splat(double value) { return Lanes{{value, value, value, value}}; }
ALWAYS_INLINE LaneInts splat_int(std::int64_t value) {
    return LaneInts{{value, value, value, value}};
}
template <class T>
ALWAYS_INLINE LaneArray<T> pick(LaneInts mask, LaneArray<T> yes, LaneArray<T> no) {
    for (int i = 0; i < kLanes; ++i) no[i] = mask[i] ? yes[i] : no[i];
    return no;
}
#endif

ALWAYS_INLINE Lanes load(const double* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}
ALWAYS_INLINE void store(double* to, Lanes lanes) { std::memcpy(to, &lanes, sizeof lanes); }
ALWAYS_INLINE void store(std::int64_t* to, LaneInts lanes) {
    std::memcpy(to, &lanes, sizeof lanes);
}
ALWAYS_INLINE Lanes smaller(Lanes a, Lanes b) { return pick(a < b, a, b); }
ALWAYS_INLINE Lanes larger(Lanes a, Lanes b) { return pick(a > b, a, b); }
ALWAYS_INLINE double smallest(Lanes lanes) {
    double result = lanes[0];
    for (int i = 1; i < kLanes; ++i) result = lanes[i] < result ? lanes[i] : result;
    return result;
}

ALWAYS_INLINE double largest(Lanes lanes) {
    double result = lanes[0];
    for (int i = 1; i < kLanes; ++i) result = lanes[i] > result ? lanes[i] : result;
    return result;
}
ALWAYS_INLINE double add_lanes(Lanes lanes) {
    double result = lanes[0];
    for (int i = 1; i < kLanes; ++i) result += lanes[i];
    return result;
}

}  // namespace fewcolors
