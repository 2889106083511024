#pragma once

#include <string>
#include <string_view>

namespace genlock {

/// What kind of failure this is, for code that must choose; the message is for people.
enum class Errc {
  invalid,       ///< an argument or a configuration breaks a documented rule
  not_found,     ///< no such unit, file, track or tag
  busy,          ///< the unit is open elsewhere
  state,         ///< the call is not allowed in this state (not started, already started, closed)
  unsupported,   ///< valid, but not offered by this unit, file or build
  disconnected,  ///< the unit no longer answers commands
  io,            ///< the operating system refused
  no_space,      ///< disk full or quota reached
  corrupt,       ///< outside bytes that break their format
  too_late,      ///< data older than what has been written already
  overflow,      ///< a bounded queue or buffer refused data
  exists,        ///< would overwrite something
  internal,      ///< a bug in Genlock
};

std::string_view to_string(Errc code);

/// A failure with its context, innermost cause last: "recording sub1.mkv: writing cluster 12: No space left on device".
class Error {
 public:
  Error(Errc code, std::string message) : code_(code), message_(std::move(message)) {}

  Errc code() const { return code_; }
  const std::string& message() const { return message_; }

  /// This error with what was being done put in front.
  Error context(std::string_view doing) const&;

 private:
  Errc code_;
  std::string message_;
};

/// The one place where errno becomes an Error; `doing` says what failed and on which file.
Error error_from_errno(int errnum, std::string_view doing);

}  // namespace genlock
