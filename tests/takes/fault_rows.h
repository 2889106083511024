#pragma once

#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "takes/take_run.h"

// What can befall a take on the bench, and what is expected of it then.

namespace genlock::test {

/// One row. Texts are regular expressions of the whole.
struct Fault {
  std::string name;   ///< as docs/bench-faults.md calls it, where it is one of those
  std::string words;  ///< of `genlock bench set`; or what `act` does
  std::string told;   ///< the first line about it; empty: none comes
  int within = 0;     ///< pulses after the fault in which it has to come
  std::string advice;
  std::string held;
  bool in_sync = true;  ///< what verify says
  bool in_ci = false;
  std::optional<std::size_t> cut = {};   ///< the unit whose file nobody closes
  std::optional<std::size_t> back = {};  ///< the unit that comes back and goes on in an unaligned file
  bool again = false;  ///< the rig is armed again for the rest of the length, which is kept then
  std::function<Strike(TakeRun&)> act = {};
  std::function<void(Stage&)> set = {};
  double seconds = 6;
  HostDuration after =
      std::chrono::milliseconds(2200);  ///< from the order to begin to the fault; the take begins after 1000
};

void PrintTo(const Fault& fault, std::ostream* out);

/// All rows of the table, in its order. Units are master, sub1 and sub2, in a chain unless the row sets the
/// stage otherwise.
std::vector<Fault> fault_rows();

}  // namespace genlock::test
