#include "recording/writer.h"

#include <algorithm>
#include <deque>
#include <functional>

#include "base/thread.h"
#include "recording/part_files.h"
#include "recording/split_guide.h"
#include "recording/write_queue.h"

namespace genlock::recording {
namespace {

/// Real time between syncs: what a power cut can lose besides the hold-back.
constexpr HostDuration kSyncInterval = std::chrono::seconds(1);

/// Between looks at what is under way to the disk, when nothing else is to do.
constexpr HostDuration kPollInterval = std::chrono::milliseconds(20);

}  // namespace

struct Writer::Impl {
  Impl(PartFiles parts, FileWriter file, const RecordingInfo& info, const WriterOptions& options)
      : queue_(info, options),
        parts_(std::move(parts)),
        split_(options.split, info.config),
        file_(std::move(file)) {
    queue_.written({}, bytes_on_disk(), file_.write_method());
    thread_ = Thread("mkv " + options.name, [this] { run(); });
  }

  WriteQueue& queue() { return queue_; }
  Status close();

 private:
  // On the thread.
  void run();
  Status write_batch(WriteQueue::Batch& batch);
  Status write_windows(std::vector<Window>& windows, bool to_end);
  Status write_window(Window window, bool last);
  Status bring_to_disk(const WriteQueue::Batch& batch);
  GapLog not_in_file();
  void fail(const Error& error);
  bool split_before(const Window& window);
  Status begin_next_part();
  Status link_part_before();
  void drop_empty_part();
  std::uint64_t bytes_on_disk() const { return finished_bytes_ + file_.file_bytes(); }
  HostTime sync_deadline() const { return unsynced_since_ ? *unsynced_since_ + kSyncInterval : kNoDeadline; }
  HostTime wake_time() const;
  Status sync_when_due();

  /// Frames of a window that may not be in the file yet.
  struct Unsettled {
    std::uint64_t end = ~std::uint64_t{0};  ///< they are when the file is known up to here
    GapLog frames;
  };

  WriteQueue queue_;

  // The thread's own.
  PartFiles parts_;
  SplitGuide split_;
  FileWriter file_;
  std::optional<FileWriter> before_;  ///< the finished part before, until this one has frames
  std::deque<Unsettled> unsettled_;   ///< of the present part
  bool under_way_ = false;
  std::uint64_t finished_bytes_ = 0;  ///< of the parts before
  std::optional<HostTime> unsynced_since_;

  Mutex joining_;
  Thread thread_ GENLOCK_GUARDED_BY(joining_);
};

Status Writer::Impl::close() {
  queue_.close();
  {
    MutexLock lock(joining_);
    thread_.join();
  }
  return queue_.status();
}

bool Writer::Impl::split_before(const Window& window) {
  return window.has_frames() && split_.split_before(window, file_.end(), file_.start_offset());
}

Status Writer::Impl::begin_next_part() {
  GENLOCK_TRY(file_.finish());
  GENLOCK_TRY(link_part_before());
  unsettled_.clear();
  GENLOCK_ASSIGN(FileWriter next, parts_.begin_next());
  finished_bytes_ += file_.file_bytes();
  before_ = std::exchange(file_, std::move(next));
  unsynced_since_.reset();
  return {};
}

/// Only once this part has a cluster on the disk, so that no part leads to one that has no frames.
Status Writer::Impl::link_part_before() {
  if (!before_ || !file_.has_clusters()) return {};
  const Status linked = before_->link_next(file_.identity().uid);
  before_.reset();
  queue_.part_begun();
  return linked;
}

/// The recording then ends with the part before.
void Writer::Impl::drop_empty_part() {
  (void)link_part_before();
  if (!before_) return;
  file_ = *std::exchange(before_, std::nullopt);
  finished_bytes_ -= file_.file_bytes();
  parts_.drop_last();
}

Status Writer::Impl::write_window(Window window, bool last) {
  if (split_before(window)) GENLOCK_TRY(begin_next_part());
  const std::uint64_t before = file_.end();
  GENLOCK_TRY(last ? file_.add_last(std::move(window)) : file_.add(std::move(window)));
  if (file_.end() == before) return {};
  if (!unsynced_since_) unsynced_since_ = system_clock().now();
  return {};
}

/// `to_end`: nothing follows for now.
Status Writer::Impl::write_windows(std::vector<Window>& windows, bool to_end) {
  // Records that come after the last frames go with them.
  const auto last = std::find_if(windows.rbegin(), windows.rend(), std::mem_fn(&Window::has_frames)).base();
  if (to_end && last != windows.begin()) std::rotate(last - 1, last, windows.end());
  Status status;
  for (Window& window : windows) {
    Unsettled added{.frames = loss_of({&window, 1})};
    const bool ends = to_end && &window == &windows.back() && window.has_frames();
    if (status) status = write_window(std::move(window), ends);
    if (status) added.end = file_.end();
    unsettled_.push_back(std::move(added));
  }
  windows.clear();
  return status;
}

Status Writer::Impl::write_batch(WriteQueue::Batch& batch) {
  file_.note(batch.gaps);
  Status status = write_windows(batch.windows, batch.last || batch.flush);
  if (status) {
    queue_.written(batch, bytes_on_disk(), file_.write_method());
    status = bring_to_disk(batch);
  }
  if (!status) {
    fail(status.error());
  } else if (batch.flush) {
    queue_.flushed(*batch.flush);
  }
  return status;
}

Status Writer::Impl::bring_to_disk(const WriteQueue::Batch& batch) {
  if (batch.flush || batch.last) {
    unsynced_since_.reset();
    GENLOCK_TRY(batch.flush ? file_.complete() : file_.sync());
  } else {
    if (!batch.more) GENLOCK_TRY(file_.send());
    GENLOCK_TRY(sync_when_due());
  }
  GENLOCK_ASSIGN(under_way_, file_.poll());
  GENLOCK_TRY(link_part_before());
  while (!unsettled_.empty() && unsettled_.front().end <= file_.file_bytes()) unsettled_.pop_front();
  return {};
}

Status Writer::Impl::sync_when_due() {
  if (!unsynced_since_ || system_clock().now() < sync_deadline()) return {};
  unsynced_since_.reset();
  return file_.start_sync();
}

HostTime Writer::Impl::wake_time() const {
  return under_way_ ? std::min(sync_deadline(), system_clock().now() + kPollInterval) : sync_deadline();
}

/// What was taken and has not got to the disk, once and for all.
GapLog Writer::Impl::not_in_file() {
  GapLog lost;
  for (Unsettled& window : unsettled_) {
    if (window.end <= file_.file_bytes()) continue;
    for (const Gap& gap : window.frames.gaps()) lost.add(gap);
  }
  unsettled_.clear();
  return lost;
}

void Writer::Impl::fail(const Error& error) {
  file_.note(queue_.fail(error, not_in_file()));
}

void Writer::Impl::run() {
  stay_in_background();
  for (bool go_on = true; go_on;) {
    WriteQueue::Batch batch = queue_.next(wake_time());
    go_on = write_batch(batch) && !batch.last;
  }
  drop_empty_part();
  if (const Status finished = file_.finish(); !finished) fail(finished.error());
  queue_.stopped(bytes_on_disk());
}

Result<std::unique_ptr<Writer>> Writer::create(std::unique_ptr<ByteSink> sink, const RecordingInfo& info,
                                               WriterOptions options) {
  PartFiles parts(info, options);
  Result<FileWriter> file = parts.begin(std::move(sink));
  if (!file) return file.error().context(options.name);
  return std::unique_ptr<Writer>(
      new Writer(std::make_unique<Impl>(std::move(parts), *std::move(file), info, options)));
}

Writer::Writer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Writer::~Writer() {
  (void)impl_->close();
}

Status Writer::write(const Capture& capture) {
  Status first;
  const auto add = [&](TrackKind track, const std::optional<Image>& image) {
    if (!image) return;
    const Status status = impl_->queue().add(track, *image, capture.temperature_c);
    if (first && !status) first = status;
  };
  add(TrackKind::color, capture.color);
  add(TrackKind::depth, capture.depth);
  add(TrackKind::ir, capture.ir);
  return first;
}

Status Writer::write(std::span<const ImuSample> samples) {
  Status first;
  for (const ImuSample& sample : samples) {
    const Status status = impl_->queue().add(sample);
    if (first && !status) first = status;
  }
  return first;
}

Status Writer::write(const HostPair& pair) {
  return impl_->queue().add(pair);
}
Status Writer::write(const JackObservation& jacks) {
  return impl_->queue().add(jacks);
}
Status Writer::write(std::string_view custom_track, DeviceTime time, Buffer data) {
  return impl_->queue().add(custom_track, time, std::move(data));
}
Status Writer::flush() {
  return impl_->queue().flush();
}
bool Writer::wait_for_room(std::size_t bytes, HostTime deadline) {
  return impl_->queue().wait_for_room(bytes, deadline);
}
Status Writer::close() {
  return impl_->close();
}
WriterCounters Writer::counters() const {
  return impl_->queue().counters();
}

}  // namespace genlock::recording
