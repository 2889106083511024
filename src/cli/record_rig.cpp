#include "cli/record_rig.h"

#include <fmt/core.h>
#include <signal.h>

#include <cmath>
#include <fstream>
#include <iterator>

#include "base/mutex.h"
#include "cli/exit_code.h"
#include "cli/key_presses.h"
#include "cli/output.h"
#include "cli/plan_rig.h"
#include "cli/stop_signals.h"
#include "cli/take_console.h"
#include "cli/unit_process.h"
#include "cli/verify_report.h"
#include "rig/take_folder.h"
#include "session/process_session.h"
#include "session/unit_session.h"

namespace genlock::cli {
namespace {

namespace fs = std::filesystem;

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

/// The plan of the rig file; without one that holds only when forced.
Result<rig::Plan> plan_of(const RecordRigRequest& request) {
  GENLOCK_ASSIGN(rig::Rig rig, rig::load_rig(request.rig));
  if (request.folder) rig.take.folder = *request.folder;
  if (request.isolation) rig.take.isolation = *request.isolation;
  if (rig.take.name.empty()) rig.take.name = rig.name;
  GENLOCK_ASSIGN(rig::Plan plan, rig::make_plan(std::move(rig)));
  if (plan.feasible() || request.force) return plan;
  std::string why = "the plan does not hold:";
  for (const rig::PlanFinding& finding : plan.findings)
    if (finding.severity == rig::Severity::error) why += "\n  " + finding.text;
  return Error(Errc::invalid, why + "\n`genlock plan` shows it; --force records all the same");
}

Result<fs::path> make_folder(const RecordRigRequest& request, const rig::TakeSettings& settings) {
  return request.take.empty() ? rig::make_numbered_take(settings.folder, settings.name)
                              : rig::make_named_take(settings.folder, request.take);
}

Status copy_rig_file(const fs::path& from, const fs::path& folder) {
  std::ifstream in(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return write_file(folder / take::kRigFile, text);
}

/// Where the units are, and who makes their sessions.
struct World {
  rig::SessionMaker make;
  Clock* clock = nullptr;
  std::unique_ptr<device::Provider> units;  ///< of sessions in this process
};

World isolated_world(const RecordRigRequest& request) {
  const auto make = [&request](std::size_t, const rig::RigUnit& unit,
                               session::EventSink sink) -> Result<std::unique_ptr<session::Session>> {
    const UnitProcessRequest process{request.units, unit.name, request.buffer_mb};
    GENLOCK_ASSIGN(auto session, session::ProcessSession::start(
                                     {.command = unit_process_command(process), .name = unit.name}, sink));
    return std::unique_ptr<session::Session>(std::move(session));
  };
  return {.make = make, .clock = &system_clock(), .units = nullptr};
}

Result<World> world_of(const RecordRigRequest& request, rig::Isolation isolation) {
  if (isolation == rig::Isolation::process) return isolated_world(request);
  GENLOCK_ASSIGN(auto units, choose_units(request.units));
  const auto make = [&request, provider = units.get()](
                        std::size_t, const rig::RigUnit& unit,
                        session::EventSink sink) -> Result<std::unique_ptr<session::Session>> {
    return std::unique_ptr<session::Session>(std::make_unique<session::UnitSession>(
        *provider, sink,
        session::SessionOptions{.name = unit.name, .max_queued_bytes = request.buffer_mb * 1'000'000}));
  };
  return World{.make = make, .clock = &units->clock(), .units = std::move(units)};
}

rig::TakeOrder order_of(const RecordRigRequest& request, const rig::Plan& plan, const fs::path& folder) {
  rig::TakeOrder order{.folder = folder,
                       .length = {},
                       .on_fault = plan.rig.take.on_fault,
                       .pre_roll = plan.rig.take.pre_roll,
                       .forced = request.force && !plan.feasible()};
  if (request.length_s) order.length = HostDuration(std::llround(*request.length_s * 1e9));
  return order;
}

void write_report(const fs::path& folder, const rig::RecordedTake& recorded) {
  const std::string text =
      recorded.report ? verify_text(*recorded.report) : recorded.report.error().message() + "\n";
  if (const Status written = write_file(folder / "report.txt", text); !written)
    fail(written.error().message());
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

 private:
  Mutex mutex_;
  int stops_ GENLOCK_GUARDED_BY(mutex_) = 0;
  rig::TakeRecorder* recorder_ GENLOCK_GUARDED_BY(mutex_) = nullptr;
};

int record_take(const RecordRigRequest& request, const rig::Plan& plan, World& world, const fs::path& folder,
                StopRelay& stops) {
  TakeConsole console(plan.rig, folder, request.json);
  rig::TakeRecorder recorder(
      plan, order_of(request, plan, folder), world.make,
      [&console](const rig::TakeEvent& event) { console.on_event(event); }, *world.clock);
  stops.lead_to(&recorder);
  auto keys = std::make_unique<KeyPresses>([&recorder](char key) {
    if (key == 'm') static_cast<void>(recorder.mark("").has_value());
  });
  const auto recorded = recorder.record();
  keys.reset();
  stops.lead_to(nullptr);
  if (!recorded) {
    console.failed(recorded.error());
    return kFailed;
  }
  write_report(folder, *recorded);
  console.verdict(recorded->take);
  return recorded->take.advice == "KEEP" ? kDone : kFailed;
}

/// A take that never began leaves nothing behind.
void remove_unless_begun(const fs::path& folder) {
  const auto take = take::load_take(folder);
  std::error_code ignored;
  if (take && !take->first_pulse) fs::remove_all(folder, ignored);
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
  const auto plan = plan_of(request);
  if (!plan) return fail(plan.error().message());
  auto world = world_of(request, plan->rig.take.isolation);
  if (!world) return fail(world.error().message());
  const auto folder = make_folder(request, plan->rig.take);
  if (!folder) return fail(folder.error().message());
  if (const Status copied = copy_rig_file(request.rig, *folder); !copied)
    return fail(copied.error().message());
  const int code = record_take(request, *plan, *world, *folder, stops);
  remove_unless_begun(*folder);
  return code;
}

}  // namespace genlock::cli
