// The kernels of each stage, as functions of the module.
#pragma once

#include <nanobind/nanobind.h>

namespace fewcolors {

void bind_decode(nanobind::module_& m);
void bind_color(nanobind::module_& m);
void bind_weigh(nanobind::module_& m);
void bind_histogram(nanobind::module_& m);
void bind_kmeans(nanobind::module_& m);
void bind_palette(nanobind::module_& m);
void bind_assign(nanobind::module_& m);
void bind_score(nanobind::module_& m);
void bind_encode(nanobind::module_& m);

}  // namespace fewcolors
