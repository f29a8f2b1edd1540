// The Linux interfaces that Swift's Glibc module leaves out. Declarations only: no code lives here.
//
// _GNU_SOURCE must not be defined in this header: it changes fd_set and clashes with Glibc's own module. Nor may it
// include a header that Glibc's module has (sys/socket.h, pthread.h): their types would then belong to whichever
// module was built first, and debug and release builds disagree about that.
#ifndef GATEHOUSE_CLINUX_SHIM_H
#define GATEHOUSE_CLINUX_SHIM_H

#include <sys/epoll.h>
#include <sys/eventfd.h>

struct sockaddr;

// accept4(2), hidden by glibc without _GNU_SOURCE. `length` is a socklen_t.
extern int accept4(int descriptor, struct sockaddr *address, unsigned int *length, int flags);

// pthread_setname_np(3), hidden likewise. `thread` is a pthread_t.
extern int pthread_setname_np(unsigned long thread, const char *name);

// signalfd(2), in a header of its own that needs signal.h. `signals` is a sigset_t.
extern int signalfd(int descriptor, const void *signals, int flags);

// posix_spawn_file_actions_addchdir_np(3), hidden likewise. `actions` is a posix_spawn_file_actions_t.
extern int posix_spawn_file_actions_addchdir_np(void *actions, const char *path);

#endif
