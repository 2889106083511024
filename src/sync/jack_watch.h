#pragma once

#include <optional>
#include <vector>

#include "base/capture.h"

namespace genlock::sync {

/// A time without a plug.
struct Unplugged {
  DeviceTime from;
  std::optional<DeviceTime> until;
};

/// Follows one jack by what the unit says of it, in order of time.
class JackWatch {
 public:
  /// `must_have_been_in`: a jack that never had a plug lost none.
  JackWatch(std::optional<bool> SyncJacks::*jack, bool must_have_been_in)
      : jack_(jack), was_in_(!must_have_been_in) {}

  /// Whether the plug is gone with this observation.
  bool add(const JackObservation& observed);

  const std::vector<Unplugged>& unplugged() const { return unplugged_; }

 private:
  std::optional<bool> SyncJacks::*jack_;
  bool was_in_;  // since the plug was last missed
  std::vector<Unplugged> unplugged_;
};

}  // namespace genlock::sync
