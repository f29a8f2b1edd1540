// libpq, with the letters that name the fields of an error (PG_DIAG_…). Declarations only: no code lives here.
#ifndef GATEHOUSE_CPOSTGRES_SHIM_H
#define GATEHOUSE_CPOSTGRES_SHIM_H

#include <postgresql/libpq-fe.h>

#endif
