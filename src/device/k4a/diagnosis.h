#pragma once

#include <optional>
#include <span>
#include <string>

#include "base/error.h"
#include "device/k4a/message_log.h"

// What the messages of libk4a mean, by their keywords (facts device.md 3).

namespace genlock::device::k4a {

/// What follows from a message.
enum class Gravity {
  call,     ///< the call under way fails for this reason
  stream,   ///< a stream is dead until the unit is started or opened anew, though no call will say so
  warning,  ///< works all the same, but people should know
};

struct Diagnosis {
  Errc code = Errc::io;
  Gravity gravity = Gravity::call;
  std::string_view cause;  ///< and what to do
  std::string text;        ///< the same, and the message
};

/// The gravest cause that the messages speak of; nothing if they hold no known keyword.
std::optional<Diagnosis> diagnose(std::span<const Message> messages);

/// The same, of one gravity only; of several the first.
std::optional<Diagnosis> diagnose(std::span<const Message> messages, Gravity gravity);

/// Whether a message says that depth cannot be computed on this host at all. Libraries say so once, perhaps
/// long before a start fails for it.
bool is_of_depth_engine(const Message& message);

/// Why a call failed that the library began to speak about with the first of `messages`: its cause and what
/// to do where it is known, else what the library said first. `code` where the messages tell none.
Error explain(std::span<const Message> messages, Errc code, const std::string& doing);

}  // namespace genlock::device::k4a
