#pragma once

#include <memory>

#include "cli/log_relay.h"
#include "cli/record_rig.h"
#include "device/registry.h"
#include "rig/rig_sessions.h"

namespace genlock::cli {

/// Where a rig's units are, and who makes their sessions.
struct RigWorld {
  std::unique_ptr<device::Provider> units;  ///< of sessions in this process; outlives them
  rig::SessionMaker make;
  std::shared_ptr<LogRelay> log;  ///< takes the lines of this process and the units' own
  Clock* clock = nullptr;         ///< of this process, which the units' own may differ from
};

/// `request` outlives what comes.
Result<RigWorld> rig_world(const RecordRigRequest& request, rig::Isolation isolation);

}  // namespace genlock::cli
