// The reply reader of hiredis 0.14. Declarations only: no code lives here.
//
// Only read.h: the rest of hiredis is a blocking client with its own sockets, which we do not use.
#ifndef GATEHOUSE_CREDIS_SHIM_H
#define GATEHOUSE_CREDIS_SHIM_H

#include <hiredis/read.h>

#endif
