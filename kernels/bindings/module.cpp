// The module: every kernel that Python can call, stage by stage.
#include "base/allocator.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"

NB_MODULE(_core, m) {
    m.doc() = "The kernels of fewcolors. Arguments are trusted: call them through the package.";
    fewcolors::bind_color(m);
    fewcolors::bind_weigh(m);
    fewcolors::bind_histogram(m);
    fewcolors::bind_kmeans(m);
    fewcolors::bind_palette(m);
    fewcolors::bind_assign(m);
    fewcolors::bind_score(m);
    fewcolors::bind_encode(m);
    m.def("keep_freed_memory", fewcolors::keep_freed_memory);
}
