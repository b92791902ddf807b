// The C library's allocator, for a process that is all ours.
#pragma once

namespace fewcolors {

// Lets it keep what is freed for the next use. By default large pieces go back to the system at
// once, which then clears each page anew: a quarter of the time of a short run.
void keep_freed_memory();

}  // namespace fewcolors
