// Matches compiled patterns, without recursion.

#include "string/pattern.h"

#include <string.h>

const char *lvm_find_byte(lvm_clock *clock, const char *from, const char *end, unsigned char byte) {
  while (from < end) {
    const char *stop = chunk_end(from, end), *found = memchr(from, byte, (size_t)(stop - from));
    spend_bytes(clock, from, found != NULL ? found : stop);
    if (found != NULL) return found;
    from = stop;
  }
  return NULL;
}

bool lvm_equal(lvm_clock *clock, const char *a, const char *b, size_t length) {
  for (; length > LVM_CHUNK; a += LVM_CHUNK, b += LVM_CHUNK, length -= LVM_CHUNK) {
    if (memcmp(a, b, LVM_CHUNK) != 0) return false;
    spend(clock, LVM_STEPS);
  }
  return memcmp(a, b, length) == 0;
}

// Matching

void lvm_set_subject(lvm_matcher *m, const char *subject, size_t length, size_t from) {
  m->subject = subject;
  m->end = subject + length;
  m->next = from <= length ? subject + from : NULL;
  m->stop = NULL;
}

static inline lvm_item *capture_item(const lvm_matcher *m, int index) { return m->items + m->captures[index]; }

/// True if something that begins with the item can begin here.
static inline bool fits(const lvm_item *item, const char *s, const char *end) {
  if (s == end) return item->kind == SUBJECT_END;
  switch (item->kind) {
    case ANY: return true;
    case SET: return has(item->set, (unsigned char)*s);
    case SUBJECT_END: return false;
    default: return (unsigned char)*s == item->byte;
  }
}

/// The first place from `s` on where the item fits, or NULL.
static const char *find_fit(lvm_matcher *m, const lvm_item *item, const char *s) {
  if (item->kind == SUBJECT_END) return m->end;
  if (item->kind == BYTE || item->kind == LITERAL) return lvm_find_byte(&m->clock, s, m->end, item->byte);
  while (s < m->end) {
    const char *from = s, *stop = chunk_end(s, m->end);
    while (s < stop && !fits(item, s, stop)) s++;
    spend_bytes(&m->clock, from, s);
    if (s < stop) return s;
  }
  return NULL;
}

/// Where the longest repetition of the single item from `s` on ends.
static const char *span(lvm_matcher *m, const lvm_item *item, const char *s) {
  if (item->kind == ANY) return m->end;
  while (s < m->end) {
    const char *from = s, *stop = chunk_end(s, m->end);
    if (item->kind == SET) {
      while (s < stop && has(item->set, (unsigned char)*s)) s++;
    } else {
      while (s < stop && (unsigned char)*s == item->byte) s++;
    }
    spend_bytes(&m->clock, from, s);
    if (s < stop) break;
  }
  return s;
}

static inline void remember(lvm_matcher *m, lvm_item *item, const char *at, const char *limit) {
  item->at = at;
  item->limit = limit;
  item->previous = m->choice;
  m->choice = item;
}

/// Matches an item that matches one byte, as often as it repeats. Returns where that ends, or NULL.
static inline const char *match_single(lvm_matcher *m, lvm_item *item, const char *s) {
  const char *least = s;
  switch (item->repeat) {
    case ONCE: return fits(item, s, m->end) ? s + 1 : NULL;
    case LAZY: remember(m, item, s, m->end); return s;
    case OPTIONAL:
      if (fits(item, s, m->end)) s++;
      break;
    default:
      s = span(m, item, s);
      if (item->repeat == PLUS && s == least++) return NULL;
  }
  if (s > least && !item->settled) remember(m, item, s, least);
  return s;
}

static const char *match_balance(lvm_matcher *m, const lvm_item *item, const char *s) {
  if (s == m->end || (unsigned char)*s != item->byte) return NULL;
  size_t depth = 1;
  while (++s < m->end) {
    spend(&m->clock, 1);
    if ((unsigned char)*s == item->close) {
      if (--depth == 0) return s + 1;
    } else if ((unsigned char)*s == item->byte) {
      depth++;
    }
  }
  return NULL;
}

/// Matches any other item. Returns where that ends, or NULL.
static const char *match_other(lvm_matcher *m, lvm_item *item, const char *s) {
  size_t left = (size_t)(m->end - s);
  switch (item->kind) {
    case LITERAL:
    case REFERENCE:
      if (item->kind == REFERENCE) item = capture_item(m, item->byte);  // a position is too long to match
      return item->length <= left && lvm_equal(&m->clock, s, item->text, item->length) ? s + item->length : NULL;
    case SUBJECT_END: return left == 0 ? s : NULL;
    case OPEN: item->text = s; return s;
    case CLOSE: {
      lvm_item *opening = capture_item(m, item->byte);
      opening->length = (size_t)(s - opening->text);
      return s;
    }
    case POSITION:
      item->text = s;
      item->length = LVM_POSITION;
      return s;
    case BALANCE: return match_balance(m, item, s);
    case FRONTIER: {
      unsigned char before = s == m->subject ? 0 : (unsigned char)s[-1];
      return !has(item->set, before) && has(item->set, left == 0 ? 0 : (unsigned char)*s) ? s : NULL;
    }
    default: luaL_error(m->clock.L, item->text, item->byte); return NULL;
  }
}

/// Makes a lazy repetition longer, up to where what follows may match.
static bool grow(lvm_matcher *m, lvm_item *item) {
  const lvm_item *next = item->ahead > 0 ? item + item->ahead : NULL;
  if (item->kind == ANY && next != NULL) {
    item->at = item->at < m->end ? find_fit(m, next, item->at + 1) : NULL;
    return item->at != NULL;
  }
  do {
    spend(&m->clock, 1);
    if (!fits(item, item->at, m->end)) return false;
    item->at++;
  } while (next != NULL && !fits(next, item->at, m->end));
  return true;
}

/// Goes the last other way. Returns the item whose repetition now ends at its `at`, or NULL: there was none.
static lvm_item *go_back(lvm_matcher *m) {
  lvm_item *item;
  while ((item = m->choice) != NULL) {
    spend(&m->clock, 1);
    if (item->repeat == LAZY) {
      if (grow(m, item)) return item;
      m->choice = item->previous;
    } else {
      do {
        spend(&m->clock, 1);
        item->at--;
      } while (item->at > item->limit && item->ahead > 0 && !fits(item + item->ahead, item->at, m->end));
      if (item->at == item->limit) m->choice = item->previous;
      return item;
    }
  }
  return NULL;
}

/// Matches the pattern at this place. Returns where the match ends, or NULL.
static const char *match(lvm_matcher *m, const char *s) {
  m->choice = NULL;
  for (lvm_item *item = m->items; item->kind != MATCHED; item++) {
    spend(&m->clock, 1);
    s = item->kind <= SET ? match_single(m, item, s) : match_other(m, item, s);
    if (s != NULL) continue;
    item = go_back(m);
    if (item == NULL) return NULL;
    s = item->at;
  }
  return s;
}

bool lvm_search(lvm_matcher *m) {
  const char *last = m->stop;
  for (const char *s = m->next; s != NULL; s = s < m->end && !m->anchored ? s + 1 : NULL) {
    if (m->first != NULL && !m->anchored && (s = find_fit(m, m->first, s)) == NULL) break;
    const char *stop = match(m, s);
    if (stop == NULL || stop == last) continue;
    m->start = s;
    m->stop = stop;
    m->next = m->anchored ? NULL : stop;
    return true;
  }
  m->next = NULL;
  return false;
}

// Arguments and results

const char *lvm_capture(const lvm_matcher *m, int index, size_t *length) {
  if (index >= m->count) {
    if (index != 0) luaL_error(m->clock.L, "invalid capture index %%%d", index + 1);
    *length = (size_t)(m->stop - m->start);
    return m->start;
  }
  if ((m->open >> index & 1) != 0) luaL_error(m->clock.L, "unfinished capture");
  const lvm_item *item = capture_item(m, index);
  *length = item->length;
  return *length == LVM_POSITION ? NULL : item->text;
}

void lvm_push_capture(const lvm_matcher *m, int index) {
  size_t length;
  const char *text = lvm_capture(m, index, &length);
  if (text != NULL) {
    lua_pushlstring(m->clock.L, text, length);
  } else {
    lua_pushinteger(m->clock.L, capture_item(m, index)->text - m->subject + 1);
  }
}

int lvm_push_captures(const lvm_matcher *m, bool whole) {
  int count = m->count == 0 && whole ? 1 : m->count;
  luaL_checkstack(m->clock.L, count, "too many captures");
  for (int i = 0; i < count; i++) lvm_push_capture(m, i);
  return count;
}

size_t lvm_opt_start(lua_State *L, int index, size_t length) {
  lua_Integer start = luaL_optinteger(L, index, 1);
  if (start > 0) return (lua_Unsigned)start - 1 < length + 1 ? (size_t)start - 1 : length + 1;
  if (start == 0 || start < -(lua_Integer)length) return 0;
  return length - (size_t)-start;
}
