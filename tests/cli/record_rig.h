#pragma once

#include <fstream>
#include <iterator>

#include "cli/recorder_process.h"
#include "recording/reader.h"
#include "take/take_file.h"

namespace genlock::test {

inline const std::vector<std::string> kUnits{"master", "sub1", "sub2"};

inline const std::string kRig = R"(
[camera]
color_resolution = "720P"
depth_mode = "NFOV_2X2BINNED"
rate = 30
[[unit]]
name = "master"
serial = "900001400101"
[[unit]]
name = "sub1"
serial = "900002300102"
[[unit]]
name = "sub2"
serial = "900003200103"
)";

/// genlock record RIG.toml on the bench of three.
class RecordRig : public RecorderProcess {
 protected:
  void SetUp() override {
    make_bench(4);
    write_rig("");
  }

  void write_rig(const std::string& settings) { std::ofstream(folder_ / "studio.toml") << settings << kRig; }

  std::unique_ptr<Process> record(std::vector<std::string> words) {
    words.insert(words.begin(), {"genlock", "record", "studio.toml", "--buffer", "512"});
    return start("", std::move(words));
  }

  take::Take take(const std::string& name) {
    const auto loaded = take::load_take(folder_ / name);
    EXPECT_TRUE(loaded) << loaded.error().message();
    return loaded ? *loaded : take::Take{};
  }

  /// Pulses of the colour images of a file, in the order of the file.
  std::vector<std::int64_t> pulses(const std::string& file) {
    const auto reader = recording::Reader::open_recording(folder_ / file);
    EXPECT_TRUE(reader) << reader.error().message();
    std::vector<std::int64_t> pulses;
    const auto survey = (*reader)->survey();
    for (const recording::FrameEntry& frame : survey->frames)
      if (frame.track == recording::TrackKind::color) pulses.push_back(frame.pulse.value_or(-1));
    return pulses;
  }

  std::vector<std::int64_t> all_pulses(const take::Take& of) {
    std::vector<std::int64_t> pulses;
    for (std::int64_t pulse = *of.first_pulse; pulse <= *of.last_pulse; ++pulse) pulses.push_back(pulse);
    return pulses;
  }

  std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(folder_ / file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

}  // namespace genlock::test
