#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "cli/rig_world.h"
#include "cli/stop_relay.h"
#include "cli/take_preflight.h"
#include "rig/take_recorder.h"

namespace genlock::cli {

class TakeConsole;

/// The takes of one `genlock record RIG`: one, or, where on_fault is "rearm", a further one for the rest of
/// the length after each that a fault ended. One thread; stops are for any.
class TakeSeries {
 public:
  /// What is given outlives it.
  TakeSeries(const RecordRigRequest& request, const Preflight& ready, const RigWorld& world,
             StopRelay& stops);

  /// Records, says what comes of it, and adds checksums in the end. kDone when every take can be kept.
  int run();

 private:
  struct Made {
    std::filesystem::path folder;
    take::Take take;
  };
  Result<std::filesystem::path> make_folder() const;
  rig::TakeOrder order(const std::filesystem::path& folder) const;
  Error nothing_recorded(const Error& error) const;
  Result<rig::RecordedTake> record_next();
  Result<rig::RecordedTake> record(const rig::TakeOrder& order, TakeConsole& console);
  Result<rig::RecordedTake> record_and_tell(const rig::TakeOrder& order);
  void spend(const take::Take& take);
  bool wants_more(const Result<rig::RecordedTake>& recorded);
  Status await_units(int failed_in_a_row);
  int finish();

  const RecordRigRequest& request_;
  const Preflight& ready_;
  const RigWorld& world_;
  StopRelay& stops_;
  std::optional<HostDuration> left_;  ///< of the length; absent: until it is stopped
  std::vector<Made> made_;
};

}  // namespace genlock::cli
