// Waiting for a key while signals may come: what the two editors share.
//
// SIGINT, SIGWINCH and SIGCONT are taken while a line is read, and delivered only while wait_for_key
// waits, so that none falls between a look at the flags and the wait. A thread of OpenMP that gets one
// passes it on.
#ifndef TOCHA_KEYS_H
#define TOCHA_KEYS_H

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

enum { KEY_SIGNALS = 3 };
static const int key_signals[KEY_SIGNALS] = {SIGINT, SIGWINCH, SIGCONT};

static volatile sig_atomic_t key_interrupted, key_resized, key_continued;

static struct {
  pthread_t owner;
  struct sigaction action[KEY_SIGNALS];
  sigset_t mask;
} key_before;

static void key_on_signal(int number) {
  if (!pthread_equal(pthread_self(), key_before.owner)) pthread_kill(key_before.owner, number);
  else if (number == SIGINT) key_interrupted = 1;
  else if (number == SIGWINCH) key_resized = 1;
  else key_continued = 1;
}

static void take_signals(void) {
  struct sigaction now;
  sigset_t ours;
  memset(&now, 0, sizeof now);
  now.sa_handler = key_on_signal;
  sigemptyset(&now.sa_mask);
  sigemptyset(&ours);
  key_interrupted = key_resized = key_continued = 0;
  key_before.owner = pthread_self();
  for (int k = 0; k < KEY_SIGNALS; k++) sigaddset(&ours, key_signals[k]);
  pthread_sigmask(SIG_BLOCK, &ours, &key_before.mask);
  for (int k = 0; k < KEY_SIGNALS; k++) sigaction(key_signals[k], &now, &key_before.action[k]);
}

// What comes from here on is for whoever took signals before.
static void give_signals_back(void) {
  for (int k = 0; k < KEY_SIGNALS; k++) sigaction(key_signals[k], &key_before.action[k], NULL);
  pthread_sigmask(SIG_SETMASK, &key_before.mask, NULL);
}

// 1: a byte (or the end) can be read; 0: a signal came; -1: neither will ever come.
static int wait_for_key(void) {
  struct pollfd in = {STDIN_FILENO, POLLIN, 0};
  if (ppoll(&in, 1, NULL, &key_before.mask) > 0) return 1;
  return errno == EINTR ? 0 : -1;
}

#endif
