// Counts how often a program it is preloaded into (LD_PRELOAD) reads from sockets and writes to them.
//
// Three numbers lie in the file named by SOCKET_COUNT_FILE, shared by mmap: reads that brought something, reads that found
// nothing (EAGAIN), and writes. Whoever measures reads them at any time, and the program is neither stopped nor traced for
// it. A release of Gatehouse takes the C library, libpq and hiredis from the system, so their calls come through here.
//
// cc -O2 -shared -fPIC -o socket-counter.so socket-counter.c
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { READS, EMPTY_READS, WRITES, KINDS };

static uint64_t before_start[KINDS];
static uint64_t *counters = before_start;

// Pipes, files and the eventfd that wakes a loop are none.
static int is_socket(int descriptor) {
    int kept = errno, type;
    socklen_t length = sizeof type;
    int answer = getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &length);
    errno = kept;
    return answer == 0;
}

static ssize_t count_read(int descriptor, ssize_t result) {
    if (is_socket(descriptor)) {
        int kind = result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? EMPTY_READS : READS;
        __atomic_fetch_add(&counters[kind], 1, __ATOMIC_RELAXED);
    }
    return result;
}

static ssize_t count_write(int descriptor, ssize_t result) {
    if (is_socket(descriptor)) __atomic_fetch_add(&counters[WRITES], 1, __ATOMIC_RELAXED);
    return result;
}

// The system calls themselves: there is nothing else that the C library would do.
ssize_t read(int fd, void *data, size_t size) { return count_read(fd, syscall(SYS_read, fd, data, size)); }
ssize_t readv(int fd, const struct iovec *parts, int count) { return count_read(fd, syscall(SYS_readv, fd, parts, count)); }
ssize_t recvmsg(int fd, struct msghdr *message, int flags) { return count_read(fd, syscall(SYS_recvmsg, fd, message, flags)); }

ssize_t recvfrom(int fd, void *data, size_t size, int flags, struct sockaddr *address, socklen_t *length) {
    return count_read(fd, syscall(SYS_recvfrom, fd, data, size, flags, address, length));
}

ssize_t recv(int fd, void *data, size_t size, int flags) { return recvfrom(fd, data, size, flags, NULL, NULL); }

ssize_t write(int fd, const void *data, size_t size) { return count_write(fd, syscall(SYS_write, fd, data, size)); }
ssize_t writev(int fd, const struct iovec *parts, int count) { return count_write(fd, syscall(SYS_writev, fd, parts, count)); }

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    return count_write(fd, syscall(SYS_sendmsg, fd, message, flags));
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *address, socklen_t length) {
    return count_write(fd, syscall(SYS_sendto, fd, data, size, flags, address, length));
}

ssize_t send(int fd, const void *data, size_t size, int flags) { return sendto(fd, data, size, flags, NULL, 0); }

__attribute__((constructor)) static void share_counters(void) {
    const char *path = getenv("SOCKET_COUNT_FILE");
    if (path == NULL) return;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file < 0) return;
    void *page = mmap(NULL, sizeof before_start, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (page != MAP_FAILED) counters = page;
}
