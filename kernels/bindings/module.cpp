// The module: every kernel that Python can call, stage by stage.
#include "base/allocator.hpp"
#include "bindings/buffers.hpp"
#include "bindings/stages.hpp"

namespace {

// nanobind finds the state of its threads in the main interpreter alone: elsewhere it waits for
// ever. Python 3.12 refuses by itself, but only where interpreters have locks of their own.
void refuse_other_interpreters() {
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0)
        throw nanobind::import_error(
            "fewcolors runs in the main interpreter only, not in a subinterpreter; "
            "use threads or processes");
}

}  // namespace

NB_MODULE(_core, m) {
    refuse_other_interpreters();
    m.doc() = "The kernels of fewcolors. Arguments are trusted: call them through the package.";
    fewcolors::bind_decode(m);
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
