#pragma once

#include <algorithm>

#include "base/bytes.h"
#include "recording/check.h"

namespace genlock::recording {

/// A source whose reader is told how far it has come, by the bytes it has read, and can be stopped: every
/// read fails from then on, with Errc::state. So nothing that reads for long needs to know of it. Other than
/// other sources for one thread.
class WatchedSource final : public ByteSource {
 public:
  /// The work is `passes` times over the file. The references must outlive this.
  WatchedSource(const ByteSource& source, const Progress& progress, std::uint64_t passes)
      : source_(source),
        progress_(progress),
        total_(passes * source.size()),
        step_(std::min(source.size() / 100, kLongestSilence)) {}

  /// The next time over the file begins.
  void next_pass() {
    ++pass_;
    done_ = pass_ * source_.size();
  }

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    // Some bytes are read more than once.
    done_ = std::min(done_ + out.size(), (pass_ + 1) * source_.size());
    unasked_ += out.size();
    if (progress_ && !stopped_ && unasked_ > step_) {
      unasked_ = 0;
      stopped_ = !progress_(done_, total_);
    }
    if (stopped_) return Error(Errc::state, "stopped");
    return source_.read_at(offset, out);
  }
  std::uint64_t size() const override { return source_.size(); }

 private:
  static constexpr std::uint64_t kLongestSilence = std::uint64_t{1} << 26;  // bytes read without asking

  const ByteSource& source_;
  const Progress& progress_;
  const std::uint64_t total_;
  const std::uint64_t step_;
  std::uint64_t pass_ = 0;
  mutable std::uint64_t done_ = 0;
  mutable std::uint64_t unasked_ = 0;  ///< bytes read since the last question
  mutable bool stopped_ = false;
};

}  // namespace genlock::recording
