/// The C side of the line editor: what of libedit has variadic functions, and what has to be done between two characters.
///
/// All functions but `led_wake` are called on one thread, the editor's own.
#ifndef CEDITSHIM_H
#define CEDITSHIM_H

#include <stdbool.h>
#include <stddef.h>

/// A line editor on a terminal.
typedef struct led led;

/// How reading a line ended.
typedef enum { LED_LINE, LED_END, LED_ABORTED, LED_FAILED } led_result;

/// What Swift does for the editor. `context` is what `led_new` was given.
typedef struct {
  /// Called between two characters after `led_wake`. True: the line is given up.
  bool (*woken)(void *context, led *editor);
  /// What can follow a text that ends at the cursor. It calls `led_insert`, `led_list` or nothing.
  void (*complete)(void *context, led *editor, const char *text);
} led_callbacks;

/// An editor on standard input and output. `wake` is the end of a pipe that is read without blocking.
///
/// Returns: NULL if there is no terminal or no memory.
led *led_new(const char *program, int wake, led_callbacks callbacks, void *context);

void led_free(led *editor);

/// Reads a line; it is without its end, and valid until the next call.
led_result led_read(led *editor, const char *prompt, const char **line);

/// Adds an entry to the history, and appends it to the file if there is one.
void led_remember(led *editor, const char *entry);

/// Reads the history of earlier sessions, and has this one's kept there. `most`: how many entries are kept.
void led_history(led *editor, const char *path, int most);

/// For `woken`: writes whole lines above the prompt, which is drawn anew.
void led_print_above(led *editor, const char *lines);

/// For `woken`: the window has another size.
void led_resize(led *editor);

/// For `woken`: the process was stopped, and goes on.
void led_continue(led *editor);

/// For `complete`: puts a text at the cursor.
void led_insert(led *editor, const char *text);

/// For `complete`: shows lines below the prompt, which is drawn anew behind them.
void led_list(led *editor, const char *lines);

/// The columns of the terminal; 80 if they are not known.
int led_columns(led *editor);

#endif
