// tocha.editline: lines from a terminal through libedit, for the prompt.
//
//   read(prompt)    the line; false after Ctrl-C; nil at the end. Between "\1" and "\2" in the
//                   prompt stands what takes no room (colours)
//   add(text)       an entry of the history, also of several lines
//   complete(f)     f(before, after) is asked at Tab: a text to insert or nil, a text to list or nil
//
// One editor, for standard input and output. Signals are taken only while a line is read. Text is
// UTF-8 whatever the locale says, as far as the system has a locale for that.
#define _GNU_SOURCE  // ppoll
#include <histedit.h>
#include <locale.h>
#include <stdio.h>
#include <wchar.h>

#include "editor.h"

static struct {
  EditLine *line;
  History *history;
  lua_State *L;  // who reads
  const char *prompt;
  locale_t utf8;
} editor;

// ---- characters ------------------------------------------------------------------------------

// A signal came while a character was waited for; does the line end with it?
static int answer_signal(EditLine *line) {
  if (key_interrupted) return 1;
  if (key_continued) {  // the shell has had the terminal: libedit does not know
    el_set(line, EL_PREP_TERM, 0);
    el_set(line, EL_PREP_TERM, 1);
  }
  if (key_resized) el_resize(line);
  if (key_continued) el_set(line, EL_REFRESH);
  key_continued = key_resized = 0;
  return 0;
}

// The next byte: 1, 0 at the end, -1 where the line ends without one.
static int next_byte(EditLine *line, char *byte) {
  for (;;) {
    const int ready = wait_for_key();
    if (ready > 0) return (int)read(STDIN_FILENO, byte, 1);
    if (ready < 0 || answer_signal(line)) return -1;
  }
}

// The next character, of one or more bytes; a byte that belongs to none is passed over.
static int next_character(EditLine *line, wchar_t *c) {
  mbstate_t shift;
  memset(&shift, 0, sizeof shift);
  for (;;) {
    char byte;
    const int got = next_byte(line, &byte);
    if (got <= 0) return got;
    const size_t used = mbrtowc(c, &byte, 1, &shift);
    if (used == 1 || used == 0) return 1;
    if (used == (size_t)-1) memset(&shift, 0, sizeof shift);
  }
}

static char *show_prompt(EditLine *line) {
  (void)line;
  return (char *)(uintptr_t)editor.prompt;
}

// ---- completion ------------------------------------------------------------------------------

static unsigned char complete(EditLine *line, int key) {
  (void)key;
  lua_State *L = editor.L;
  const int top = lua_gettop(L);
  unsigned char result = CC_ERROR;
  const LineInfo *info = el_line(line);
  const size_t before = (size_t)(info->cursor - info->buffer);
  if (ask_lua(L, info->buffer, before, info->cursor, (size_t)(info->lastchar - info->cursor))) {
    const char *insert = lua_tostring(L, -2), *list = lua_tostring(L, -1);
    if (insert && *insert && el_insertstr(line, insert) == 0) result = CC_REFRESH;
    if (list) {
      fprintf(stdout, "\n%s\n", list);
      result = CC_REDISPLAY;
    }
  }
  lua_settop(L, top);
  return result;
}

// ---- the editor ------------------------------------------------------------------------------

static void bind(const char *keys, const char *command) {
  el_set(editor.line, EL_BIND, keys, command, NULL);
}

// What people know from bash: Up searches what begins like the line; Ctrl-R, words by Ctrl-arrow.
static void bind_keys(void) {
  static const char *const keys[][2] = {
      {"^I", "tocha-complete"},
      {"^R", "em-inc-search-prev"},
      {"\033[A", "ed-search-prev-history"},
      {"\033OA", "ed-search-prev-history"},
      {"\033[B", "ed-search-next-history"},
      {"\033OB", "ed-search-next-history"},
      {"\033[3~", "ed-delete-next-char"},
      {"\033[1~", "ed-move-to-beg"},
      {"\033[4~", "ed-move-to-end"},
      {"\033[H", "ed-move-to-beg"},
      {"\033[F", "ed-move-to-end"},
      {"\033OH", "ed-move-to-beg"},
      {"\033OF", "ed-move-to-end"},
      {"\033[1;5C", "em-next-word"},
      {"\033[1;5D", "ed-prev-word"},
      {"^W", "ed-delete-prev-word"},
  };
  for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) bind(keys[k][0], keys[k][1]);
}

static int open_editor(void) {
  HistEvent event;
  if (editor.line) return 1;
  editor.history = history_init();
  editor.line = el_init("tocha", stdin, stdout, stderr);
  if (!editor.history || !editor.line) return 0;
  history(editor.history, &event, H_SETSIZE, 20000);
  history(editor.history, &event, H_SETUNIQUE, 1);
  el_set(editor.line, EL_HIST, history, editor.history);
  el_set(editor.line, EL_PROMPT_ESC, show_prompt, '\1');
  el_set(editor.line, EL_EDITOR, "emacs");
  el_set(editor.line, EL_SIGNAL, 0);
  el_set(editor.line, EL_GETCFN, next_character);
  el_set(editor.line, EL_ADDFN, "tocha-complete", "complete a name", complete);
  bind_keys();
  el_source(editor.line, NULL);
  return 1;
}

// The locale of the environment where it is UTF-8, else one that is, else 0.
static locale_t find_utf8(void) {
  static const char *const names[] = {"", "C.UTF-8", "en_US.UTF-8"};
  for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
    const locale_t found = newlocale(LC_CTYPE_MASK, names[k], (locale_t)0);
    if (!found) continue;
    const locale_t old = uselocale(found);
    wchar_t c;
    mbstate_t shift;
    memset(&shift, 0, sizeof shift);
    const int is_utf8 = mbrtowc(&c, "\xc3\xa9", 2, &shift) == 2;
    uselocale(old);
    if (is_utf8) return found;
    freelocale(found);
  }
  return (locale_t)0;
}

static const char *read_line(int *count) {
  take_signals();
  el_resize(editor.line);
  el_set(editor.line, EL_PREP_TERM, 1);  // before the prompt is seen: an early Tab is a Tab
  const char *text = el_gets(editor.line, count);
  give_signals_back();
  return text;
}

static int push_line(lua_State *L, const char *text, int count) {
  if (key_interrupted) {
    fputs("^C\n", stdout);
    fflush(stdout);
    lua_pushboolean(L, 0);
  } else if (!text || count <= 0) {
    lua_pushnil(L);
  } else {
    lua_pushlstring(L, text, (size_t)count - (text[count - 1] == '\n'));
  }
  return 1;
}

static int edit_read(lua_State *L) {
  int count = 0;
  editor.prompt = luaL_gsub(L, luaL_optstring(L, 1, "> "), "\2", "\1");  // one mark, says libedit
  editor.L = L;
  fflush(stdout);
  const locale_t old = editor.utf8 ? uselocale(editor.utf8) : (locale_t)0;
  const int ready = open_editor();
  const char *text = ready ? read_line(&count) : NULL;
  const int results = ready ? push_line(L, text, count) : 0;
  if (old) uselocale(old);
  return ready ? results : luaL_error(L, "libedit cannot use this terminal");
}

static int edit_add(lua_State *L) {
  HistEvent event;
  const char *text = luaL_checkstring(L, 1);
  const locale_t old = editor.utf8 ? uselocale(editor.utf8) : (locale_t)0;
  if (open_editor()) history(editor.history, &event, H_ENTER, text);
  if (old) uselocale(old);
  return 0;
}

__attribute__((visibility("default"))) int luaopen_tocha_editline(lua_State *L);
int luaopen_tocha_editline(lua_State *L) {
  if (!editor.utf8) editor.utf8 = find_utf8();
  return open_module(L, "editline", edit_read, edit_add);
}
