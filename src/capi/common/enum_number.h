#pragma once

#include <cstring>
#include <type_traits>

namespace genlock::capi {

/// What C calls an enumeration is any number there, and must not be read as one of C++ before it is checked.
template <class Enum>
unsigned number_of(const Enum& value) {
  static_assert(std::is_enum_v<Enum> && sizeof(Enum) == sizeof(unsigned));
  unsigned number = 0;
  std::memcpy(&number, &value, sizeof number);
  return number;
}

}  // namespace genlock::capi
