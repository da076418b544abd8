// Large blocks of memory, of whole pages: split where less is asked for, joined when both sides are
// free. alloc.c calls this with its lock held.
#ifndef TC_BLOCKS_H
#define TC_BLOCKS_H

#include <stddef.h>

size_t tc_blocks_rounded(size_t bytes);
void *tc_blocks_take(size_t rounded);  // NULL when there is none
void tc_blocks_give(void *p);
size_t tc_blocks_free(void);  // bytes
void tc_blocks_unmap(void);   // gives what is free back to the system

#endif
