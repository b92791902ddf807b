// How data crosses the border to Python.
//
// Buffers come in as they are (`noconvert`: a silent copy would be a wrong result or lost time)
// and go out as memoryviews, so that no array library is needed on either side. Shapes and ranges
// are checked in Python.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "base/common.hpp"
#include "color/color_order.hpp"
#include "color/planes.hpp"

namespace fewcolors {

namespace nb = nanobind;
using namespace nb::literals;

using Bytes = nb::ndarray<const std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using BytesInOut = nb::ndarray<std::uint8_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using ColorsIn = nb::ndarray<const std::uint8_t, nb::shape<-1, 4>, nb::c_contig, nb::device::cpu>;
using RowsIn = nb::ndarray<const double, nb::ndim<2>, nb::c_contig, nb::device::cpu>;
using StepsIn = nb::ndarray<const std::uint16_t, nb::shape<-1, 2>, nb::c_contig, nb::device::cpu>;
using NumbersIn = nb::ndarray<const double, nb::ndim<1>, nb::c_contig, nb::device::cpu>;
using LabelsIn = nb::ndarray<const std::int32_t, nb::ndim<1>, nb::c_contig, nb::device::cpu>;

using BytesOut = nb::ndarray<nb::memview, std::uint8_t, nb::ndim<1>, nb::c_contig>;
using ColorsOut = nb::ndarray<nb::memview, std::uint8_t, nb::shape<-1, 4>, nb::c_contig>;
using RowsOut = nb::ndarray<nb::memview, double, nb::ndim<2>, nb::c_contig>;
using NumbersOut = nb::ndarray<nb::memview, double, nb::ndim<1>, nb::c_contig>;
using StepsOut = nb::ndarray<nb::memview, std::uint16_t, nb::shape<-1, 2>, nb::c_contig>;
using LabelsOut = nb::ndarray<nb::memview, std::int32_t, nb::ndim<1>, nb::c_contig>;

// Hands a vector's memory to Python, which frees it with the last view.
template <class View, class T>
View give(std::vector<T>&& values, std::initializer_list<std::size_t> shape) {
    auto* const kept = new std::vector<T>(std::move(values));
    const nb::capsule owner(
        kept, [](void* memory) noexcept { delete static_cast<std::vector<T>*>(memory); });
    return View(kept->data(), shape, owner);
}

// The same for a view of one dimension.
template <class View, class T>
View give(std::vector<T>&& values) {
    const std::size_t n = values.size();
    return give<View>(std::move(values), {n});
}

inline const Color* colors_of(const ColorsIn& colors) {
    return reinterpret_cast<const Color*>(colors.data());
}

inline Pixels pixels_of(const Bytes& pixels, int channels) {
    return {pixels.data(), pixels.size() / channels, channels};
}

inline Picture picture_of(const Bytes& pixels, std::size_t width, int channels) {
    return {pixels.data(), width, pixels.size() / (width * channels), channels};
}

inline Points points_of(const RowsIn& rows, const NumbersIn& weights) {
    return {rows.data(), weights.data(), rows.shape(0), static_cast<int>(rows.shape(1))};
}

}  // namespace fewcolors
