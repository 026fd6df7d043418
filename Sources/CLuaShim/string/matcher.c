#include "string/matcher.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

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

// Sets of bytes

static inline bool has(const uint64_t *set, unsigned char byte) { return set[byte >> 6] >> (byte & 63) & 1; }

static inline void add(uint64_t *set, unsigned char byte) { set[byte >> 6] |= (uint64_t)1 << (byte & 63); }

static void add_range(uint64_t *set, unsigned char first, unsigned char last) {
  for (int i = first >> 6; first <= last && i <= last >> 6; i++) {
    uint64_t bits = ~(uint64_t)0;
    if (i == first >> 6) bits <<= first & 63;
    if (i == last >> 6) bits &= ~(uint64_t)0 >> (63 - (last & 63));
    set[i] |= bits;
  }
}

/// The classes by their small letters; empty where the letter is none. As <ctype.h> has them when the process starts,
/// which is in the C locale.
static uint64_t classes[26][4];
static uint32_t class_letters;

__attribute__((constructor)) static void fill_classes(void) {
  for (int c = 0; c <= UCHAR_MAX; c++) {
    const struct {
      char letter;
      int is;
    } tests[] = {{'a', isalpha(c)}, {'c', iscntrl(c)}, {'d', isdigit(c)}, {'g', isgraph(c)},
                 {'l', islower(c)}, {'p', ispunct(c)}, {'s', isspace(c)}, {'u', isupper(c)},
                 {'w', isalnum(c)}, {'x', isxdigit(c)}, {'z', c == 0}};
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
      class_letters |= (uint32_t)1 << (tests[i].letter - 'a');
      if (tests[i].is) add(classes[tests[i].letter - 'a'], (unsigned char)c);
    }
  }
}

static bool is_class(unsigned char letter) {
  unsigned index = (letter | 32u) - 'a';
  return index < 26 && (class_letters >> index & 1) != 0;
}

/// Adds what '%' and the letter mean: a class, if it is a capital the bytes that are not in it, or the byte itself.
static void add_escaped(uint64_t *set, unsigned char letter) {
  if (!is_class(letter)) {
    add(set, letter);
    return;
  }
  uint64_t flip = letter & 32 ? 0 : ~(uint64_t)0;
  for (int i = 0; i < 4; i++) set[i] |= classes[(letter | 32) - 'a'][i] ^ flip;
}

// Compilation

typedef struct {
  lvm_clock clock;
  const char *at, *end;
  int count;      // of captures so far
  uint32_t open;  // those of them that are not closed yet
} parser;

/// Makes the item raise the message when matching gets there. Returns false, as it is the last.
static bool invalid(lvm_item *item, const char *message) {
  item->kind = INVALID;
  item->text = message;
  return false;
}

// Each of these reads one kind of item. They return false if it is the last.

/// A set, from its '[' on.
static bool parse_set(parser *p, lvm_item *item) {
  const char *from = p->at + 1;
  bool negated = *from == '^';
  if (negated) from++;
  const char *to = from;
  lvm_clock clock = p->clock;
  do {  // the first byte belongs to the set, even if it is a ']'
    spend(&clock, 1);
    if (to == p->end) return invalid(item, "malformed pattern (missing ']')");
    if (*to++ == '%' && to < p->end) to++;
  } while (*to != ']');
  p->at = to + 1;
  uint64_t set[4] = {0};
  for (const char *c = from; c < to; c++) {
    spend(&clock, 1);
    if (*c == '%') {
      add_escaped(set, (unsigned char)*++c);
    } else if (c[1] == '-' && c + 2 < to) {
      add_range(set, (unsigned char)c[0], (unsigned char)c[2]);
      c += 2;
    } else {
      add(set, (unsigned char)*c);
    }
  }
  p->clock = clock;
  item->kind = SET;
  for (int i = 0; i < 4; i++) item->set[i] = negated ? ~set[i] : set[i];
  return true;
}

static int repetition(char c) {
  switch (c) {
    case '?': return OPTIONAL;
    case '*': return STAR;
    case '+': return PLUS;
    case '-': return LAZY;
    default: return ONCE;
  }
}

/// True if an item that starts here is just its first byte, and is not repeated.
static bool is_literal(const parser *p) {
  char c = *p->at;
  if (c == '(' || c == ')' || c == '.' || c == '[' || c == '%' || (c == '$' && p->at + 1 == p->end)) return false;
  return repetition(p->at[1]) == ONCE;  // a string of Lua has a zero behind its end
}

/// As many bytes as stand for themselves.
static bool parse_literal(parser *p, lvm_item *item) {
  item->text = p->at;
  do {
    spend(&p->clock, 1);
    p->at++;
  } while (p->at < p->end && is_literal(p));
  item->length = (size_t)(p->at - item->text);
  item->kind = item->length == 1 ? BYTE : LITERAL;
  return true;
}

/// What matches one byte, and how often.
static bool parse_single(parser *p, lvm_item *item) {
  item->byte = (unsigned char)*p->at;
  if (is_literal(p)) return parse_literal(p, item);
  if (*p->at == '[') {
    if (!parse_set(p, item)) return false;
  } else if (*p->at == '%') {
    if (p->at + 1 == p->end) return invalid(item, "malformed pattern (ends with '%%')");
    item->byte = (unsigned char)p->at[1];
    item->kind = is_class(item->byte) ? SET : BYTE;
    memset(item->set, 0, sizeof item->set);
    if (item->kind == SET) add_escaped(item->set, item->byte);
    p->at += 2;
  } else {
    item->kind = *p->at++ == '.' ? ANY : BYTE;
  }
  item->repeat = (unsigned char)repetition(*p->at);
  if (item->repeat != ONCE) p->at++;
  return true;
}

static bool parse_open(parser *p, lvm_item *item) {
  if (p->count == LVM_MAX_CAPTURES) return invalid(item, "too many captures");
  bool is_position = p->at[1] == ')';
  item->kind = is_position ? POSITION : OPEN;
  item->byte = (unsigned char)p->count;
  if (!is_position) p->open |= (uint32_t)1 << p->count;
  p->count++;
  p->at += is_position ? 2 : 1;
  return true;
}

static bool parse_close(parser *p, lvm_item *item) {
  if (p->open == 0) return invalid(item, "invalid pattern capture");
  int last = p->count - 1;
  while ((p->open >> last & 1) == 0) last--;
  p->open &= ~((uint32_t)1 << last);
  item->kind = CLOSE;
  item->byte = (unsigned char)last;
  p->at++;
  return true;
}

/// '%' and a digit.
static bool parse_reference(parser *p, lvm_item *item) {
  int index = p->at[1] - '1';
  if (index < 0 || index >= p->count || (p->open >> index & 1) != 0) {
    item->byte = (unsigned char)(index + 1);
    return invalid(item, "invalid capture index %%%d");
  }
  item->kind = REFERENCE;
  item->byte = (unsigned char)index;
  p->at += 2;
  return true;
}

static bool parse_balance(parser *p, lvm_item *item) {
  if (p->end - p->at < 4) return invalid(item, "malformed pattern (missing arguments to '%%b')");
  item->kind = BALANCE;
  item->byte = (unsigned char)p->at[2];
  item->close = (unsigned char)p->at[3];
  p->at += 4;
  return true;
}

static bool parse_frontier(parser *p, lvm_item *item) {
  p->at += 2;
  if (*p->at != '[') return invalid(item, "missing '[' after '%%f' in pattern");
  if (!parse_set(p, item)) return false;
  item->kind = FRONTIER;
  return true;
}

static bool parse(parser *p, lvm_item *item) {
  spend(&p->clock, 1);
  item->repeat = ONCE;
  if (p->at == p->end) {
    item->kind = MATCHED;
    return false;
  }
  if (*p->at == '(') return parse_open(p, item);
  if (*p->at == ')') return parse_close(p, item);
  if (*p->at == '%' && p->at[1] == 'b') return parse_balance(p, item);
  if (*p->at == '%' && p->at[1] == 'f') return parse_frontier(p, item);
  if (*p->at == '%' && p->at[1] >= '0' && p->at[1] <= '9') return parse_reference(p, item);
  if (*p->at != '$' || p->at + 1 != p->end) return parse_single(p, item);
  item->kind = SUBJECT_END;
  p->at++;
  return true;
}

/// True if the single item never matches a byte that the other one can begin with.
static bool is_disjoint(const lvm_item *item, const lvm_item *other) {
  if (other->kind == SUBJECT_END) return true;
  if (item->kind == ANY || other->kind == ANY) return false;
  if (item->kind != SET) return other->kind == SET ? !has(other->set, item->byte) : item->byte != other->byte;
  if (other->kind != SET) return !has(item->set, other->byte);
  uint64_t common = 0;
  for (int i = 0; i < 4; i++) common |= item->set[i] & other->set[i];
  return common == 0;
}

/// Looks at what follows an item, to save tries. `next` is what has to match right behind it, if that is known.
/// Returns that for the item before.
static lvm_item *look_ahead(lvm_matcher *m, lvm_item *item, lvm_item *next) {
  if (next != NULL && next - item > UCHAR_MAX) next = NULL;
  item->ahead = next != NULL ? (unsigned char)(next - item) : 0;
  switch (item->kind) {
    case BYTE:
    case ANY:
    case SET:
      item->settled = item->repeat == ONCE || (next != NULL && is_disjoint(item, next));
      if (item->repeat == LAZY && item->settled) item->repeat = STAR;
      return item->repeat == ONCE || item->repeat == PLUS ? item : NULL;
    case LITERAL:
    case SUBJECT_END: return item;
    case OPEN:
    case POSITION: m->captures[item->byte] = (uint32_t)(item - m->items); return next;
    case CLOSE: return next;
    default: return NULL;
  }
}

static bool is_anchored(const char *pattern, size_t length, bool may_anchor) {
  return may_anchor && length > 0 && *pattern == '^';
}

size_t lvm_item_count(lua_State *L, const char *pattern, size_t length, bool may_anchor) {
  const char *at = pattern + is_anchored(pattern, length, may_anchor);
  parser p = {.clock = {L, LVM_STEPS}, .at = at, .end = pattern + length};
  lvm_item item;
  size_t count = 1;
  while (parse(&p, &item)) count++;
  return count;
}

lvm_item *lvm_item_room(lua_State *L, lvm_item *small, const char *pattern, size_t length) {
  if (length < LVM_SMALL_PATTERN) return small;
  return lua_newuserdatauv(L, lvm_item_count(L, pattern, length, true) * sizeof(lvm_item), 0);
}

void lvm_compile(lua_State *L, lvm_matcher *m, lvm_item *items, const char *pattern, size_t length, bool may_anchor) {
  m->anchored = is_anchored(pattern, length, may_anchor);
  m->items = items;
  parser p = {.clock = {L, LVM_STEPS}, .at = pattern + m->anchored, .end = pattern + length};
  while (parse(&p, items)) items++;
  lvm_item *next = NULL;
  for (ptrdiff_t i = items - m->items; i >= 0; i--) {
    spend(&p.clock, 1);
    next = look_ahead(m, m->items + i, next);
  }
  m->first = next;
  m->clock = p.clock;
  m->count = p.count;
  m->open = p.open;
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
