#include "take/surveys.h"

#include <optional>

#include "base/mutex.h"
#include "base/parallel.h"

namespace genlock::take {
namespace {

std::uint64_t bytes_of(const UnitRecording& recording) {
  std::uint64_t bytes = 0;
  for (const std::filesystem::path& path : recording.reader->files()) {
    std::error_code error;
    const std::uint64_t own = std::filesystem::file_size(path, error);
    bytes += error ? 0 : own;
  }
  return bytes;
}

using Visit = std::function<void(std::size_t unit, recording::Survey survey)>;
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

/// Takes in what was found as it is found, so that no more surveys are held than threads work.
class Surveys {
 public:
  Surveys(const std::vector<UnitRecording>& recordings, const Visit& visit, const Progress& progress)
      : recordings_(recordings), visit_(visit), progress_(progress) {
    for (const UnitRecording& recording : recordings) total_ += bytes_of(recording);
  }

  void take(std::size_t unit) {
    if (status()) put(unit, survey(recordings_[unit]));
  }

  /// The first error.
  Status status() {
    const MutexLock lock(mutex_);
    return error_ ? Status(*error_) : Status();
  }

 private:
  void put(std::size_t unit, Result<recording::Survey> found) {
    const MutexLock lock(mutex_);
    if (!found) {
      if (!error_) error_ = found.error();
      return;
    }
    visit_(unit, *std::move(found));
    done_ += bytes_of(recordings_[unit]);
    if (progress_) progress_(done_, total_);
  }

  const std::vector<UnitRecording>& recordings_;
  const Visit& visit_;
  const Progress& progress_;
  std::uint64_t total_ = 0;
  Mutex mutex_;
  std::uint64_t done_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::optional<Error> error_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace

Status survey_all(const std::vector<UnitRecording>& recordings, const Visit& visit,
                  const Progress& progress) {
  Surveys surveys(recordings, visit, progress);
  for_each_index(recordings.size(), "survey", [&](std::size_t unit) { surveys.take(unit); });
  return surveys.status();
}

}  // namespace genlock::take
