#include "cli/record_rig.h"

#include <fmt/core.h>
#include <signal.h>

#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/mutex.h"
#include "cli/exit_code.h"
#include "cli/key_presses.h"
#include "cli/output.h"
#include "cli/rig_world.h"
#include "cli/stop_signals.h"
#include "cli/take_checksums.h"
#include "cli/take_console.h"
#include "cli/take_preflight.h"
#include "cli/verify_report.h"
#include "rig/take_folder.h"

namespace genlock::cli {
namespace {

namespace fs = std::filesystem;

constexpr HostDuration kRehearsal = std::chrono::seconds(5);

int fail(const std::string& what) {
  put_err(fmt::format("genlock record: {}\n", what));
  return kFailed;
}

Status write_file(const fs::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out << text << std::flush;
  if (out.good()) return {};
  return Error(Errc::io, fmt::format("writing {} failed", file.string()));
}

/// A folder for one rehearsal, on the disk that takes go to.
Result<fs::path> make_rehearsal_folder(const fs::path& takes) {
  std::string name = (takes / ".rehearsal-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return error_from_errno(errno, "making a folder in " + takes.string());
  return fs::path(name);
}

Result<fs::path> make_folder(const RecordRigRequest& request, const rig::TakeSettings& settings) {
  if (request.rehearse) return make_rehearsal_folder(settings.folder);
  return request.take.empty() ? rig::make_numbered_take(settings.folder, settings.name)
                              : rig::make_named_take(settings.folder, request.take);
}

Status copy_rig_file(const fs::path& from, const fs::path& folder) {
  std::ifstream in(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return write_file(folder / take::kRigFile, text);
}

rig::TakeOrder order_of(const RecordRigRequest& request, const Preflight& ready, const fs::path& folder) {
  const rig::TakeSettings& settings = ready.plan.rig.take;
  rig::TakeOrder order{.folder = folder,
                       .length = {},
                       .on_fault = settings.on_fault,
                       .pre_roll = settings.pre_roll,
                       .forced = ready.forced};
  if (request.rehearse) order.length = kRehearsal;
  if (request.length_s) order.length = HostDuration(std::llround(*request.length_s * 1e9));
  return order;
}

std::string report_text(const rig::RecordedTake& recorded) {
  return recorded.report ? verify_text(*recorded.report) : recorded.report.error().message() + "\n";
}

/// Takes stop signals from before there is a recorder until after it is gone.
class StopRelay {
 public:
  void stop() {
    MutexLock lock(mutex_);
    ++stops_;
    if (recorder_ != nullptr) recorder_->stop();
  }

  /// Null: there is none any more.
  void lead_to(rig::TakeRecorder* recorder) {
    MutexLock lock(mutex_);
    recorder_ = recorder;
    for (int i = 0; i < stops_ && recorder != nullptr; ++i) recorder->stop();
  }

  /// How often a stop was asked for.
  int stops() {
    MutexLock lock(mutex_);
    return stops_;
  }

 private:
  Mutex mutex_;
  int stops_ GENLOCK_GUARDED_BY(mutex_) = 0;
  rig::TakeRecorder* recorder_ GENLOCK_GUARDED_BY(mutex_) = nullptr;
};

/// What is recorded, and where.
struct Work {
  const RecordRigRequest& request;
  const Preflight& ready;
  const fs::path& folder;
};

Result<rig::RecordedTake> record(const Work& work, const RigWorld& world, TakeConsole& console,
                                 StopRelay& stops) {
  rig::TakeRecorder recorder(
      work.ready.plan, order_of(work.request, work.ready, work.folder), world.make,
      [&console](const rig::TakeEvent& event) { console.on_event(event); }, *world.clock);
  stops.lead_to(&recorder);
  auto keys = std::make_unique<KeyPresses>([&recorder](char key) {
    if (key == 'm') static_cast<void>(recorder.mark("").has_value());
  });
  auto recorded = recorder.record();
  keys.reset();
  stops.lead_to(nullptr);
  return recorded;
}

/// Records, and says what to do with it.
Result<rig::RecordedTake> record_and_tell(const Work& work, const RigWorld& world, StopRelay& stops) {
  TakeConsole console(work.ready.plan.rig, work.folder, work.request.json);
  auto recorded = record(work, world, console, stops);
  if (!recorded) {
    console.failed(recorded.error());
    return recorded;
  }
  const std::string report = report_text(*recorded);
  if (work.request.rehearse) {
    console.rehearsed(report, recorded->take);
    return recorded;
  }
  if (const Status written = write_file(work.folder / "report.txt", report); !written)
    console.failed(written.error());
  console.verdict(recorded->take);
  return recorded;
}

int record_take(const Work& work, const RigWorld& world, StopRelay& stops) {
  const auto recorded = record_and_tell(work, world, stops);
  if (!recorded) return kFailed;
  const bool keep = recorded->take.advice == "KEEP";
  if (work.request.rehearse || !work.request.checksums || !work.ready.plan.rig.take.checksums)
    return keep ? kDone : kFailed;
  const int before = stops.stops();
  const Status sums =
      add_checksums(work.folder, recorded->take, [&](std::uint64_t) { return stops.stops() == before; });
  if (!sums) return fail(sums.error().message());
  return keep ? kDone : kFailed;
}

/// A take that never began leaves nothing behind, and neither does a rehearsal.
void clean_up(const RecordRigRequest& request, const fs::path& folder) {
  const auto take = take::load_take(folder);
  std::error_code ignored;
  if (request.rehearse || (take && !take->first_pulse)) fs::remove_all(folder, ignored);
}

}  // namespace

bool is_about_rig(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const bool bench = i > 0 && words[i - 1] == "--bench";
    if (words[i].ends_with(".toml") && !words[i].starts_with("-") && !bench) return true;
  }
  return false;
}

int record_rig(const RecordRigRequest& request) {
  signal(SIGPIPE, SIG_IGN);  // a reader of our output that goes away must not cost the recordings
  StopRelay stops;
  const StopSignals signals([&stops](int) { stops.stop(); });  // before a libk4a makes threads
  const auto ready = preflight(request);
  if (!ready) return fail(ready.error().message());
  const auto world = rig_world(request, ready->plan.rig.take.isolation);
  if (!world) return fail(world.error().message());
  const auto folder = make_folder(request, ready->plan.rig.take);
  if (!folder) return fail(folder.error().message());
  if (const Status copied = copy_rig_file(request.rig, *folder); !copied)
    return fail(copied.error().message());
  const int code = record_take({request, *ready, *folder}, *world, stops);
  clean_up(request, *folder);
  return code;
}

}  // namespace genlock::cli
