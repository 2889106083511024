#pragma once

#include <string>
#include <vector>

// The figures of real units, beside what units of the bench show through the ordinary device interface. Every
// measurement is a test of the program bench_facts_test, and a row of docs/bench-facts.md.

namespace genlock::facts {

/// A figure, measured: a row of the table.
struct Fact {
  std::string fact;    ///< what is measured
  std::string source;  ///< "facts device.md 2.1 [M #1240]"
  std::string real;    ///< what real units show
  std::string bench;   ///< what the bench was just seen to show
};

struct FactCheck {
  std::string name;  ///< of the test; letters and digits
  /// Measures on a bench of its own, and expects the number to lie within the real one's range.
  Fact (*measure)();
};
using FactList = std::vector<FactCheck>;

// One list for each topic, in a file of its own.
FactList start_facts();
FactList timing_facts();
FactList sync_facts();
FactList state_facts();
FactList host_facts();
FactList imu_facts();
FactList laser_facts();
FactList image_facts();

struct Topic {
  std::string title;
  FactList facts;
};
std::vector<Topic> topics();

/// The row of a check, measured once in this process.
const Fact& measured(const FactCheck& check);

/// The whole table as Markdown.
std::string document();

}  // namespace genlock::facts
