// What every kernel shares: the clones macro and the shapes of the data.
//
// The kernels know nothing of Python. bindings/ hands them checked, contiguous buffers; they
// validate nothing and never throw anything but std::bad_alloc. But another thread of the caller's
// may write to a buffer while a kernel reads it, so no kernel trusts that two reads agree.
#pragma once

#include <cstddef>
#include <cstdint>

// One function, compiled for several instruction sets, chosen when the library loads.
// It needs ifunc (glibc) and breaks under ThreadSanitizer, whose runtime starts too late for the
// choice; elsewhere the plain build is used, which gives the same bits (see CMakeLists.txt: no
// fused multiply-add anywhere). GCC 11 lacks the names of the x86-64 levels.
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) && __GNUC__ >= 12 && \
    !defined(__SANITIZE_THREAD__)
#define KERNEL_CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#else
#define KERNEL_CLONES
#endif

#if defined(__GNUC__)
#define ALWAYS_INLINE inline __attribute__((always_inline))
#else
#define ALWAYS_INLINE __forceinline
#endif

namespace fewcolors {

// Weighted points in the working space, row by row. For speed alone, neighbours in the list
// should be neighbours in space; every result is right in any order.
struct Points {
    const double* rows;     // (count, dims)
    const double* weights;  // (count,), each > 0
    std::size_t count;
    int dims;
};

// 8-bit sRGB pixels, 3 (RGB) or 4 (RGBA, alpha not premultiplied) bytes each.
struct Pixels {
    const std::uint8_t* bytes;
    std::size_t count;
    int channels;
};

}  // namespace fewcolors
