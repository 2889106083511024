#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace genlock::test {

inline constexpr const char* kWaiting = "[subordinate mode] Waiting for signal from master";

/// The real programs, in processes of their own, on a bench of their own that runs faster than time.
class RecorderProcess : public testing::Test {
 protected:
  void SetUp() override { make_bench(8); }

  /// The bench that `genlock bench init` writes, at another speed, with lines added to sub1. Its time waits
  /// for readers, so that a loaded machine costs no frame; it does not wait for processes that are yet to
  /// start.
  void make_bench(int speed, const std::string& sub1_lines = "");

  /// The same with a clock that waits for nobody and runs as real time does.
  void make_running_bench();

  static std::string program(const std::string& name) { return std::string(GENLOCK_PROGRAMS) + "/" + name; }
  std::filesystem::path bench_file() const { return folder_ / "bench.toml"; }
  std::filesystem::path state_directory() const { return folder_ / "state"; }

  /// A command as typed on a host of the bench; an empty host sees every unit.
  std::unique_ptr<Process> start(const std::string& host, std::vector<std::string> command,
                                 bool terminal = false);

  /// k4arecorder with small images, and room for those of a fast bench while a loaded machine's disk stands
  /// still.
  std::unique_ptr<Process> record(const std::string& host, std::vector<std::string> words);

  nlohmann::json info(const std::string& file);

  /// Frames of the image tracks, in their order in the file.
  std::vector<std::uint64_t> frames(const std::string& file);

  int verify(std::vector<std::string> files, std::string& said);
  void bench_set(std::vector<std::string> words);

  /// Names of all files but the bench's.
  std::vector<std::string> files_in_folder();

  TemporaryFolder folder_;
};

}  // namespace genlock::test
