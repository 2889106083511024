#include "cli/begin_recording.h"

#include "device/device.h"

namespace genlock::cli {
namespace {

session::SetControls wanted_controls(const RecorderOptions& options) {
  session::SetControls set;
  const auto manual = [&set](device::ColorControl control, std::int64_t value) {
    set.settings.push_back({control, {device::ControlMode::manual, static_cast<std::int32_t>(value)}});
  };
  if (options.exposure) manual(device::ColorControl::exposure_us, count_us(*options.exposure));
  if (options.gain) manual(device::ColorControl::gain, *options.gain);
  return set;
}

}  // namespace

Status begin_recording(session::Session& session, const RecorderOptions& options) {
  GENLOCK_TRY(session.execute(session::OpenUnit{options.device, options.serial}));
  GENLOCK_TRY(session.execute(wanted_controls(options)));
  GENLOCK_TRY(session.execute(session::Configure{options.camera, options.imu}));
  GENLOCK_TRY(session.execute(session::Record{.file = options.file,
                                              .overwrite = options.force,
                                              .from = {},
                                              .length = options.length,
                                              .until = {},
                                              .split_bytes = options.split_bytes,
                                              .split_length = options.split_length,
                                              .cluster_crc = options.cluster_crc}));
  return device::explain_standalone(session.execute(session::Start{}), "--external-sync standalone");
}

}  // namespace genlock::cli
