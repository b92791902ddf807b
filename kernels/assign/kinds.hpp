// Opaque, translucent and fully transparent pixels kept apart, so that none takes an entry of
// another kind.
#pragma once

#include <cstddef>

#include "color/planes.hpp"

namespace fewcolors {

// Added to the alpha of opaque colours and taken from that of transparent ones: more than any two
// colours of one kind are apart.
inline constexpr float kPlaneKindGap = 64.0f;

inline constexpr float kSeparateOpaqueAlpha = kOpaqueAlpha + kPlaneKindGap;

inline void separate_kinds(float* alphas, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        if (alphas[i] == kOpaqueAlpha) alphas[i] = kSeparateOpaqueAlpha;
        if (alphas[i] == 0.0f) alphas[i] -= kPlaneKindGap;
    }
}

}  // namespace fewcolors
