#include "take/surveys.h"

#include <fmt/core.h>

#include <algorithm>
#include <thread>

#include "base/mutex.h"
#include "base/thread.h"

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

/// Hands recordings out to threads and takes in what they found, so that no more surveys are held than
/// threads work.
class Surveys {
 public:
  Surveys(const std::vector<UnitRecording>& recordings, const Visit& visit, const Progress& progress)
      : recordings_(recordings), visit_(visit), progress_(progress) {
    for (const UnitRecording& recording : recordings) total_ += bytes_of(recording);
  }

  void work() {
    while (const std::optional<std::size_t> unit = next()) put(*unit, survey(recordings_[*unit]));
  }

  /// Once no thread works any more.
  Status status() {
    const MutexLock lock(mutex_);
    return error_ ? Status(*error_) : Status();
  }

 private:
  std::optional<std::size_t> next() {
    const MutexLock lock(mutex_);
    if (error_ || next_ == recordings_.size()) return std::nullopt;
    return next_++;
  }

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
  std::size_t next_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::uint64_t done_ GENLOCK_GUARDED_BY(mutex_) = 0;
  std::optional<Error> error_ GENLOCK_GUARDED_BY(mutex_);
};

}  // namespace

Status survey_all(const std::vector<UnitRecording>& recordings, const Visit& visit,
                  const Progress& progress) {
  Surveys surveys(recordings, visit, progress);
  const std::size_t threads =
      std::min<std::size_t>(recordings.size(), std::max(1U, std::thread::hardware_concurrency()));
  {
    std::vector<Thread> others;
    for (std::size_t i = 1; i < threads; ++i)
      others.emplace_back(fmt::format("survey {}", i), [&surveys] { surveys.work(); });
    surveys.work();
  }
  return surveys.status();
}

}  // namespace genlock::take
