// toml++ compiled into this part, so that what links it needs no shared one.

#define TOML_IMPLEMENTATION
#include "config/toml_library.h"
