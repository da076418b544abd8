// tocha.readline: lines from a terminal through GNU readline, for the prompt. The same three functions
// as tocha.editline (editline.c says what they do), built where there is no libedit.
#define _GNU_SOURCE  // ppoll
#include <stdio.h>
#include <stdlib.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "editor.h"

static struct {
  lua_State *L;  // who reads
  char *line;    // what was entered; NULL: the end
  int done;
} reader;

// ---- signals ---------------------------------------------------------------------------------

static void answer_signals(void) {
  if (key_continued) {  // the shell has had the terminal: readline does not know
    rl_deprep_terminal();
    rl_prep_terminal(1);
    rl_forced_update_display();
  }
  if (key_resized) rl_resize_terminal();
  key_continued = key_resized = 0;
}

// ---- completion ------------------------------------------------------------------------------

static int complete(int count, int key) {
  (void)count, (void)key;
  lua_State *L = reader.L;
  const int top = lua_gettop(L);
  const char *insert = NULL, *list = NULL;
  const char *after = rl_line_buffer + rl_point;
  if (ask_lua(L, rl_line_buffer, (size_t)rl_point, after, strlen(after))) {
    insert = lua_tostring(L, -2);
    list = lua_tostring(L, -1);
  }
  if (insert) rl_insert_text(insert);
  if (list) {
    fprintf(rl_outstream, "\n%s\n", list);
    rl_on_new_line();
    rl_redisplay();
  }
  if (!insert && !list) rl_ding();
  lua_settop(L, top);
  return 0;
}

// ---- lines -----------------------------------------------------------------------------------

static void set_up(void) {
  rl_readline_name = "tocha";
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_initialize();
  rl_bind_key('\t', complete);
  rl_bind_keyseq("\033[A", rl_history_search_backward);
  rl_bind_keyseq("\033OA", rl_history_search_backward);
  rl_bind_keyseq("\033[B", rl_history_search_forward);
  rl_bind_keyseq("\033OB", rl_history_search_forward);
  rl_bind_keyseq("\033[1;5C", rl_forward_word);
  rl_bind_keyseq("\033[1;5D", rl_backward_word);
  stifle_history(20000);
}

static void on_line(char *line) {
  reader.line = line;
  reader.done = 1;
  rl_callback_handler_remove();
}

static void abandon_line(void) {
  fputs("^C\n", rl_outstream);
  fflush(rl_outstream);
  rl_callback_sigcleanup();
  rl_free_line_state();
  rl_replace_line("", 1);
  rl_set_prompt("");  // taking the handler away draws the line once more
  rl_callback_handler_remove();
}

static void read_line(const char *prompt) {
  reader.done = 0;
  reader.line = NULL;
  rl_callback_handler_install(prompt, on_line);
  while (!reader.done) {
    const int ready = wait_for_key();
    if (key_interrupted) {
      abandon_line();
      return;
    }
    answer_signals();
    if (ready > 0) rl_callback_read_char();
    else if (ready < 0) on_line(NULL);
  }
}

static int edit_read(lua_State *L) {
  const char *prompt = luaL_optstring(L, 1, "> ");
  reader.L = L;
  fflush(stdout);
  take_signals();
  read_line(prompt);
  give_signals_back();
  if (key_interrupted) lua_pushboolean(L, 0);
  else lua_pushstring(L, reader.line);
  if (!key_interrupted && !reader.line) putchar('\n');
  free(reader.line);
  return 1;
}

// One entry once, where it is entered again at once.
static int edit_add(lua_State *L) {
  const char *text = luaL_checkstring(L, 1);
  const HIST_ENTRY *last =
      history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
  if (!last || strcmp(last->line, text) != 0) add_history(text);
  return 0;
}

__attribute__((visibility("default"))) int luaopen_tocha_readline(lua_State *L);
int luaopen_tocha_readline(lua_State *L) {
  set_up();
  return open_module(L, "readline", edit_read, edit_add);
}
