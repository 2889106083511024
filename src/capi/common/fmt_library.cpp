// fmt compiled into each C library, because Debian has it as a shared library only.

#include <fmt/format-inl.h>

namespace fmt::detail {

// Declared as being elsewhere, and used by what the rest of the library has instantiated.
template thousands_sep_result<char> thousands_sep_impl<char>(locale_ref);
template char decimal_point_impl<char>(locale_ref);

}  // namespace fmt::detail
