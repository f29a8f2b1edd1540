// The Linux interfaces that Swift's Glibc module leaves out. Declarations only: no code lives here.
// _GNU_SOURCE must not be defined in this header: it changes fd_set and clashes with Glibc's own module.
#ifndef GATEHOUSE_CLINUX_SHIM_H
#define GATEHOUSE_CLINUX_SHIM_H

#include <pthread.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

// accept4(2), hidden by glibc without _GNU_SOURCE.
extern int accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

// pthread_setname_np(3), hidden likewise.
extern int pthread_setname_np(pthread_t thread, const char *name);

#endif
