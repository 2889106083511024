#include "base/error.h"

#include <fmt/core.h>

#include <cerrno>
#include <system_error>

namespace genlock {

std::string_view to_string(Errc code) {
  switch (code) {
    case Errc::invalid: return "invalid";
    case Errc::not_found: return "not_found";
    case Errc::busy: return "busy";
    case Errc::state: return "state";
    case Errc::unsupported: return "unsupported";
    case Errc::disconnected: return "disconnected";
    case Errc::io: return "io";
    case Errc::no_space: return "no_space";
    case Errc::corrupt: return "corrupt";
    case Errc::too_late: return "too_late";
    case Errc::overflow: return "overflow";
    case Errc::exists: return "exists";
    case Errc::internal: return "internal";
  }
  return "unknown";
}

Error Error::context(std::string_view doing) const& {
  return Error(code_, fmt::format("{}: {}", doing, message_));
}

namespace {

Errc code_from_errno(int errnum) {
  switch (errnum) {
    case ENOENT:
    case ENODEV: return Errc::not_found;
    case EEXIST: return Errc::exists;
    case EBUSY: return Errc::busy;
    case ENOSPC:
    case EDQUOT: return Errc::no_space;
    case EINVAL: return Errc::invalid;
    default: return Errc::io;
  }
}

}  // namespace

Error error_from_errno(int errnum, std::string_view doing) {
  return Error(code_from_errno(errnum), fmt::format("{}: {}", doing, std::generic_category().message(errnum)));
}

}  // namespace genlock
