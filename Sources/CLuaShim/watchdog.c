// Limits on time that cost nothing until they fire. A count hook would double the time of every loop. Instead a thread
// of our own looks now and then which VM is in a turn and for how long, and sends SIGURG to the thread inside it. Only
// there, in the handler, is the hook set: lua_sethook from another thread would race with the collector.

#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "internal.h"

enum { IDLE_SCANS = 20 };
static const unsigned long long SHORTEST_TICK = 500000, LONGEST_TICK = 50000000;

/// Guards the list of VMs and `parked`'s condition.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wakes = PTHREAD_COND_INITIALIZER;
static lvm *watched;
static atomic_bool parked;
static bool has_started;
static struct sigaction handler_before;

/// The VM whose turn goes on in this thread. Read by the signal handler, so of the kind that needs no allocation.
#define THREAD_VARIABLE static _Thread_local __attribute__((tls_model("initial-exec")))
THREAD_VARIABLE lvm *volatile current;
THREAD_VARIABLE bool is_prepared;
THREAD_VARIABLE int own_thread;

/// Runs in the thread that is inside a VM. A signal that comes late, or was meant for somebody else, does nothing.
static void take_signal(int number, siginfo_t *info, void *machine) {
  lvm *vm = current;
  if (vm != NULL && atomic_load(&vm->clock.doomed_epoch) == atomic_load(&vm->clock.epoch)) {
    int doom = atomic_load(&vm->clock.doom);
    if (doom > vm->acted && doom > vm->doom) {
      vm->doom = doom;
      lvm_arm(vm->running);
    }
  }
  if (handler_before.sa_flags & SA_SIGINFO) {
    if (handler_before.sa_sigaction != NULL) handler_before.sa_sigaction(number, info, machine);
  } else if (handler_before.sa_handler != SIG_DFL && handler_before.sa_handler != SIG_IGN) {
    handler_before.sa_handler(number);
  }
}

/// The processor time of a thread by the kernel's number, which unlike a pthread_t may be that of a thread gone by.
/// The form of the clock's id is that of clock_gettime(2) on Linux. 0: there is no such thread.
static unsigned long long thread_time(int thread) {
  struct timespec time;
  clockid_t clock = (clockid_t)((~(unsigned)thread << 3) | 6);
  if (clock_gettime(clock, &time) != 0) return 0;
  return (unsigned long long)time.tv_sec * 1000000000 + (unsigned long long)time.tv_nsec;
}

/// What happens to a VM that does not answer: script code cannot be ended from outside, so the process is.
static void end_process(unsigned long long milliseconds) {
  fprintf(stderr, "A Lua script has used %llu ms of processor time and does not react to being stopped. "
                  "The process ends.\n", milliseconds);
  _exit(LVM_BACKSTOP_STATUS);
}

static lvm_backstop backstop = end_process;

static void send_doom(lvm *vm, unsigned long long epoch, int doom) {
  atomic_store(&vm->clock.doom, doom);
  atomic_store(&vm->clock.doomed_epoch, epoch);
  syscall(SYS_tgkill, getpid(), atomic_load(&vm->clock.thread), SIGURG);
}

/// Looks at one VM. Returns how long it may be left alone, or 0 if it is between turns.
static unsigned long long scan(lvm *vm) {
  turn_clock *clock = &vm->clock;
  unsigned long long epoch = atomic_load(&clock->epoch), limit = atomic_load(&clock->limit);
  if (epoch % 2 == 0 || limit == 0) return 0;
  unsigned long long grace = vm->grace, tick = limit / 20;
  unsigned long long time = thread_time(atomic_load(&clock->thread));
  if (time != 0 && clock->seen != epoch) {
    clock->seen = epoch;
    clock->since = time;
  } else if (time != 0) {
    unsigned long long used = time - clock->since;
    // Only what was told before, and has run since, reacts to nothing.
    bool was_told = clock->overdue == epoch && atomic_load(&clock->epoch) == epoch;
    if (was_told && used >= limit + grace + vm->patience) backstop(used / 1000000);
    if (used >= limit + grace) {
      clock->overdue = epoch;
      send_doom(vm, epoch, DOOM_OVERDUE);
    }
    else if (used >= limit) send_doom(vm, epoch, DOOM_EXPIRED);
    else if (limit - used < tick) tick = limit - used;
  }
  return tick < SHORTEST_TICK ? SHORTEST_TICK : tick > LONGEST_TICK ? LONGEST_TICK : tick;
}

static unsigned long long scan_all(void) {
  unsigned long long shortest = 0;
  for (lvm *vm = watched; vm != NULL; vm = vm->next) {
    unsigned long long tick = scan(vm);
    if (tick != 0 && (shortest == 0 || tick < shortest)) shortest = tick;
  }
  return shortest;
}

static void *watch(void *unused) {
  (void)unused;
  unsigned long long tick = SHORTEST_TICK;
  for (int idle = 0;;) {
    pthread_mutex_lock(&lock);
    unsigned long long next = scan_all();
    idle = next == 0 ? idle + 1 : 0;
    if (next != 0) tick = next;
    if (idle > IDLE_SCANS) {
      // A turn that begins now either sees `parked`, or is seen by this scan.
      atomic_store(&parked, true);
      if (scan_all() == 0) {
        while (atomic_load(&parked)) pthread_cond_wait(&wakes, &lock);
      }
      atomic_store(&parked, false);
      idle = 0;
    }
    pthread_mutex_unlock(&lock);
    struct timespec pause = {.tv_sec = 0, .tv_nsec = (long)tick};
    nanosleep(&pause, NULL);
  }
  return NULL;
}

static void wake(void) {
  pthread_mutex_lock(&lock);
  atomic_store(&parked, false);
  pthread_cond_signal(&wakes);
  pthread_mutex_unlock(&lock);
}

void lvm_set_backstop(lvm_backstop function) { backstop = function == NULL ? end_process : function; }

static bool start(void) {
  struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK};
  action.sa_sigaction = take_signal;
  sigemptyset(&action.sa_mask);
  sigset_t all, before;
  sigfillset(&all);
  if (sigaction(SIGURG, &action, &handler_before) != 0) return false;
  pthread_sigmask(SIG_SETMASK, &all, &before);  // the watchdog takes no signal of the program's
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 128 << 10);
  pthread_t thread;
  int failure = pthread_create(&thread, &attributes, watch, NULL);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  return failure == 0;
}

bool lvm_set_time_limit(lvm *vm, unsigned long long limit, unsigned long long grace, unsigned long long patience) {
  bool works = true;
  if (limit != 0) {
    pthread_mutex_lock(&lock);
    if (!has_started) has_started = works = start();
    pthread_mutex_unlock(&lock);
  }
  vm->limit = works ? limit : 0;  // between turns, so the watchdog does not look
  vm->grace = grace;
  vm->patience = patience;
  return works;
}

void lvm_preempt(lvm *vm) {
  unsigned long long epoch = atomic_load(&vm->clock.epoch);
  if (epoch % 2 == 1) send_doom(vm, epoch, DOOM_PREEMPTED);
}

void lvm_close(lvm *vm) {
  // A turn that begins now either sees the mark, or is seen by what follows.
  atomic_store(&vm->clock.is_closed, true);
  lvm_preempt(vm);
}

void lvm_reopen(lvm *vm) { atomic_store(&vm->clock.is_closed, false); }

void lvm_watch(lvm *vm) {
  pthread_mutex_lock(&lock);
  vm->next = watched;
  watched = vm;
  pthread_mutex_unlock(&lock);
}

void lvm_unwatch(lvm *vm) {
  pthread_mutex_lock(&lock);
  for (lvm **link = &watched; *link != NULL; link = &(*link)->next) {
    if (*link != vm) continue;
    *link = vm->next;
    break;
  }
  pthread_mutex_unlock(&lock);
}

/// Threads of a pool block almost every signal, and keep their number.
static void prepare_thread(void) {
  sigset_t urgent;
  sigemptyset(&urgent);
  sigaddset(&urgent, SIGURG);
  pthread_sigmask(SIG_UNBLOCK, &urgent, NULL);
  own_thread = (int)syscall(SYS_gettid);
  is_prepared = true;
}

void lvm_enter_turn(lvm *vm, lua_State *L, bool is_stopping) {
  vm->running = L;
  vm->host_depth = 0;
  vm->interrupted = NULL;
  if (vm->limit == 0) return;
  if (!is_prepared) prepare_thread();
  vm->doom = 0;
  vm->acted = 0;
  vm->outer = current;
  atomic_store_explicit(&vm->clock.limit, is_stopping ? vm->grace : vm->limit, memory_order_relaxed);
  atomic_store_explicit(&vm->clock.thread, own_thread, memory_order_relaxed);
  current = vm;
  atomic_store(&vm->clock.epoch, atomic_load_explicit(&vm->clock.epoch, memory_order_relaxed) + 1);
  if (atomic_load(&parked)) wake();
  if (atomic_load(&vm->clock.is_closed)) lvm_preempt(vm);
}

void lvm_leave_turn(lvm *vm) {
  vm->running = vm->main;
  vm->host_depth = 1;
  if (vm->limit == 0) return;
  atomic_store_explicit(&vm->clock.epoch, atomic_load_explicit(&vm->clock.epoch, memory_order_relaxed) + 1, memory_order_release);
  current = vm->outer;
  vm->doom = 0;
}
