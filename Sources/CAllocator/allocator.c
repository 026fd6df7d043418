#include "CAllocator.h"

#include <stdlib.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

void baton_return_freed_memory(void) {
#ifdef __GLIBC__
    // A heap for each thread keeps what one thread has allocated and another has freed.
    mallopt(M_ARENA_MAX, 1);
    // A table that has grown leaves its former memory behind, unless that was mapped by itself.
    mallopt(M_MMAP_THRESHOLD, 128 << 10);
    mallopt(M_TRIM_THRESHOLD, 1 << 20);
#endif
}
