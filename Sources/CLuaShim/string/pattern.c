// Compiles patterns. What is wrong with one is raised when a match gets there, as the library does.

#include "string/pattern.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

// Sets of bytes

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
