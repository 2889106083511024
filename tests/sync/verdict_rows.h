#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "support/stamp_generator.h"

namespace genlock::test {

enum class Clocks { both, free, disciplined };

/// A take and what must be said of it, with the finding that names what is wrong.
struct VerdictRow {
  const char* name;
  std::function<void(std::vector<StampPlan>&)> change;  ///< of a take in order: master, sub1, sub2
  sync::Verdict verdict = sync::Verdict::in_sync;
  std::optional<sync::Code> finding = {};
  Clocks clocks = Clocks::both;  ///< of the subordinates
};

/// Judges every row, with free and with disciplined clocks unless it says otherwise.
void check(const std::vector<VerdictRow>& rows);

/// Host times: all of one host, or each of a host of its own.
void give_hosts(std::vector<StampPlan>& take);
void give_one_host_each(std::vector<StampPlan>& take);

void set_rate(std::vector<StampPlan>& take, FrameRate rate);
void last_minutes(std::vector<StampPlan>& take, int minutes);
void record_no_pictures(StampPlan& plan);

}  // namespace genlock::test
