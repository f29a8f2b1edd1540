// libcrypt (libxcrypt 4): bcrypt and yescrypt. Declarations only: no code lives here.
#ifndef GATEHOUSE_CCRYPT_SHIM_H
#define GATEHOUSE_CCRYPT_SHIM_H

#include <crypt.h>

#endif
