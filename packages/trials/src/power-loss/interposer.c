/*
 * Goes before the C library (LD_PRELOAD) and writes down, outside, what a process does to some files: every write with
 * its bytes, every sync with its return, and what the process notes in another file, all in one order.
 *
 * DROPS_POWER_FILES     names of the files that are watched, with a colon between them
 * DROPS_POWER_FOLDER    their folder, whose syncs make their entries durable
 * DROPS_POWER_NOTES     the file of notes
 * DROPS_POWER_JOURNAL   where records go: kind, flags (1: synced; 2 * place of the file), id, offset or result, length, bytes (see journal.ts)
 *
 * The identity of the boot is answered with another one each time: what a machine that lost power would see.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { NOTHING, DATA, SYNCED_DATA, NOTES, FOLDER };
#define MAX_FILES 65536
static unsigned char what[MAX_FILES], which[MAX_FILES];
static int journal = -1;
static uint32_t last;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const char *files, *folder, *notes;

static int of(int fd) { return fd >= 0 && fd < MAX_FILES ? what[fd] : NOTHING; }

#define REAL(name, type, ...) \
  static type (*real)(__VA_ARGS__); \
  if (!real) real = dlsym(RTLD_NEXT, name)

__attribute__((constructor)) static void start(void) {
  files = getenv("DROPS_POWER_FILES");
  folder = getenv("DROPS_POWER_FOLDER");
  notes = getenv("DROPS_POWER_NOTES");
  const char *path = getenv("DROPS_POWER_JOURNAL");
  if (!files || !folder || !notes || !path) return;
  journal = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* A journal with a gap would prove nothing. */
static void append(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    long done = syscall(SYS_write, journal, at, length);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) abort();
    at += done;
    length -= (size_t)done;
  }
}

static uint32_t record(char kind, int flags, uint32_t id, int64_t number, const struct iovec *parts, int count) {
  int saved = errno;
  unsigned char head[18];
  uint32_t length = 0;
  for (int i = 0; i < count; i++) length += (uint32_t)parts[i].iov_len;
  pthread_mutex_lock(&lock);
  if (id == 0) id = ++last;
  head[0] = (unsigned char)kind;
  head[1] = (unsigned char)flags;
  memcpy(head + 2, &id, 4);
  memcpy(head + 6, &number, 8);
  memcpy(head + 14, &length, 4);
  append(head, sizeof head);
  for (int i = 0; i < count; i++) append(parts[i].iov_base, parts[i].iov_len);
  pthread_mutex_unlock(&lock);
  errno = saved;
  return id;
}

static uint32_t begin_write(int fd, const struct iovec *parts, int count, int64_t offset) {
  int kind = of(fd);
  if (journal < 0 || kind == NOTHING || kind == FOLDER) return 0;
  if (kind == NOTES) {
    record('N', 0, 0, 0, parts, count);
    return 0;
  }
  if (offset < 0) offset = lseek(fd, 0, SEEK_CUR);
  return record('W', 2 * which[fd] + (kind == SYNCED_DATA), 0, offset, parts, count);
}

static void end(uint32_t id, int64_t result) {
  if (id) record('E', 0, id, result, 0, 0);
}

/* The place of a path among the watched files, or -1. */
static int place(const char *path) {
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) || path[length] != '/') return -1;
  const char *name = path + length + 1;
  int number = 0;
  for (const char *at = files; *at; number++) {
    size_t part = strcspn(at, ":");
    if (strlen(name) == part && !strncmp(name, at, part)) return number;
    at += part + (at[part] == ':');
  }
  return -1;
}

static int opened(int fd, const char *path, int flags) {
  if (fd < 0 || fd >= MAX_FILES || journal < 0) return fd;
  what[fd] = NOTHING;
  int number = place(path);
  if (number >= 0) {
    what[fd] = flags & O_DSYNC ? SYNCED_DATA : DATA;
    which[fd] = (unsigned char)number;
    record('O', 2 * number, 0, 0, 0, 0);
  } else if (!strcmp(path, notes)) what[fd] = NOTES;
  else if (!strcmp(path, folder)) what[fd] = FOLDER;
  return fd;
}

static const char *redirected(const char *path) {
  if (journal >= 0 && !strcmp(path, "/proc/sys/kernel/random/boot_id")) return "/proc/sys/kernel/random/uuid";
  return path;
}

#define MODE(flags) \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  REAL("open", int, const char *, int, ...);
  return opened(real(redirected(path), flags, mode), path, flags);
}
int open64(const char *path, int flags, ...) {
  MODE(flags)
  REAL("open64", int, const char *, int, ...);
  return opened(real(redirected(path), flags, mode), path, flags);
}
int openat(int at, const char *path, int flags, ...) {
  MODE(flags)
  REAL("openat", int, int, const char *, int, ...);
  return opened(real(at, redirected(path), flags, mode), path, flags);
}
int openat64(int at, const char *path, int flags, ...) {
  MODE(flags)
  REAL("openat64", int, int, const char *, int, ...);
  return opened(real(at, redirected(path), flags, mode), path, flags);
}
int close(int fd) {
  REAL("close", int, int);
  if (fd >= 0 && fd < MAX_FILES) what[fd] = NOTHING;
  return real(fd);
}

#define ONE(bytes, length) struct iovec one = {(void *)bytes, length}
#define WRITE(call, fd, parts, count, offset) \
  uint32_t id = begin_write(fd, parts, count, offset); \
  ssize_t result = call; \
  end(id, result); \
  return result;

ssize_t write(int fd, const void *bytes, size_t length) {
  REAL("write", ssize_t, int, const void *, size_t);
  ONE(bytes, length);
  WRITE(real(fd, bytes, length), fd, &one, 1, -1)
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  REAL("pwrite", ssize_t, int, const void *, size_t, off_t);
  ONE(bytes, length);
  WRITE(real(fd, bytes, length, offset), fd, &one, 1, offset)
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  REAL("pwrite64", ssize_t, int, const void *, size_t, off64_t);
  ONE(bytes, length);
  WRITE(real(fd, bytes, length, offset), fd, &one, 1, offset)
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL("writev", ssize_t, int, const struct iovec *, int);
  WRITE(real(fd, parts, count), fd, parts, count, -1)
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  REAL("pwritev", ssize_t, int, const struct iovec *, int, off_t);
  WRITE(real(fd, parts, count, offset), fd, parts, count, offset)
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  REAL("pwritev64", ssize_t, int, const struct iovec *, int, off64_t);
  WRITE(real(fd, parts, count, offset), fd, parts, count, offset)
}

static uint32_t begin_sync(int fd) {
  int kind = of(fd);
  if (journal < 0 || kind == NOTHING || kind == NOTES) return 0;
  return kind == FOLDER ? record('D', 0, 0, 0, 0, 0) : record('F', 2 * which[fd], 0, 0, 0, 0);
}
int fsync(int fd) {
  REAL("fsync", int, int);
  uint32_t id = begin_sync(fd);
  int result = real(fd);
  end(id, result);
  return result;
}
int fdatasync(int fd) {
  REAL("fdatasync", int, int);
  uint32_t id = begin_sync(fd);
  int result = real(fd);
  end(id, result);
  return result;
}

/* What the model does not know is a fault of the trial, which it tells. */
static void unknown(int fd, const char *name) {
  if (journal < 0 || (of(fd) != DATA && of(fd) != SYNCED_DATA)) return;
  ONE(name, strlen(name));
  record('X', 0, 0, 0, &one, 1);
}
int ftruncate(int fd, off_t length) {
  REAL("ftruncate", int, int, off_t);
  unknown(fd, "ftruncate");
  return real(fd, length);
}
int ftruncate64(int fd, off64_t length) {
  REAL("ftruncate64", int, int, off64_t);
  unknown(fd, "ftruncate");
  return real(fd, length);
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
  REAL("fallocate", int, int, int, off_t, off_t);
  unknown(fd, "fallocate");
  return real(fd, mode, offset, length);
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
  REAL("fallocate64", int, int, int, off64_t, off64_t);
  unknown(fd, "fallocate");
  return real(fd, mode, offset, length);
}
int sync_file_range(int fd, off64_t offset, off64_t length, unsigned int flags) {
  REAL("sync_file_range", int, int, off64_t, off64_t, unsigned int);
  unknown(fd, "sync_file_range");
  return real(fd, offset, length, flags);
}
static void mapped(int prot, int flags, int fd) {
  if ((prot & PROT_WRITE) && (flags & MAP_SHARED)) unknown(fd, "a writable mapping");
}
void *mmap(void *at, size_t length, int prot, int flags, int fd, off_t offset) {
  REAL("mmap", void *, void *, size_t, int, int, int, off_t);
  mapped(prot, flags, fd);
  return real(at, length, prot, flags, fd, offset);
}
void *mmap64(void *at, size_t length, int prot, int flags, int fd, off64_t offset) {
  REAL("mmap64", void *, void *, size_t, int, int, int, off64_t);
  mapped(prot, flags, fd);
  return real(at, length, prot, flags, fd, offset);
}
