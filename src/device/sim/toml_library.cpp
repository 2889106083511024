// toml++ compiled into this part, so that it needs no shared one.

#define TOML_IMPLEMENTATION
#include "device/sim/toml_library.h"
