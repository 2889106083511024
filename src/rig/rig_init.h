#pragma once

#include <string>

#include "device/registry.h"
#include "rig/host.h"

namespace genlock::rig {

/// A rig file made from what is attached.
struct RigDraft {
  std::string text;       ///< commented TOML that load_rig takes, and whose plan holds where `holds`
  std::size_t units = 0;  ///< that take part
  std::size_t left = 0;   ///< attached ones that stand in comments, with the reason
  bool holds = true;      ///< the plan of the text
};

/// Asks every attached unit, one after the other. Errc::not_found where none can take part.
Result<RigDraft> draft_rig(device::Provider& provider, const Host& host);

}  // namespace genlock::rig
