#ifndef CLUASHIM_PATTERN_H
#define CLUASHIM_PATTERN_H

#include "string/matcher.h"

// What compiling a pattern and matching it share.

enum {
  // These match one byte and may be repeated.
  BYTE,
  ANY,
  SET,
  // These may not.
  LITERAL,
  SUBJECT_END,
  OPEN,
  CLOSE,
  POSITION,
  REFERENCE,
  BALANCE,
  FRONTIER,
  // These are the last item.
  MATCHED,
  INVALID
};

enum { ONCE, OPTIONAL, STAR, PLUS, LAZY };

static inline void spend(lvm_clock *clock, size_t steps) {
  if ((clock->left -= (int)steps) > 0) return;
  clock->left = LVM_STEPS;
  lvm_look_at_time(clock->L);
}

/// Spends what the loop over at most one chunk from `from` to `to` has cost.
static inline void spend_bytes(lvm_clock *clock, const char *from, const char *to) {
  spend(clock, 1 + (size_t)(to - from) / (LVM_CHUNK / LVM_STEPS));
}

static inline const char *chunk_end(const char *from, const char *end) {
  return (size_t)(end - from) > LVM_CHUNK ? from + LVM_CHUNK : end;
}

/// True if the set has the byte.
static inline bool has(const uint64_t *set, unsigned char byte) { return set[byte >> 6] >> (byte & 63) & 1; }

#endif
