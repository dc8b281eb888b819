// Records what a process asks of the file system, for files under one folder: preloaded into it (LD_PRELOAD), with
//   POWER_CUT_FOLDER   the folder, absolute and without links
//   POWER_CUT_JOURNAL  the file to append to; outside of the folder
// A call is noted when it has succeeded. Record: kind u8, path length u16, data length u32, offset u64, path, data.
// Kinds: c create, w write, t truncate to offset, s sync (of the folder itself: no path), u unlink, r rename to data,
// ? a call that the replayer does not know. Paths are relative to the folder.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char *names[FILES]; // by descriptor
static const char *folder;
static int journal = -1;

#define REAL(name, result, ...) \
  static result (*real)(__VA_ARGS__); \
  if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

__attribute__((constructor)) static void begin(void) {
  folder = getenv("POWER_CUT_FOLDER");
  const char *path = getenv("POWER_CUT_JOURNAL");
  if (folder && path) journal = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

// The name inside the folder; null if it is not in there.
static const char *inside(const char *path) {
  if (journal < 0 || !path) return NULL;
  size_t length = strlen(folder);
  if (strncmp(path, folder, length)) return NULL;
  return path[length] == '/' ? path + length + 1 : path[length] ? NULL : "";
}

static const char *name_of(int fd) { return fd >= 0 && fd < FILES ? names[fd] : NULL; }

static void note(char kind, const char *name, uint64_t offset, const void *data, uint32_t count) {
  uint16_t length = strlen(name);
  char head[15] = {kind};
  memcpy(head + 1, &length, 2);
  memcpy(head + 3, &count, 4);
  memcpy(head + 7, &offset, 8);
  struct iovec parts[3] = {{head, sizeof head}, {(void *)name, length}, {(void *)data, count}};
  int before = errno;
  pthread_mutex_lock(&lock);
  ssize_t written = syscall(SYS_writev, journal, parts, 3);
  pthread_mutex_unlock(&lock);
  if (written != (ssize_t)(sizeof head + length + count)) abort();
  errno = before;
}

static int opened(int fd, const char *path, int flags, int existed) {
  const char *name = inside(path);
  if (fd < 0 || fd >= FILES || !name) return fd;
  free(names[fd]);
  names[fd] = strdup(name);
  if (flags & O_CREAT && !existed) note('c', name, 0, "", 0);
  else if (flags & O_TRUNC) note('t', name, 0, "", 0);
  return fd;
}

static int exists(const char *path) { return inside(path) && !faccessat(AT_FDCWD, path, F_OK, 0); }

#define OPEN(function) \
  int function(const char *path, int flags, ...) { \
    REAL(function, int, const char *, int, ...); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    int existed = exists(path); \
    return opened(real(path, flags, mode), path, flags, existed); \
  }
#define OPENAT(function) \
  int function(int at, const char *path, int flags, ...) { \
    REAL(function, int, int, const char *, int, ...); \
    va_list rest; va_start(rest, flags); mode_t mode = va_arg(rest, mode_t); va_end(rest); \
    int existed = exists(path); \
    return opened(real(at, path, flags, mode), path, flags, existed); \
  }
OPEN(open) OPEN(open64) OPENAT(openat) OPENAT(openat64)

int close(int fd) {
  REAL(close, int, int);
  if (name_of(fd)) { free(names[fd]); names[fd] = NULL; }
  return real(fd);
}

static ssize_t wrote(int fd, uint64_t offset, const void *data, ssize_t count) {
  if (count > 0 && name_of(fd)) note('w', names[fd], offset, data, count);
  return count;
}

// Where a write without an offset goes.
static uint64_t position(int fd) {
  if (!name_of(fd)) return 0;
  return lseek(fd, 0, fcntl(fd, F_GETFL) & O_APPEND ? SEEK_END : SEEK_CUR);
}

ssize_t write(int fd, const void *data, size_t count) {
  REAL(write, ssize_t, int, const void *, size_t);
  uint64_t offset = position(fd);
  return wrote(fd, offset, data, real(fd, data, count));
}
#define PWRITE(function) \
  ssize_t function(int fd, const void *data, size_t count, off_t offset) { \
    REAL(function, ssize_t, int, const void *, size_t, off_t); \
    return wrote(fd, offset, data, real(fd, data, count, offset)); \
  }
PWRITE(pwrite) PWRITE(pwrite64)

static ssize_t wrote_all(int fd, uint64_t offset, const struct iovec *parts, int count, ssize_t written) {
  ssize_t left = written;
  for (int i = 0; i < count && left > 0; i++) {
    ssize_t size = left < (ssize_t)parts[i].iov_len ? left : (ssize_t)parts[i].iov_len;
    wrote(fd, offset, parts[i].iov_base, size);
    offset += size;
    left -= size;
  }
  return written;
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev, ssize_t, int, const struct iovec *, int);
  uint64_t offset = position(fd);
  return wrote_all(fd, offset, parts, count, real(fd, parts, count));
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  REAL(pwritev, ssize_t, int, const struct iovec *, int, off_t);
  return wrote_all(fd, offset, parts, count, real(fd, parts, count, offset));
}

#define ON_FILE(function, kind, where, parameters, arguments, ...) \
  int function parameters { \
    REAL(function, int, __VA_ARGS__); \
    int result = real arguments; \
    if (!result && name_of(fd)) note(kind, names[fd], where, "", 0); \
    return result; \
  }
ON_FILE(fsync, 's', 0, (int fd), (fd), int)
ON_FILE(fdatasync, 's', 0, (int fd), (fd), int)
ON_FILE(ftruncate, 't', size, (int fd, off_t size), (fd, size), int, off_t)
ON_FILE(ftruncate64, 't', size, (int fd, off_t size), (fd, size), int, off_t)

#define ON_PATH(function, kind, parameters, arguments, ...) \
  int function parameters { \
    REAL(function, int, __VA_ARGS__); \
    int result = real arguments; \
    if (!result && inside(path)) note(kind, inside(path), 0, "", 0); \
    return result; \
  }
ON_PATH(unlink, 'u', (const char *path), (path), const char *)
ON_PATH(remove, 'u', (const char *path), (path), const char *)
ON_PATH(unlinkat, 'u', (int at, const char *path, int flags), (at, path, flags), int, const char *, int)
ON_PATH(truncate, '?', (const char *path, off_t size), (path, size), const char *, off_t)
ON_PATH(link, '?', (const char *old, const char *path), (old, path), const char *, const char *)

int rename(const char *old, const char *path) {
  REAL(rename, int, const char *, const char *);
  int result = real(old, path);
  if (!result && inside(old) && inside(path)) note('r', inside(old), 0, inside(path), strlen(inside(path)));
  else if (!result && (inside(old) || inside(path))) note('?', "rename", 0, "", 0);
  return result;
}

#define COPY(function, parameters, arguments, ...) \
  ssize_t function parameters { \
    REAL(function, ssize_t, __VA_ARGS__); \
    if (name_of(out)) note('?', names[out], 0, "", 0); \
    return real arguments; \
  }
COPY(sendfile, (int out, int in, off_t *offset, size_t count), (out, in, offset, count), int, int, off_t *, size_t)
COPY(sendfile64, (int out, int in, off_t *offset, size_t count), (out, in, offset, count), int, int, off_t *, size_t)
