#include "recording/capture_cursor.h"

#include <algorithm>

namespace genlock::recording {

CaptureCursor::CaptureCursor(ClusterSequence& clusters, const FileLayout& layout)
    : half_period_ns_(layout.frame_period_ns / 2), front_(clusters, layout), back_(clusters, layout) {}

void CaptureCursor::to_start() {
  front_.to_start();
  back_ = front_;
  run_.clear();
  at_ = 0;
}

void CaptureCursor::seek(std::int64_t sync_ns) {
  front_.seek(sync_ns);
  back_ = front_;
  const std::optional<FramePlace> next = front_.next();
  Frames run;
  if (next && back_.previous(next->sync_ns - half_period_ns_)) run = read_backward(back_);
  const Frames behind = read_forward(front_);
  run.insert(run.end(), behind.begin(), behind.end());
  run_ = divide(run);
  const auto at =
      std::ranges::find_if(run_, [&](const CapturePlaces& capture) { return capture.last_ns >= sync_ns; });
  at_ = static_cast<std::size_t>(at - run_.begin());
}

std::optional<CapturePlaces> CaptureCursor::forward() {
  if (at_ == run_.size()) {
    FrameMerge back = front_;
    std::vector<CapturePlaces> run = divide(read_forward(front_));
    if (run.empty()) return std::nullopt;
    back_ = std::move(back);
    run_ = std::move(run);
    at_ = 0;
  }
  return run_[at_++];
}

std::optional<CapturePlaces> CaptureCursor::backward() {
  if (at_ == 0) {
    FrameMerge front = back_;
    std::vector<CapturePlaces> run = divide(read_backward(back_));
    if (run.empty()) return std::nullopt;
    front_ = std::move(front);
    run_ = std::move(run);
    at_ = run_.size();
  }
  return run_[--at_];
}

CaptureCursor::Frames CaptureCursor::read_forward(FrameMerge& from) const {
  Frames run;
  while (run.size() < kLongestRun) {
    const auto frame = run.empty() ? from.next() : from.next(run.back().sync_ns + half_period_ns_);
    if (!frame) break;
    run.push_back(*frame);
    from.advance(*frame);
  }
  return run;
}

CaptureCursor::Frames CaptureCursor::read_backward(FrameMerge& from) const {
  Frames run;
  while (run.size() < kLongestRun) {
    const auto frame = run.empty() ? from.previous() : from.previous(run.back().sync_ns - half_period_ns_);
    if (!frame) break;
    run.push_back(*frame);
    from.retreat(*frame);
  }
  std::ranges::reverse(run);
  return run;
}

std::vector<CapturePlaces> CaptureCursor::divide(const Frames& run) const {
  std::vector<CapturePlaces> captures;
  std::vector<bool> used(run.size());
  for (std::size_t first = 0; first < run.size(); ++first) {
    if (used[first]) continue;
    CapturePlaces capture{{}, run[first].sync_ns, run[first].sync_ns};
    for (std::size_t i = first; i < run.size() && run[i].sync_ns - capture.first_ns < half_period_ns_; ++i) {
      std::optional<FramePlace>& place = capture.images[static_cast<std::size_t>(run[i].track)];
      if (used[i] || place) continue;
      place = run[i];
      used[i] = true;
      capture.last_ns = std::max(capture.last_ns, run[i].sync_ns);
    }
    captures.push_back(capture);
  }
  return captures;
}

}  // namespace genlock::recording
