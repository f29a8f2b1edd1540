// libsqlite3. Declarations only: no code lives here.
//
// sqlite3_config and sqlite3_db_config take variable arguments, which Swift does not import; what they switch is
// switched by PRAGMA where there is one, and left alone where there is none.
#ifndef GATEHOUSE_CSQLITE_SHIM_H
#define GATEHOUSE_CSQLITE_SHIM_H

#include <sqlite3.h>

#endif
