// For wcwidth and strdup.
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE

#include "CEditShim.h"

#include <errno.h>
#include <histedit.h>
#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

struct led {
  EditLine *edit;
  History *history;
  char *file;
  int wake;
  bool is_aborted;
  /// The terminal can move its cursor.
  bool can_move;
  const char *prompt;
  char *line;
  led_callbacks callbacks;
  void *context;
};

static led *self(EditLine *edit) {
  led *editor = NULL;
  el_get(edit, EL_CLIENTDATA, &editor);
  return editor;
}

static char *prompt(EditLine *edit) { return (char *)self(edit)->prompt; }

/// Waits for a character, and does in between what others want done.
static int read_character(EditLine *edit, wchar_t *character) {
  led *editor = self(edit);
  mbstate_t state = {0};
  for (;;) {
    struct pollfd ends[2] = {{STDIN_FILENO, POLLIN, 0}, {editor->wake, POLLIN, 0}};
    if (poll(ends, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return -1;
    }
    if (ends[1].revents) {
      char bytes[64];
      while (read(editor->wake, bytes, sizeof bytes) > 0) {}
      if (editor->callbacks.woken(editor->context, editor)) {
        editor->is_aborted = true;
        return -1;
      }
    }
    if (!ends[0].revents) continue;
    char byte;
    ssize_t count = read(STDIN_FILENO, &byte, 1);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) return 0;
    switch (mbrtowc(character, &byte, 1, &state)) {
      case 0: *character = L'\0'; return 1;
      case 1: return 1;
      // More bytes of it are to come.
      case (size_t)-2: continue;
      // No character of this locale: it is left out.
      default: memset(&state, 0, sizeof state); continue;
    }
  }
}

static unsigned char complete(EditLine *edit, int key) {
  (void)key;
  led *editor = self(edit);
  const LineInfo *info = el_line(edit);
  char *text = strndup(info->buffer, (size_t)(info->cursor - info->buffer));
  if (!text) return CC_ERROR;
  editor->callbacks.complete(editor->context, editor, text);
  free(text);
  return CC_REFRESH;
}

// Terminals put what is pasted between two sequences when they are asked to:
// https://invisible-island.net/xterm/ctlseqs/ctlseqs.html#h2-Bracketed-Paste-Mode
static const char PASTE_BEGINS[] = "\033[200~", PASTE_ENDS[] = "\033[201~";
enum { LONGEST_PASTE = 1 << 20 };

static void ask_for_brackets(led *editor, bool on) {
  if (!editor->can_move) return;
  fputs(on ? "\033[?2004h" : "\033[?2004l", stdout);
  fflush(stdout);
}

/// Reads what is pasted up to its end, or until others want something, as by Ctrl-C: a terminal may never send the end. Line
/// ends become `\n`; other control characters are left out: they are keys to the editor.
///
/// Returns: NULL if there is no memory.
static char *read_paste(led *editor) {
  char *text = malloc(LONGEST_PASTE + 1);
  if (!text) return NULL;
  size_t length = 0, matched = 0;
  bool after_return = false;
  while (matched < sizeof PASTE_ENDS - 1) {
    struct pollfd ends[2] = {{STDIN_FILENO, POLLIN, 0}, {editor->wake, POLLIN, 0}};
    if (poll(ends, 2, -1) < 0 && errno != EINTR) break;
    if (ends[1].revents) break;
    char byte;
    ssize_t count = ends[0].revents ? read(STDIN_FILENO, &byte, 1) : -1;
    if (count < 0 && (errno == EINTR || errno == EAGAIN || !ends[0].revents)) continue;
    if (count <= 0) break;
    // It begins with the only escape in it.
    matched = byte == PASTE_ENDS[matched] ? matched + 1 : byte == PASTE_ENDS[0];
    bool is_end = byte == '\n' && after_return;
    after_return = byte == '\r';
    if (matched > 0 || is_end || length >= LONGEST_PASTE) continue;
    if (byte == '\r') byte = '\n';
    if (byte == '\t') byte = ' ';
    if ((unsigned char)byte >= ' ' ? byte != 0x7F : byte == '\n') text[length++] = byte;
  }
  while (length > 0 && text[length - 1] == '\n') length--;
  text[length] = '\0';
  return text;
}

/// Puts what is pasted at the cursor: it is run when the person says so, whatever lines it has.
static unsigned char paste(EditLine *edit, int key) {
  (void)key;
  char *text = read_paste(self(edit));
  if (!text) return CC_ERROR;
  int result = el_insertstr(edit, text);
  free(text);
  return result == 0 ? CC_REFRESH : CC_ERROR;
}

led *led_new(const char *program, int wake, led_callbacks callbacks, void *context) {
  if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) return NULL;
  // What the terminal sends are characters of the person's locale. Where that has none but ASCII's, nobody said otherwise:
  // a letter that is typed must not be lost.
  setlocale(LC_CTYPE, "");
  if (MB_CUR_MAX == 1) setlocale(LC_CTYPE, "C.UTF-8");
  led *editor = calloc(1, sizeof *editor);
  if (!editor) return NULL;
  editor->wake = wake;
  editor->callbacks = callbacks;
  editor->context = context;
  editor->prompt = "";
  const char *terminal = getenv("TERM");
  editor->can_move = terminal && *terminal && strcmp(terminal, "dumb") != 0;
  editor->edit = el_init(program, stdin, stdout, stderr);
  editor->history = history_init();
  if (!editor->edit || !editor->history) {
    led_free(editor);
    return NULL;
  }
  HistEvent event;
  history(editor->history, &event, H_SETUNIQUE, 1);
  el_set(editor->edit, EL_CLIENTDATA, editor);
  el_set(editor->edit, EL_PROMPT, prompt);
  el_set(editor->edit, EL_EDITOR, "emacs");
  el_set(editor->edit, EL_SIGNAL, 0);
  el_set(editor->edit, EL_HIST, history, editor->history);
  el_set(editor->edit, EL_GETCFN, read_character);
  el_set(editor->edit, EL_ADDFN, "baton-complete", "Complete the word before the cursor", complete);
  el_set(editor->edit, EL_ADDFN, "baton-paste", "Insert what is pasted", paste);
  // The keys of the person's own.
  el_source(editor->edit, NULL);
  el_set(editor->edit, EL_BIND, "\t", "baton-complete", NULL);
  el_set(editor->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
  el_set(editor->edit, EL_BIND, PASTE_BEGINS, "baton-paste", NULL);
  return editor;
}

void led_free(led *editor) {
  if (editor->edit) el_end(editor->edit);
  if (editor->history) history_end(editor->history);
  free(editor->file);
  free(editor->line);
  free(editor);
}

led_result led_read(led *editor, const char *text, const char **line) {
  editor->prompt = text;
  editor->is_aborted = false;
  // Before the prompt is seen: what is typed then is not shown twice.
  el_set(editor->edit, EL_PREP_TERM, 1);
  ask_for_brackets(editor, true);
  int count = 0;
  const char *read = el_gets(editor->edit, &count);
  ask_for_brackets(editor, false);
  editor->prompt = "";
  if (editor->is_aborted) return LED_ABORTED;
  if (!read) return count < 0 ? LED_FAILED : LED_END;
  free(editor->line);
  editor->line = strndup(read, (size_t)count);
  if (!editor->line) return LED_FAILED;
  size_t length = strlen(editor->line);
  while (length > 0 && (editor->line[length - 1] == '\n' || editor->line[length - 1] == '\r')) {
    editor->line[--length] = '\0';
  }
  *line = editor->line;
  return LED_LINE;
}

void led_remember(led *editor, const char *entry) {
  HistEvent event;
  if (history(editor->history, &event, H_ENTER, entry) < 0 || !editor->file) return;
  // Appended: what other sessions keep meanwhile stays.
  FILE *file = fopen(editor->file, "ae");
  if (!file) return;
  fchmod(fileno(file), S_IRUSR | S_IWUSR);
  // So many as are older than the oldest to be saved.
  history(editor->history, &event, H_NSAVE_FP, (size_t)0, file);
  fclose(file);
}

void led_history(led *editor, const char *path, int most) {
  HistEvent event;
  history(editor->history, &event, H_SETSIZE, most);
  struct stat status;
  bool is_there = stat(path, &status) == 0 && status.st_size > 0;
  int count = is_there ? history(editor->history, &event, H_LOAD, path) : 0;
  editor->file = strdup(path);
  // A new file begins with a mark; a file that is not one of ours is left alone.
  if (!is_there || count >= most) {
    mode_t mask = umask(S_IRWXG | S_IRWXO);
    history(editor->history, &event, H_SAVE, path);
    umask(mask);
  } else if (count < 0) {
    free(editor->file);
    editor->file = NULL;
  }
}

int led_columns(led *editor) {
  (void)editor;
  struct winsize size;
  return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

/// How many rows the cursor is below the one in which a text begins, behind a prompt of so many columns.
static int rows(int column, const wchar_t *from, const wchar_t *to, int columns) {
  int rows = 0;
  for (; from < to; from++) {
    if (*from == L'\n') {
      rows++;
      column = 0;
      continue;
    }
    int own = wcwidth(*from);
    // `^A`
    column += own < 0 ? 2 : own;
    if (column >= columns) {
      rows++;
      column -= columns;
    }
  }
  return rows;
}

/// Removes the prompt and the line from the screen.
static void clear(led *editor) {
  if (!editor->can_move) {
    fputc('\n', stdout);
    return;
  }
  const LineInfoW *info = el_wline(editor->edit);
  int above = rows((int)strlen(editor->prompt), info->buffer, info->cursor, led_columns(editor));
  fputc('\r', stdout);
  if (above > 0) fprintf(stdout, "\033[%dA", above);
  fputs("\033[J", stdout);
}

static void redraw(led *editor) {
  fflush(stdout);
  el_set(editor->edit, EL_REFRESH);
}

void led_print_above(led *editor, const char *lines) {
  clear(editor);
  fputs(lines, stdout);
  redraw(editor);
}

void led_resize(led *editor) {
  clear(editor);
  el_resize(editor->edit);
  redraw(editor);
}

void led_continue(led *editor) {
  // It knows nothing of what a shell has done to the terminal.
  el_set(editor->edit, EL_PREP_TERM, 0);
  el_set(editor->edit, EL_PREP_TERM, 1);
  redraw(editor);
}

void led_insert(led *editor, const char *text) { el_insertstr(editor->edit, text); }

void led_list(led *editor, const char *lines) {
  fputc('\n', stdout);
  fputs(lines, stdout);
  redraw(editor);
}
