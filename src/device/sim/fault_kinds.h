#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// The kinds of faults as data: one table for reading bench files, for `genlock bench set`, its help and the
// checks. docs/bench-faults.md has what each does to the caller.

namespace genlock::device::sim {

enum class Jack : std::uint8_t { in, out };

/// Which streams a fault touches.
struct Streams {
  bool color = false;
  bool depth = false;
  bool imu = false;
  bool operator==(const Streams&) const = default;
  bool none() const { return *this == Streams{}; }
};

enum class FaultKind : std::uint8_t {
  drop,
  stall,
  cable,
  unplug,
  refuse_open,
  wrong_size,
  transfer_error,
  suspend,
  color_lost,
  bus_load,
  permission,
  busy,
  slow_boot,
  engine_missing,
  no_display,
  no_opengl,
  engine_error,
  slow_gpu,
  corrupt_jpeg,
  no_memory,
  refuse_command,
  brown_out,
  usb2,
  stamp_jump,
};
inline constexpr std::size_t kFaultKinds = 24;

/// The number that a kind of fault has, by its key in a bench file.
struct FaultKnob {
  std::string_view key;  ///< empty: the kind has none
  std::int32_t least = 0;
  std::int32_t most = 0;
  std::int32_t usual = 0;
};

struct FaultTraits {
  FaultKind kind{};
  std::string_view name;
  bool lasts = false;   ///< it goes on until it is taken back; else it happens and is over
  Streams touches;      ///< the streams that may be named; none: it has no streams
  Streams usual;        ///< those it touches when none is named
  bool counts = false;  ///< has a count
  FaultKnob knob;
  std::string_view what;  ///< for people, in a few words
};

/// All kinds, in the order of the enumeration.
std::span<const FaultTraits> fault_table();
const FaultTraits& traits(FaultKind kind);
std::optional<FaultKind> fault_kind_from(std::string_view name);

std::string_view to_string(Jack jack);
std::string_view to_string(FaultKind kind);
std::string to_string(const Streams& streams);  ///< "color,depth"

/// "color,imu"; nothing for anything but names of streams with commas between.
std::optional<Streams> streams_from(std::string_view text);

/// Whether all of `inner` are in `outer`.
bool within(const Streams& inner, const Streams& outer);

}  // namespace genlock::device::sim
