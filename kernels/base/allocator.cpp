#include "base/allocator.hpp"

#include <cstddef>  // any standard header defines __GLIBC__, if this is glibc

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace fewcolors {

void keep_freed_memory() {
#if defined(__GLIBC__)
    constexpr int kLarge = 32 << 20;  // the largest threshold that glibc accepts
    mallopt(M_MMAP_THRESHOLD, kLarge);
    mallopt(M_TRIM_THRESHOLD, kLarge);
    mallopt(M_TOP_PAD, kLarge / 2);
#endif
}

}  // namespace fewcolors
