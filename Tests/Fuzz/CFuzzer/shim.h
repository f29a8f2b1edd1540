// libFuzzer's driver, for a program that has a main of its own. Declared by hand: the toolchain has no header for it.
#ifndef GATEHOUSE_CFUZZER_SHIM_H
#define GATEHOUSE_CFUZZER_SHIM_H

#include <stddef.h>
#include <stdint.h>

extern int LLVMFuzzerRunDriver(int *count, char ***arguments, int (*callback)(const uint8_t *data, size_t size));

#endif
