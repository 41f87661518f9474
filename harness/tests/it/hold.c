/* Owns the hold-ups of a busy machine: a library that is loaded before the others and lets each
 * reading, writing and sending of the process take longer, before it, after it, or both. Which ones
 * stands in TRUELINE_TEST_HOLDS, for how many milliseconds in TRUELINE_TEST_HOLD_MS. Knows nothing of
 * who reads or writes. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static char holds[64];
static struct timespec span;

/* What the process starts itself is not held up. */
__attribute__((constructor)) static void begin(void) {
    const char *asked = getenv("TRUELINE_TEST_HOLDS");
    const char *millis = getenv("TRUELINE_TEST_HOLD_MS");
    strncpy(holds, asked ? asked : "", sizeof holds - 1);
    span.tv_nsec = (millis ? strtol(millis, NULL, 10) % 1000 : 0) * 1000 * 1000;
    unsetenv("LD_PRELOAD");
}

static void hold(const char *place) {
    if (strstr(holds, place)) nanosleep(&span, NULL);
}

ssize_t write(int file, const void *bytes, size_t count) {
    ssize_t (*next)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    if (file > STDERR_FILENO) hold("before-write");
    ssize_t written = next(file, bytes, count);
    if (file > STDERR_FILENO) hold("after-write");
    return written;
}

ssize_t send(int socket, const void *bytes, size_t count, int flags) {
    ssize_t (*next)(int, const void *, size_t, int) = dlsym(RTLD_NEXT, "send");
    hold("before-send");
    ssize_t sent = next(socket, bytes, count, flags);
    hold("after-send");
    return sent;
}

ssize_t read(int file, void *bytes, size_t count) {
    ssize_t (*next)(int, void *, size_t) = dlsym(RTLD_NEXT, "read");
    if (file > STDERR_FILENO) hold("before-read");
    ssize_t taken = next(file, bytes, count);
    if (file > STDERR_FILENO) hold("after-read");
    return taken;
}
