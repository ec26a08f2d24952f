/*
 * System calls that fail when the test wants it: the n-th of a kind, with this errno, whoever in the process makes it and
 * by whatever way. The kernel stops each call of these kinds and asks a thread of the test (seccomp_unotify(2)), so that
 * neither the library nor its C library can tell the failure from a real one.
 */
#ifndef FAULTS_H
#define FAULTS_H

#include <stddef.h>

/* One kind of call, and how it may fail. */
typedef struct {
    const char *name;
    int errnos[10]; /* the first is the commonest; 0 ends them */
} fault_kind;

/* All kinds; the last has no name. */
extern const fault_kind fault_kinds[];

/* Whether the kernel lets a process have its calls judged here; else why not. */
int faults_can_be_had(const char **why);

/* From now on the calls of this thread, and of those that it makes, are looked at. Once a process; ends it on failure. */
void faults_begin(void);

/* In place of an errno: the process is killed when it makes the call, which is then never made. */
enum { FAULT_KILLS = 10000 };

/* The n-th call of the kind from here on fails, n from 1. */
void faults_arm(int kind, unsigned long n, int error);

/* None fails any more. Whether one did. */
int faults_disarm(void);

/* For kinds that are no system calls, where such a call is made: the errno to fail with, or 0. */
int faults_take(int kind);

/* Those kinds, by number in fault_kinds. */
int fault_kind_of_allocations(void);
int fault_kind_of_lookups(void);

#endif /* FAULTS_H */
