// Four doubles or eight floats at a time, in a form that every compiler keeps in registers.
//
// GCC and Clang have the vector extension; plain loops over small arrays are three times slower
// there (measured with GCC 12), and a wider vector than AVX2's falls apart on machines without it.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>

#include "base/common.hpp"

namespace fewcolors {

inline constexpr int kLanes = 4;   // of Lanes
inline constexpr int kFloats = 8;  // of Floats

#if defined(__GNUC__)
typedef double Lanes __attribute__((vector_size(sizeof(double) * kLanes)));
typedef std::int64_t LaneInts __attribute__((vector_size(sizeof(std::int64_t) * kLanes)));
typedef float Floats __attribute__((vector_size(sizeof(float) * kFloats)));
typedef std::int32_t FloatInts __attribute__((vector_size(sizeof(std::int32_t) * kFloats)));

// Written as a subtraction, because GCC compiles that into a single broadcast.
ALWAYS_INLINE Lanes splat(double value) { return value - Lanes{}; }
ALWAYS_INLINE LaneInts splat_int(std::int64_t value) { return value - LaneInts{}; }
ALWAYS_INLINE Floats splat(float value) { return value - Floats{}; }
ALWAYS_INLINE FloatInts splat_float_int(std::int32_t value) { return value - FloatInts{}; }
ALWAYS_INLINE Lanes pick(LaneInts mask, Lanes yes, Lanes no) { return mask ? yes : no; }
ALWAYS_INLINE LaneInts pick(LaneInts mask, LaneInts yes, LaneInts no) { return mask ? yes : no; }
ALWAYS_INLINE Floats pick(FloatInts mask, Floats yes, Floats no) { return mask ? yes : no; }
ALWAYS_INLINE FloatInts pick(FloatInts mask, FloatInts yes, FloatInts no) {
    return mask ? yes : no;
}
#else
template <class T, int kCount>
struct LaneArray {
    T lane[kCount];
    T& operator[](int i) { return lane[i]; }
    const T& operator[](int i) const { return lane[i]; }
};
using Lanes = LaneArray<double, kLanes>;
using LaneInts = LaneArray<std::int64_t, kLanes>;
using Floats = LaneArray<float, kFloats>;
using FloatInts = LaneArray<std::int32_t, kFloats>;

template <class R, class T, int kCount, class F>
ALWAYS_INLINE LaneArray<R, kCount> each_lane(const LaneArray<T, kCount>& a,
                                             const LaneArray<T, kCount>& b, F f) {
    LaneArray<R, kCount> result;
    for (int i = 0; i < kCount; ++i) result[i] = f(a[i], b[i]);
    return result;
}
template <class T, int kCount>
ALWAYS_INLINE LaneArray<T, kCount> operator+(LaneArray<T, kCount> a, LaneArray<T, kCount> b) {
    return each_lane<T>(a, b, [](T x, T y) { return x + y; });
}
template <class T, int kCount>
ALWAYS_INLINE LaneArray<T, kCount> operator-(LaneArray<T, kCount> a, LaneArray<T, kCount> b) {
    return each_lane<T>(a, b, [](T x, T y) { return x - y; });
}
template <class T, int kCount>
ALWAYS_INLINE LaneArray<T, kCount> operator*(LaneArray<T, kCount> a, LaneArray<T, kCount> b) {
    return each_lane<T>(a, b, [](T x, T y) { return x * y; });
}
template <class T, int kCount>
ALWAYS_INLINE LaneArray<T, kCount> operator/(LaneArray<T, kCount> a, LaneArray<T, kCount> b) {
    return each_lane<T>(a, b, [](T x, T y) { return x / y; });
}
ALWAYS_INLINE LaneInts operator<(Lanes a, Lanes b) {
    return each_lane<std::int64_t>(a, b, [](double x, double y) { return x < y ? -1 : 0; });
}
ALWAYS_INLINE FloatInts operator<(Floats a, Floats b) {
    return each_lane<std::int32_t>(a, b, [](float x, float y) { return x < y ? -1 : 0; });
}
ALWAYS_INLINE FloatInts operator<(FloatInts a, FloatInts b) {
    return each_lane<std::int32_t>(a, b,
                                   [](std::int32_t x, std::int32_t y) { return x < y ? -1 : 0; });
}
template <class T, int kCount>
ALWAYS_INLINE auto operator>(LaneArray<T, kCount> a, LaneArray<T, kCount> b) {
    return b < a;
}
template <class T, int kCount>
ALWAYS_INLINE LaneArray<T, kCount> filled(T value) {
    LaneArray<T, kCount> result;
    for (int i = 0; i < kCount; ++i) result[i] = value;
    return result;
}
ALWAYS_INLINE Lanes splat(double value) { return filled<double, kLanes>(value); }
ALWAYS_INLINE LaneInts splat_int(std::int64_t value) { return filled<std::int64_t, kLanes>(value); }
ALWAYS_INLINE Floats splat(float value) { return filled<float, kFloats>(value); }
ALWAYS_INLINE FloatInts splat_float_int(std::int32_t value) {
    return filled<std::int32_t, kFloats>(value);
}
template <class M, class T, int kCount>
ALWAYS_INLINE LaneArray<T, kCount> pick(LaneArray<M, kCount> mask, LaneArray<T, kCount> yes,
                                        LaneArray<T, kCount> no) {
    for (int i = 0; i < kCount; ++i) no[i] = mask[i] ? yes[i] : no[i];
    return no;
}
#endif

ALWAYS_INLINE Lanes load(const double* from) {
    Lanes lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}
ALWAYS_INLINE Floats load(const float* from) {
    Floats lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}
ALWAYS_INLINE FloatInts load(const std::int32_t* from) {
    FloatInts lanes;
    std::memcpy(&lanes, from, sizeof lanes);
    return lanes;
}
ALWAYS_INLINE void store(double* to, Lanes lanes) { std::memcpy(to, &lanes, sizeof lanes); }
ALWAYS_INLINE void store(std::int64_t* to, LaneInts lanes) {
    std::memcpy(to, &lanes, sizeof lanes);
}
ALWAYS_INLINE void store(float* to, Floats lanes) { std::memcpy(to, &lanes, sizeof lanes); }
ALWAYS_INLINE void store(std::int32_t* to, FloatInts lanes) {
    std::memcpy(to, &lanes, sizeof lanes);
}
ALWAYS_INLINE Lanes smaller(Lanes a, Lanes b) { return pick(a < b, a, b); }
ALWAYS_INLINE Lanes larger(Lanes a, Lanes b) { return pick(a > b, a, b); }
ALWAYS_INLINE Floats smaller(Floats a, Floats b) { return pick(a < b, a, b); }
ALWAYS_INLINE Floats larger(Floats a, Floats b) { return pick(a > b, a, b); }
// Moves lanes up by 1, 2 or 4 places. What comes in from below is zero.
template <int kPlaces>
ALWAYS_INLINE Floats moved_up(Floats lanes) {
    const Floats none = splat(0.0f);
#if defined(__clang__)
#define JOINED(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#elif defined(__GNUC__)
#define JOINED(a, b, ...) __builtin_shuffle(a, b, FloatInts{__VA_ARGS__})
#endif
#if defined(__GNUC__)
    if constexpr (kPlaces == 4) return JOINED(none, lanes, 0, 1, 2, 3, 8, 9, 10, 11);
    if constexpr (kPlaces == 2) return JOINED(none, lanes, 0, 1, 8, 9, 10, 11, 12, 13);
    if constexpr (kPlaces == 1) return JOINED(none, lanes, 0, 8, 9, 10, 11, 12, 13, 14);
#else
    Floats moved = none;
    for (int i = kPlaces; i < kFloats; ++i) moved[i] = lanes[i - kPlaces];
    return moved;
#endif
}

// The sum of each lane and all below it, always added in the same order.
ALWAYS_INLINE Floats running_sums(Floats lanes) {
    lanes = lanes + moved_up<1>(lanes);
    lanes = lanes + moved_up<2>(lanes);
    return lanes + moved_up<4>(lanes);
}

// Swaps lanes with their partners: those whose numbers differ in one bit, 1, 2 or 4.
#if defined(__clang__)
#define SHUFFLED(lanes, ...) __builtin_shufflevector(lanes, lanes, __VA_ARGS__)
#elif defined(__GNUC__)
#define SHUFFLED(lanes, ...) __builtin_shuffle(lanes, FloatInts{__VA_ARGS__})
#endif
template <int kBit, class Vector>
ALWAYS_INLINE Vector partners(Vector lanes) {
#if defined(__GNUC__)
    if constexpr (kBit == 4) return SHUFFLED(lanes, 4, 5, 6, 7, 0, 1, 2, 3);
    if constexpr (kBit == 2) return SHUFFLED(lanes, 2, 3, 0, 1, 6, 7, 4, 5);
    if constexpr (kBit == 1) return SHUFFLED(lanes, 1, 0, 3, 2, 5, 4, 7, 6);
#else
    Vector swapped = lanes;
    for (int i = 0; i < kFloats; ++i) swapped[i] = lanes[i ^ kBit];
    return swapped;
#endif
}

// The least of numbers that are offered eight at a time, and its owner. Which of equal numbers it
// is depends on their order alone.
struct Least {
    Floats values;
    FloatInts owners = splat_float_int(0);

    ALWAYS_INLINE explicit Least(float beyond) : values(splat(beyond)) {}

    ALWAYS_INLINE void offer(Floats candidates, FloatInts their_owners) {
        const FloatInts less = candidates < values;
        values = pick(less, candidates, values);
        owners = pick(less, their_owners, owners);
    }

    // Leaves the least in the first lane. Comparing lane by lane would take a branch each, which no
    // processor could predict.
    ALWAYS_INLINE void reduce() {
        offer(partners<4>(values), partners<4>(owners));
        offer(partners<2>(values), partners<2>(owners));
        offer(partners<1>(values), partners<1>(owners));
    }
};

ALWAYS_INLINE Floats square_root(Floats lanes) {
    for (int i = 0; i < kFloats; ++i) lanes[i] = std::sqrt(lanes[i]);
    return lanes;
}
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
