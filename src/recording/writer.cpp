#include "recording/writer.h"

#include "base/thread.h"
#include "recording/part_files.h"
#include "recording/split_guide.h"
#include "recording/write_queue.h"

namespace genlock::recording {
namespace {

/// Real time between syncs: what a power cut can lose besides the hold-back.
constexpr HostDuration kSyncInterval = std::chrono::seconds(1);

}  // namespace

struct Writer::Impl {
  Impl(PartFiles parts, FileWriter file, const RecordingInfo& info, const WriterOptions& options)
      : queue_(info, options),
        parts_(std::move(parts)),
        split_(options.split, info.config),
        file_(std::move(file)) {
    queue_.written({}, bytes_on_disk());
    thread_ = Thread("mkv " + options.name, [this] { run(); });
  }

  WriteQueue& queue() { return queue_; }
  Status close();

 private:
  // On the thread.
  void run();
  Status write_batch(WriteQueue::Batch& batch);
  Status write_windows(std::vector<Window>& windows, GapLog& loss);
  bool split_before(const Window& window);
  Status begin_next_part();
  std::uint64_t bytes_on_disk() const { return finished_bytes_ + file_.file_bytes(); }
  HostTime sync_deadline() const { return unsynced_since_ ? *unsynced_since_ + kSyncInterval : kNoDeadline; }
  Status sync_when_due();

  WriteQueue queue_;

  // The thread's own.
  PartFiles parts_;
  SplitGuide split_;
  FileWriter file_;
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
  return window.has_frames() &&
         split_.split_before(window, file_.file_bytes() + file_.staged_bytes(), file_.start_offset());
}

/// After the present part has been finished.
Status Writer::Impl::begin_next_part() {
  GENLOCK_ASSIGN(FileWriter next, parts_.begin_next());
  GENLOCK_TRY(file_.link_next(next.identity().uid));
  finished_bytes_ += file_.file_bytes();
  file_ = std::move(next);
  unsynced_since_.reset();
  queue_.part_begun();
  return {};
}

/// `loss`: what is not in a file if this fails.
Status Writer::Impl::write_windows(std::vector<Window>& windows, GapLog& loss) {
  loss = loss_of(windows);
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (split_before(windows[i])) {
      GENLOCK_TRY(file_.finish());
      loss = loss_of(std::span(windows).subspan(i));
      GENLOCK_TRY(begin_next_part());
    }
    file_.add(std::move(windows[i]));
  }
  windows.clear();
  const bool anything = file_.staged_bytes() > 0;
  GENLOCK_TRY(file_.flush());
  if (anything && !unsynced_since_) unsynced_since_ = system_clock().now();
  return {};
}

Status Writer::Impl::write_batch(WriteQueue::Batch& batch) {
  GapLog loss;
  file_.note(batch.gaps);
  if (const Status written = write_windows(batch.windows, loss); !written) {
    file_.note(queue_.fail(written.error(), loss));
    return written;
  }
  queue_.written(batch, bytes_on_disk());
  Status status = batch.flush ? file_.complete() : sync_when_due();
  if (batch.flush) unsynced_since_.reset();
  if (!status) file_.note(queue_.fail(status.error(), {}));
  if (status && batch.flush) queue_.flushed(*batch.flush);
  return status;
}

Status Writer::Impl::sync_when_due() {
  if (!unsynced_since_ || system_clock().now() < sync_deadline()) return {};
  unsynced_since_.reset();
  return file_.sync();
}

void Writer::Impl::run() {
  for (bool go_on = true; go_on;) {
    WriteQueue::Batch batch = queue_.next(sync_deadline());
    go_on = write_batch(batch) && !batch.last;
  }
  if (const Status finished = file_.finish(); !finished) (void)queue_.fail(finished.error(), {});
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
