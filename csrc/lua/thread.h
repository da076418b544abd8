// Threads, each with a Lua state of its own (thread.c), the channels between them (thread_channel.c)
// and what goes through those (thread_message.c).
//
// One lock guards every channel and every thread's end. What it guards takes nanoseconds; nothing of
// Lua runs under it, and nothing that can fail. Whoever waits does so for a time that the caller
// limits, so that Lua code (an interrupt, a check of the other side) gets its turn.
#ifndef TOCHA_THREAD_H
#define TOCHA_THREAD_H

#include <pthread.h>

#include "tl.h"

typedef struct tl_channel tl_channel;

// What accompanies the bytes of a message: a tensor, whose storage is shared, or a channel.
typedef struct tl_item {
  tc_tensor tensor;  // of a storage that is counted for this message
  tl_channel *channel;
} tl_item;

// Belongs to one thread at a time. Its bytes follow the items.
typedef struct tl_message {
  struct tl_message *next;
  size_t length;
  int count;
  tl_item item[];
} tl_message;

// A message of the string at `index` and the list after it (tensors, channels; nil: none). Raises an
// error, and takes nothing then.
tl_message *tl_message_read(lua_State *L, int index);
// Pushes the string and the list, which own what the message held, and frees it; `place` becomes NULL.
void tl_message_push(lua_State *L, tl_message **place);
void tl_message_free(tl_message *m);
tl_message *tl_message_text(const char *text);  // NULL when there is no memory
// A userdata on the stack that frees the message put in it, should an error come between.
tl_message **tl_message_box(lua_State *L);

tl_channel *tl_channel_at(lua_State *L, int index);  // NULL when it is none
// Pushes a handle that takes over the reference at `place`, which becomes NULL.
void tl_channel_push(lua_State *L, tl_channel **place);
void tl_channel_retain(tl_channel *c);
void tl_channel_release(tl_channel *c);

typedef struct tl_deadline {
  struct timespec at;
} tl_deadline;

extern pthread_mutex_t tl_thread_lock;
extern bool tl_stopping;  // the process ends: no thread waits any more. Under the lock
// Is this one of our threads, and must it stop? The program's own thread is ended by the process.
bool tl_must_stop(void);

tl_deadline tl_deadline_in(double seconds);
void tl_cond_init(pthread_cond_t *cond);
// Waits with the lock held; false when the time is over.
bool tl_wait(pthread_cond_t *cond, const tl_deadline *until);
void tl_wake_channels(void);  // with the lock held

#endif
