/// The floor: what the same work costs in C, with stock Lua and nothing of the embedding.
#ifndef CFLOOR_H
#define CFLOOR_H

#include <stdbool.h>
#include <stdint.h>

/// A stock state with the whole standard library and three functions of C: `f(i)` gives its integer back, `wait(i)`
/// yields and gives back what it is resumed with, `fail()` raises the string "no".
typedef struct floor_lua floor_lua;

/// NULL when there is no memory.
floor_lua *floor_new(void);
void floor_free(floor_lua *lua);

/// Parses a chunk and keeps it. A negative number if that failed.
int floor_load(floor_lua *lua, const char *text);

/// Calls the chunk protected, on the main thread. False if it raised.
bool floor_run(floor_lua *lua, int chunk, int64_t argument);

/// Calls the chunk in a coroutine and answers each `wait` at once with the integer it gave. False if it raised.
bool floor_run_waiting(floor_lua *lua, int chunk, int64_t argument);

#endif
