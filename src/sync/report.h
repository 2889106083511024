#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/observation.h"

namespace genlock::sync {

/// A measured difference of times: finer than the stamps it comes from.
using Micros = std::chrono::duration<double, std::micro>;

/// Everything that can be said against a take, or must be known about it. docs/verify.md explains each.
enum class Code : std::uint8_t {
  // The set of units.
  other_take,
  same_take_unknown,
  same_unit_twice,
  no_master,
  two_masters,
  standalone,
  single_unit,
  frame_rate_differs,
  simulated_mixed,
  exposure_differs,
  // One stream by itself.
  no_frames,
  missing_frames,
  duplicate_frames,
  outlier,
  off_pulse,
  clock_jump,
  silent,  ///< only while a take goes on
  // Found by who reads files, not by the Monitor.
  damaged_file,
  missing_file,
  changed_file,
  unfinished_take,
  unaligned_file,
  short_of_take,
  // A unit against the reference.
  no_common_pulse,
  constant_error,
  start_order,
  own_zero,
  wrong_pulse,
  pulse_uncertain,
  drift,
  drift_step,
  phase_jump,
  unsteady,
  lost_lock,
  recorded_on,
  exposure_changed,
  lasers_overlap,
  pulse_number,
};
std::string_view to_string(Code code);  ///< the name above

/// A failure makes the verdict "not in sync"; warnings and notes do not.
enum class Severity : std::uint8_t { note, warning, failure };
std::string_view to_string(Severity severity);

struct Finding {
  Code code = Code::no_frames;
  Severity severity = Severity::note;
  std::optional<std::size_t> unit = {};  ///< absent: about the take as a whole
  std::optional<Stream> stream = {};
  std::optional<DeviceTime> at = {};       ///< where it begins, on that unit's clock
  std::optional<std::int64_t> pulse = {};  ///< the pulse it begins at
  std::uint64_t count = 1;                 ///< frames concerned
  std::string text = {};                   ///< a sentence that names the unit, then what to do
};

/// Frames that did not come.
struct Gap {
  std::int64_t first_pulse = 0;
  std::uint64_t frames = 0;
  DeviceTime after;  ///< stamp of the last frame before it; where none came yet, of the other camera's first
};

/// The frames of about a second, compared with the reference's.
struct CourseWindow {
  DeviceTime at;           ///< of the reference
  std::int64_t pulse = 0;  ///< the first
  std::uint64_t frames = 0;
  Micros error{};  ///< median
  Micros least{}, most{};
  Micros apart{};  ///< stamps less configured delays: how far the clocks have drifted apart, and the error;
                   ///< less Offset::own_zero
};

/// Errors by whole ticks (100/9 µs). What lies beyond the ends counts in the first and last.
struct Histogram {
  std::int64_t first_tick = 0;
  std::vector<std::uint64_t> counts;
};

/// How far a stream's stamps are from where its configuration puts them, relative to the reference stream.
/// "Error" is measured minus configured after taking out what the clocks have drifted apart since their
/// common zero.
struct Offset {
  DeviceDuration configured{};  ///< delay asked for
  Micros expected{};            ///< the same as units program it, in whole ticks, and own_zero
  Micros measured{};            ///< median
  Micros constant_error{};      ///< measured - expected, drawn back to the first pulse
  /// Of a unit without colour against one with it, or the other way round: how far its clock's zero is from
  /// the first pulse. Part of `expected`, for nothing tells how far it should be.
  std::optional<Micros> own_zero;
  Micros uncertainty{};   ///< of constant_error: noise, and drift between the first pulse and the first frame
  Micros p99{};           ///< of |error| over the frames
  Micros worst{};         ///< |error| of the worst frame that is on its pulse
  Micros jitter{};        ///< standard deviation around the slowly varying fit
  Micros worst_window{};  ///< largest |median residual| of a window of 1 s
  DeviceTime worst_window_at;  ///< reference time
  double drift_ppm = 0;        ///< of the unit's clock against the reference's
  double drift_sd_ppm = 0;
  std::uint64_t pairs = 0;  ///< frames compared
  std::vector<CourseWindow> course;
  Histogram histogram;
};

/// The first streams of two units against each other, as Offset has them.
struct PairOffset {
  std::size_t first = 0, second = 0;  ///< units; the figures are of the second after the first
  DeviceDuration configured{};
  Micros expected{}, measured{};
  Micros p99{}, worst{};     ///< of |error|
  std::uint64_t frames = 0;  ///< compared
};

struct StreamReport {
  Stream stream = Stream::color;
  std::uint64_t frames = 0;
  DeviceTime first, last;
  std::int64_t first_pulse = 0;  ///< pulse 0 is the one at the reference's device time zero
  std::int64_t last_pulse = 0;
  std::uint64_t missing = 0;  ///< between the first and last of the unit's streams
  std::vector<Gap> gaps;      ///< the first kMaxListed of them
  std::uint64_t duplicates = 0;
  std::uint64_t outliers = 0;
  std::uint64_t off_pulse = 0;
  std::uint64_t alone = 0;       ///< inside the common span, but some other unit has no frame of that pulse
  Micros own_jitter{};           ///< standard deviation around the stream's own regular course
  std::optional<Offset> offset;  ///< against the reference stream; absent for that itself
  std::optional<Offset> depth_minus_color;  ///< depth of units that have colour
};

inline constexpr std::size_t kMaxListed = 100;

struct UnitReport {
  UnitDescription description;
  bool reference = false;
  std::vector<StreamReport> streams;
  std::uint64_t before_common = 0;  ///< pulses of this unit before all units have begun
  std::uint64_t after_common = 0;   ///< and after the first has ended
  std::optional<DeviceDuration> least_exposure, most_exposure;  ///< of colour, as far as frames tell theirs
};

enum class Verdict : std::uint8_t { in_sync, not_in_sync, refused };
std::string_view to_string(Verdict verdict);

enum class SameTake : std::uint8_t { yes, no, unknown };
std::string_view to_string(SameTake same);

/// Pulses that every unit covers.
struct CommonSpan {
  std::int64_t first_pulse = 0;
  std::int64_t last_pulse = 0;
  DeviceTime from, to;              ///< on the reference's clock
  std::uint64_t complete_sets = 0;  ///< pulses of which every stream of every unit has a frame
};

struct Report {
  std::vector<UnitReport> units;
  std::size_t reference = 0;  ///< index of the unit that the others are measured against
  std::vector<Finding> findings;
  Verdict verdict = Verdict::not_in_sync;
  SameTake same_take = SameTake::unknown;
  std::optional<CommonSpan> common;
  std::vector<PairOffset> pairs;  ///< of all units that were compared; of a take that has ended
  Micros tolerance{};             ///< 110, 220, 660 µs at 30, 15, 5 fps
  Micros worst_window{};          ///< over all streams
  Micros worst_constant{};        ///< largest |constant error|
  bool simulated = false;         ///< at least one unit is
  bool compared = false;          ///< at least two units were measured against each other
};

/// What units are held to, the vendor's own acceptance (facts device.md 2.3).
Micros tolerance(FrameRate rate);

}  // namespace genlock::sync
