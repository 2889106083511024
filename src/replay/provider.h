#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "device/registry.h"
#include "recording/reader.h"

namespace genlock::replay {

enum class Pace {
  real_time,  ///< as a live unit: by the recorded stamps; of 7 captures or 833 samples not read, the oldest
              ///< go
  /// The next capture at once, whenever it is asked for; nothing is dropped. IMU samples come up to the stamp
  /// of the last capture taken, so that the streams stay together, and the rest once the captures have ended.
  as_fast_as_read,
};

struct Options {
  Pace pace = Pace::real_time;
  /// The time that the units live in. Outlives the provider and its devices.
  Clock* clock = &system_clock();
};

/// A recording to play: its name for people, and how to open it (called whenever a unit is opened).
struct Recording {
  std::string name;
  std::function<Result<std::unique_ptr<recording::Reader>>()> open;
};

/// A file, with the other parts where it is one of a split recording.
Recording recording_file(const std::filesystem::path& path);

/// Recordings as attached units, one each, in the order given. What differs from a live unit:
/// - Cameras start only with the recorded configuration (Errc::unsupported names the setting that differs);
///   synchronized_images_only and the streaming indicator are free, as no recording says them.
/// - Every start plays the recording from its beginning. At its end the next read says Errc::not_found.
/// - Versions that the file does not have are 0.0.0; jacks are as recorded, else as the recorded sync mode
/// needs them.
/// - Colour controls are kept while the unit is open; they change no picture.
/// - Host times are those of this replay, the host is this one.
/// - A unit is exclusive within this provider only.
class Provider final : public device::Provider {
 public:
  /// Reads every recording's head: Errc::corrupt and whatever opening gives, with the name in front.
  static Result<std::unique_ptr<Provider>> create(std::vector<Recording> recordings, Options options);
  ~Provider() override;

  std::string backend() const override { return "replay"; }
  std::string description() const override;
  Result<std::vector<device::UnitListing>> list() override;
  Result<std::unique_ptr<device::Device>> open(unsigned index) override;
  Clock& clock() override { return *options_.clock; }

  /// What the recording behind a unit says about itself, the configuration to start it with included. The
  /// index must exist.
  const recording::RecordingInfo& info(unsigned index) const;

 private:
  struct Unit;

  Provider(std::vector<std::unique_ptr<Unit>> units, Options options);

  const Options options_;
  const std::vector<std::unique_ptr<Unit>> units_;
};

}  // namespace genlock::replay
