#include "recording/capture_cursor.h"

#include <algorithm>

namespace genlock::recording {

CaptureCursor::CaptureCursor(ClusterSequence& clusters, const FileLayout& layout)
    : half_period_ns_(layout.frame_period_ns / 2),
      reach_ns_(kReach * half_period_ns_),
      front_(clusters, layout),
      back_(clusters, layout) {}

void CaptureCursor::to_start() {
  front_.to_start();
  back_ = front_;
  run_.clear();
  at_ = 0;
}

void CaptureCursor::seek(std::int64_t sync_ns) {
  front_.seek(sync_ns);
  back_ = front_;
  run_.clear();
  at_ = 0;
  const std::optional<FramePlace> next = front_.next();
  if (!next) return;
  std::size_t before = go_back(front_, *next);
  Frames run;
  while (true) {
    back_ = front_;
    run = read_forward(front_);
    if (run.size() > before) break;
    before -= run.size();
  }
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

/// The image less than half a period behind `frame`, or before it.
std::optional<FramePlace> CaptureCursor::following(FrameMerge& from, const FramePlace& frame) const {
  return from.next({frame.key.epoch, frame.key.sync_ns + half_period_ns_});
}
std::optional<FramePlace> CaptureCursor::preceding(FrameMerge& from, const FramePlace& frame) const {
  return from.previous({frame.key.epoch, frame.key.sync_ns - half_period_ns_});
}

/// The multiple of 2 reach_ns_ that is later than `after_ns` and not later than `upto_ns`, which are closer
/// than two of them.
std::optional<std::int64_t> CaptureCursor::multiple_between(std::int64_t after_ns,
                                                            std::int64_t upto_ns) const {
  const std::int64_t step = 2 * reach_ns_;
  const std::int64_t rest = (upto_ns % step + step) % step;
  return upto_ns - rest > after_ns ? std::optional(upto_ns - rest) : std::nullopt;
}

CaptureCursor::Frames CaptureCursor::read_forward(FrameMerge& from) const {
  Frames run;
  std::optional<Division> division;
  while (run.size() < kLongestRun) {
    const auto frame = run.empty() ? from.next() : following(from, run.back());
    if (!frame) break;
    if (!run.empty()) {
      const auto multiple = multiple_between(run.back().key.sync_ns, frame->key.sync_ns);
      if (multiple && *multiple - run.front().key.sync_ns >= reach_ns_)
        division = Division{*multiple, run.size(), from};
    }
    if (division && frame->key.sync_ns - division->at_ns >= reach_ns_) {
      from = std::move(division->merge);
      run.resize(division->frames);
      break;
    }
    run.push_back(*frame);
    from.advance(*frame);
  }
  return run;
}

CaptureCursor::Frames CaptureCursor::read_backward(FrameMerge& from) const {
  Frames run;
  std::optional<Division> division;
  while (run.size() < kLongestRun) {
    const auto frame = run.empty() ? from.previous() : preceding(from, run.back());
    if (!frame) break;
    if (!run.empty()) {
      const auto multiple = multiple_between(frame->key.sync_ns, run.back().key.sync_ns);
      if (multiple && run.front().key.sync_ns - *multiple >= reach_ns_)
        division = Division{*multiple, run.size(), from};
    }
    if (division && division->at_ns - frame->key.sync_ns >= reach_ns_) {
      from = std::move(division->merge);
      run.resize(division->frames);
      break;
    }
    run.push_back(*frame);
    from.retreat(*frame);
  }
  std::ranges::reverse(run);
  return run;
}

/// Goes from before `next` back to the start of its run, or so far that there is a place between where a run
/// ends; gives the number of images that it went over.
std::size_t CaptureCursor::go_back(FrameMerge& from, const FramePlace& next) const {
  std::size_t passed = 0;
  FramePlace first = next;
  while (passed < kLongestRun && next.key.sync_ns - first.key.sync_ns < 6 * reach_ns_) {
    const std::optional<FramePlace> frame = preceding(from, first);
    if (!frame) break;
    from.retreat(*frame);
    first = *frame;
    ++passed;
  }
  return passed;
}

std::vector<CapturePlaces> CaptureCursor::divide(const Frames& run) const {
  std::array<std::vector<const FramePlace*>, 3> tracks;
  for (const FramePlace& frame : run) tracks[static_cast<std::size_t>(frame.track)].push_back(&frame);
  std::array<std::size_t, 3> used{};
  std::vector<CapturePlaces> captures;
  for (std::size_t left = run.size(); left > 0;) {
    const auto head = [&](std::size_t track) {
      return used[track] < tracks[track].size() ? tracks[track][used[track]] : nullptr;
    };
    std::int64_t first_ns = kLastKey.sync_ns;
    for (std::size_t track = 0; track < 3; ++track)
      if (const FramePlace* frame = head(track)) first_ns = std::min(first_ns, frame->key.sync_ns);
    CapturePlaces capture{{}, first_ns, first_ns};
    for (std::size_t track = 0; track < 3; ++track) {
      const FramePlace* frame = head(track);
      if (frame == nullptr || frame->key.sync_ns - first_ns >= half_period_ns_) continue;
      capture.images[track] = *frame;
      capture.last_ns = std::max(capture.last_ns, frame->key.sync_ns);
      ++used[track];
      --left;
    }
    captures.push_back(capture);
  }
  return captures;
}

}  // namespace genlock::recording
