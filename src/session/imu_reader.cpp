#include "session/imu_reader.h"

#include <algorithm>
#include <utility>

namespace genlock::session {
namespace {

constexpr HostDuration kPoll =
    std::chrono::milliseconds(100);  // how long a read waits before it looks around
constexpr std::size_t kBatches = 512;
constexpr std::size_t kBatch = 64;

}  // namespace

ImuReader::ImuReader(device::Device& unit, const std::string& name)
    : unit_(unit), thread_name_("imu-" + name), queue_(kBatches, WhenFull::refuse) {}

void ImuReader::start() {
  {
    MutexLock lock(mutex_);
    error_.clear();
  }
  thread_ = Thread(thread_name_, [this] { read(); });
}

void ImuReader::read() {
  while (!ending_) {
    std::vector<ImuSample> batch(kBatch);
    const auto count = unit_.read_imu(batch, kPoll);
    if (!count) return fail(count.error());
    if (*count == 0) continue;
    batch.resize(*count);
    if (!queue_.push(std::move(batch))) refused_ += *count;
  }
}

void ImuReader::fail(const Error& error) {
  MutexLock lock(mutex_);
  if (!ending_ && error.code() != Errc::not_found) error_ = error.message();
}

std::uint64_t ImuReader::take_lost() {
  const std::uint64_t in_unit = unit_.counters().backend.imu_samples_dropped.value_or(0);
  return refused_.exchange(0) + in_unit - std::min(in_unit, std::exchange(lost_in_unit_, in_unit));
}

std::string ImuReader::error() const {
  MutexLock lock(mutex_);
  return error_;
}

}  // namespace genlock::session
