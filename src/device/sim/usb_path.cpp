#include "device/sim/usb_path.h"

#include <algorithm>

#include "device/data_rates.h"
#include "device/sim/chance.h"

namespace genlock::device::sim {
namespace {

/// Status numbers of libusb transfers (facts device.md 3).
constexpr std::int32_t kNoDevice = 5, kOverflow = 6;

/// Of the MJPG frames that a full bus takes bytes from, the part that arrives damaged; the others do not
/// arrive. Unknown: people see both (#1409, #1354).
constexpr double kDamagedPart = 0.25;

}  // namespace

UsbPath::UsbPath(const BenchConfig& bench, const BenchState& state, std::size_t unit, const UnitLog& log)
    : bench_(bench),
      unit_(unit),
      log_(log),
      config_(state.units[unit].config),
      neighbours_(units_beside(bench, unit)),
      granted_(state.units[unit].transfers),
      depth_slots_(granted_.depth),
      share_(state.units[unit].start, bus_share(bench, state, unit)),
      depth_watch_(log, "depth", state.units[unit].start) {
  say_granted();
  if (depth_slots_ == 0) depth_ends_ = state.units[unit].start;
}

/// Depth and IMU transfers are submitted after the start has returned: nobody but the log learns of a
/// refusal.
void UsbPath::say_granted() const {
  const UsbTransfers wanted = wanted_transfers(config_);
  const auto say = [&](std::string_view stream, int granted, int asked) {
    if (granted == asked) return;
    log_.say(granted == 0 ? LogLevel::error : LogLevel::warning,
             "submitting {} transfers: errno 12 (ENOMEM), {} of {} accepted; the host's usbfs memory is too "
             "small (usbfs_memory_mb)",
             stream, granted, asked);
  };
  say("depth", granted_.depth, wanted.depth);
  say("color", granted_.color, wanted.color);
}

void UsbPath::on_event(const Event& event, const BenchState& after) {
  if (event.unit == unit_ || std::ranges::find(neighbours_, event.unit) != neighbours_.end())
    share_.set(event.time, bus_share(bench_, after, unit_));
  if (event.unit != unit_) return;
  if (takes_depth_away(event)) lose_transfers(event.time, depth_slots_, kNoDevice);
  if (cuts_off(event) || event.is(FaultKind::color_lost)) {
    color_ends_ = std::min(color_ends_, event.time);
  } else if (event.is(FaultKind::transfer_error) && event.streams.depth) {
    lose_transfers(event.time, event.count, event.knob);
  } else if (event.is(FaultKind::wrong_size) || event.is(FaultKind::corrupt_jpeg)) {
    hits_.add(event.failure, event.time, event.count);
  }
}

void UsbPath::lose_transfers(HostTime at, int count, std::int32_t status) {
  const int lost = std::min(count, depth_slots_);
  if (lost == 0) return;
  for (int i = 0; i < lost; ++i) {
    log_.say(LogLevel::error, "unexpected transfer status {:08x} on the depth endpoint", status);
    if (status != kOverflow) log_.say(LogLevel::error, "a depth transfer failed; it is not submitted again");
  }
  log_.say(LogLevel::info, "a raw depth image of zero length is discarded");
  depth_slots_ -= lost;
  if (depth_slots_ == 0) depth_ends_ = std::min(depth_ends_, at);
  hits_.add(FaultKind::transfer_error, at, lost);  // what they would have carried
}

bool UsbPath::pass(Frame& frame) {
  return frame.stream == FrameStream::color ? pass_color(frame) : pass_depth(frame);
}

bool UsbPath::pass_color(Frame& frame) {
  if (frame.delivery >= color_ends_) return false;
  if (hits_.take(FaultKind::corrupt_jpeg, frame.centre)) return damage(frame);
  if (chance(Chance::starved_color, frame) < share_.at(frame.centre).color) return true;
  if (chance(Chance::corrupt_color, frame) >= kDamagedPart) return false;
  return config_.color_format == PixelFormat::mjpg && damage(frame);
}

/// Bytes of an MJPG frame are gone. Nobody checks it unless it is decoded here, to BGRA.
bool UsbPath::damage(Frame& frame) {
  if (config_.color_format == PixelFormat::bgra32) {
    log_.say(LogLevel::warning, "MJPEG decode failed, dropping the color frame at {} us",
             count_us(api_time(frame.stamp)));
    return false;
  }
  if (config_.color_format == PixelFormat::mjpg) frame.damage = ColorDamage::corrupt;
  return true;
}

bool UsbPath::pass_depth(const Frame& frame) {
  if (frame.delivery >= depth_ends_) return false;
  depth_watch_.arrived(frame.delivery);
  if (hits_.take(FaultKind::transfer_error, frame.centre)) return false;
  const bool short_of_bus = chance(Chance::starved_depth, frame) >= share_.at(frame.centre).depth;
  if (!short_of_bus && !hits_.take(FaultKind::wrong_size, frame.centre)) return true;
  constexpr std::size_t kPacket = 1024;
  const std::size_t packets = raw_depth_bytes(config_.depth_mode) / kPacket;
  wrong_size(kPacket * (packets - 1 - frame.pulse % (packets / 2)));
  return false;
}

void UsbPath::wrong_size(std::size_t received) const {
  log_.say(LogLevel::info, "a raw depth image of invalid size is discarded: expected {}, received {} bytes",
           raw_depth_bytes(config_.depth_mode), received);
}

double UsbPath::chance(Chance what, const Frame& frame) const {
  return random_unit(random_bits(bench_.seed, what, unit_, frame.pulse));
}

void UsbPath::look(HostTime now) {
  if (config_.depth_on()) depth_watch_.look(std::min(now, depth_ends_));
}

}  // namespace genlock::device::sim
