#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

// What every benchmark of recordings is made of: work in processes of its own, rounds that take turns, and
// one table.

namespace genlock::bench {

struct Settings {
  std::filesystem::path folder;  ///< on the disk to measure; files are removed again
  int rounds = 5;                ///< of each rival, taking turns
  double gigabytes = 3;          ///< written in one round of a throughput figure
  double seconds = 60;           ///< of figures that run in real time
};

/// What a child process did and used.
struct ChildResult {
  double seconds = 0;      ///< as the work measured it
  double cpu_seconds = 0;  ///< user and system, all threads
  double peak_mb = 0;      ///< resident memory, in 10^6 bytes
  std::vector<double> values;
};

/// What the work in a child gives back.
struct Work {
  double seconds = 0;
  std::vector<double> values;
};

/// Runs `work` in a child process, so that time and memory are its own. An error of it is this call's.
Result<ChildResult> in_child(const std::function<Result<Work>()>& work);

/// Waits until capture `number` of a take at 30 fps that began at `start` is due.
void wait_for_frame(HostTime start, std::size_t number);
void wait_until(HostTime due);

double median(std::vector<double> values);
/// The value that `share` (0 to 1) of the values do not exceed.
double percentile(std::vector<double> values, double share);

/// Rows of figure, what the peers reach, and what was wanted, as Markdown.
class Table {
 public:
  struct Row {
    std::string figure;
    std::string rival;  ///< the official library, in the same run
    std::string ours;
    std::string target;
    bool met = false;
  };

  void add(Row row);
  /// A line below the table.
  void note(std::string text);
  void print() const;

 private:
  std::vector<Row> rows_;
  std::vector<std::string> notes_;
};

/// Measures some figures and adds their rows.
using Subject = Status (*)(const Settings&, Table&);

// The subjects, one file each.
Status write_memory(const Settings& settings, Table& table);
Status write_speed(const Settings& settings, Table& table);
Status write_calls(const Settings& settings, Table& table);
Status write_many(const Settings& settings, Table& table);
Status read_speed(const Settings& settings, Table& table);
Status read_hour(const Settings& settings, Table& table);

}  // namespace genlock::bench
