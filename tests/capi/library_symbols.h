#pragma once

#include <set>
#include <string>

namespace genlock::test {

/// Every dynamic symbol that one of the built libraries (libk4a.so, libk4arecord.so) defines, of any type.
std::set<std::string> defined_symbols(const std::string& library);

/// What readelf says of its dynamic section.
std::string dynamic_section(const std::string& library);

/// Names of the shared libraries that it needs.
std::set<std::string> needed_libraries(const std::string& library);

}  // namespace genlock::test
