// Settings of the C library's allocator, for the process of the command.
#pragma once

namespace fewcolors {

// Lets the allocator keep freed memory for the next use. By default large blocks go back to the
// system at once, and clearing their pages again takes a quarter of the time of a short run.
void keep_freed_memory();

}  // namespace fewcolors
