#include "device/sim/fault_kinds.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

namespace genlock::device::sim {
namespace {

constexpr Streams kNone{};
constexpr Streams kImages{.color = true, .depth = true};
constexpr Streams kAll{.color = true, .depth = true, .imu = true};
constexpr Streams kDepth{.depth = true};
constexpr Streams kUnderDepthController{.depth = true, .imu = true};
constexpr FaultKnob kNoKnob{};
constexpr bool kLasts = true, kOnce = false, kCounts = true, kNoCount = false;

/// Bounds of the knobs: status numbers of libusb transfers, codes of the depth engine and of the
/// microcontroller as in facts device.md 3; 20 looks of 500 ms at a booting unit as well.
constexpr FaultTraits kTable[] = {
    {FaultKind::drop, "drop", kOnce, kImages, kImages, kCounts, kNoKnob, "frames are lost"},
    {FaultKind::stall, "stall", kLasts, kAll, kImages, kNoCount, kNoKnob, "streams deliver nothing"},
    {FaultKind::cable, "cable", kLasts, kNone, kNone, kNoCount, kNoKnob, "the sync cable is out of a jack"},
    {FaultKind::unplug, "unplug", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "the unit has no power and no USB"},
    {FaultKind::refuse_open, "refuse_open", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "opening the unit fails"},
    {FaultKind::wrong_size, "wrong_size", kOnce, kDepth, kDepth, kCounts, kNoKnob,
     "depth frames arrive with bytes missing"},
    {FaultKind::transfer_error,
     "transfer_error",
     kOnce,
     kUnderDepthController,
     kDepth,
     kCounts,
     {"status", 1, 6, 1},
     "USB transfers fail and are not submitted again"},
    {FaultKind::suspend, "suspend", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "the host slept; off is the unit's replug"},
    {FaultKind::color_lost, "color_lost", kOnce, kNone, kNone, kNoCount, kNoKnob,
     "the colour camera falls silent until the cameras are started anew"},
    {FaultKind::bus_load,
     "bus_load",
     kLasts,
     kNone,
     kNone,
     kNoCount,
     {"mb_per_s", 1, 10'000, 200},
     "another device takes that much of the host's USB"},
    {FaultKind::permission, "permission", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "this user may not open the unit"},
    {FaultKind::busy, "busy", kLasts, kNone, kNone, kNoCount, kNoKnob, "another program has the unit"},
    {FaultKind::slow_boot,
     "slow_boot",
     kLasts,
     kNone,
     kNone,
     kNoCount,
     {"ms", 1, 60'000, 3000},
     "the unit answers so long after it is opened"},
    {FaultKind::engine_missing, "engine_missing", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "the host has no depth engine"},
    {FaultKind::no_display, "no_display", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "the depth engine finds no display"},
    {FaultKind::no_opengl, "no_opengl", kLasts, kNone, kNone, kNoCount, kNoKnob,
     "the depth engine finds no OpenGL 4.4"},
    {FaultKind::engine_error,
     "engine_error",
     kOnce,
     kNone,
     kNone,
     kCounts,
     {"code", 1, 301, 3},
     "the depth engine fails on a frame"},
    {FaultKind::slow_gpu,
     "slow_gpu",
     kLasts,
     kNone,
     kNone,
     kNoCount,
     {"ms", 1, 10'000, 50},
     "the depth engine takes that long for a frame"},
    {FaultKind::corrupt_jpeg, "corrupt_jpeg", kOnce, kNone, kNone, kCounts, kNoKnob,
     "bytes of MJPG frames are lost"},
    {FaultKind::no_memory, "no_memory", kOnce, kNone, kNone, kNoCount, kNoKnob,
     "the host has no memory for a frame"},
    {FaultKind::refuse_command,
     "refuse_command",
     kLasts,
     kNone,
     kNone,
     kNoCount,
     {"status", 1, 0x487, 0x63},
     "the unit's microcontroller refuses commands"},
    {FaultKind::brown_out, "brown_out", kLasts, kUnderDepthController, kUnderDepthController, kNoCount,
     kNoKnob, "too little power: the depth side is gone"},
    {FaultKind::usb2, "usb2", kLasts, kNone, kNone, kNoCount, kNoKnob, "the unit falls back to USB 2"},
    {FaultKind::stamp_jump,
     "stamp_jump",
     kOnce,
     kNone,
     kNone,
     kNoCount,
     {"us", -1'000'000'000, 1'000'000'000, -5'000'000},
     "the unit's counter jumps"},
};
static_assert(std::size(kTable) == kFaultKinds);
static_assert([] {
  for (std::size_t i = 0; i < kFaultKinds; ++i)
    if (static_cast<std::size_t>(kTable[i].kind) != i) return false;
  return true;
}());

}  // namespace

std::span<const FaultTraits> fault_table() {
  return kTable;
}

const FaultTraits& traits(FaultKind kind) {
  return kTable[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> fault_kind_from(std::string_view name) {
  const auto* found = std::ranges::find(kTable, name, &FaultTraits::name);
  return found == std::end(kTable) ? std::nullopt : std::optional(found->kind);
}

std::string_view to_string(Jack jack) {
  return jack == Jack::in ? "in" : "out";
}

std::string_view to_string(FaultKind kind) {
  return traits(kind).name;
}

std::string to_string(const Streams& streams) {
  std::vector<std::string_view> names;
  if (streams.color) names.emplace_back("color");
  if (streams.depth) names.emplace_back("depth");
  if (streams.imu) names.emplace_back("imu");
  return fmt::format("{}", fmt::join(names, ","));
}

std::optional<Streams> streams_from(std::string_view text) {
  Streams streams;
  while (!text.empty()) {
    const std::string_view name = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), name.size() + 1));
    if (name != "color" && name != "depth" && name != "imu") return std::nullopt;
    (name == "color" ? streams.color : name == "depth" ? streams.depth : streams.imu) = true;
  }
  return streams.none() ? std::nullopt : std::optional(streams);
}

bool within(const Streams& inner, const Streams& outer) {
  return (outer.color || !inner.color) && (outer.depth || !inner.depth) && (outer.imu || !inner.imu);
}

}  // namespace genlock::device::sim
