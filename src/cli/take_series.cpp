#include "cli/take_series.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/armed_log.h"
#include "cli/exit_code.h"
#include "cli/key_presses.h"
#include "cli/output.h"
#include "cli/take_checksums.h"
#include "cli/take_console.h"
#include "cli/verify_report.h"
#include "rig/take_folder.h"
#include "rig/unit_wait.h"

namespace genlock::cli {
namespace {

namespace fs = std::filesystem;

constexpr HostDuration kRehearsal = std::chrono::seconds(5);
constexpr std::size_t kMostTakes = 50;  // of one series
constexpr HostDuration kPatience =
    std::chrono::minutes(10);      // for units that are missing, or cannot be armed
constexpr int kMostDoublings = 5;  // of the pause of a second between tries

Error told(const Error& error) {
  fail("genlock record", error.message());
  return error;
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

Status copy_rig_file(const fs::path& from, const fs::path& folder) {
  std::ifstream in(from, std::ios::binary);
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return write_file(folder / take::kRigFile, text);
}

std::string report_text(const rig::RecordedTake& recorded) {
  return recorded.report ? verify_text(*recorded.report) : recorded.report.error().message() + "\n";
}

/// A take that never began leaves nothing behind.
void remove_unless_begun(const fs::path& folder) {
  const auto take = take::load_take(folder);
  std::error_code ignored;
  if (take && !take->first_pulse) fs::remove_all(folder, ignored);
}

}  // namespace

TakeSeries::TakeSeries(const RecordRigRequest& request, const Preflight& ready, const RigWorld& world,
                       StopRelay& stops)
    : request_(request), ready_(ready), world_(world), stops_(stops) {
  if (ready.plan.rig.length) left_ = *ready.plan.rig.length;
  if (request.rehearse) left_ = kRehearsal;
  if (request.length_s) left_ = HostDuration(std::llround(*request.length_s * 1e9));
}

int TakeSeries::run() {
  HostTime first_failure;
  for (int failures = 0;;) {
    const auto recorded = record_next();
    if (!recorded && made_.empty()) return kFailed;
    failures = recorded ? 0 : failures + 1;
    if (failures == 1) first_failure = world_.clock->now();
    if (!wants_more(recorded)) return finish();
    const bool in_vain = failures > 0 && world_.clock->now() - first_failure > kPatience;
    if (in_vain || made_.size() == kMostTakes) {
      told(Error(Errc::state, "the rest is given up: see what stands in the way, then record again"));
      return finish();
    }
    if (const Status there = await_units(failures); !there) {
      told(there.error());
      return finish();
    }
  }
}

/// The next number, after the first also of a take that was given a name.
Result<fs::path> TakeSeries::make_folder() const {
  const rig::TakeSettings& settings = ready_.plan.rig.take;
  if (request_.rehearse) return make_rehearsal_folder(settings.folder);
  if (!request_.take.empty() && made_.empty()) return rig::make_named_take(settings.folder, request_.take);
  return rig::make_numbered_take(settings.folder, request_.take.empty() ? settings.name : request_.take);
}

rig::TakeOrder TakeSeries::order(const fs::path& folder) const {
  const rig::TakeSettings& settings = ready_.plan.rig.take;
  return {.folder = folder,
          .length = left_,
          .on_fault = settings.on_fault,
          .pre_roll = settings.pre_roll,
          .forced = ready_.forced()};
}

Error TakeSeries::nothing_recorded(const Error& error) const {
  if (request_.json) put_out(failure_json(error));
  return told(error);
}

Result<rig::RecordedTake> TakeSeries::record_next() {
  const auto folder = make_folder();
  if (!folder) return nothing_recorded(folder.error());
  if (const Status copied = copy_rig_file(request_.rig, *folder); !copied)
    return nothing_recorded(copied.error());
  auto recorded = record_and_tell(order(*folder));
  if (!recorded) remove_unless_begun(*folder);
  if (!recorded) return recorded;
  made_.push_back({*folder, recorded->take});
  spend(recorded->take);
  return recorded;
}

Result<rig::RecordedTake> TakeSeries::record(const rig::TakeOrder& order, TakeConsole& console) {
  ArmedLog log(world_.log);
  const auto on_event = [&](const rig::TakeEvent& event) {
    if (const auto* told = std::get_if<rig::UnitTold>(&event)) log.on_event(told->unit, told->event);
    console.on_event(event);
  };
  rig::TakeRecorder recorder(ready_.plan, order, world_.make, on_event, *world_.clock);
  stops_.lead_to([&recorder] { recorder.stop(); });
  auto keys = std::make_unique<KeyPresses>([&recorder](char key) {
    if (key == 'm') static_cast<void>(recorder.mark("").has_value());
  });
  auto recorded = recorder.record();
  keys.reset();
  stops_.lead_to({});
  return recorded;
}

/// Records, and says what to do with it.
Result<rig::RecordedTake> TakeSeries::record_and_tell(const rig::TakeOrder& order) {
  TakeConsole console(ready_.plan.rig, order.folder, request_.json);
  world_.log->lead_to([&console](const std::string& line) { console.log(line); });
  auto recorded = record(order, console);
  world_.log->lead_to({});
  if (!recorded) {
    console.failed(recorded.error());
    return recorded;
  }
  const std::string forced = ready_.forced() ? "forced, although:" + ready_.although + "\n" : "";
  const std::string report = report_text(*recorded) + forced;
  if (request_.rehearse) {
    console.rehearsed(report, recorded->take);
    return recorded;
  }
  if (const Status written = write_file(order.folder / "report.txt", report); !written)
    console.failed(written.error());
  console.verdict(recorded->take, forced);
  return recorded;
}

void TakeSeries::spend(const take::Take& take) {
  if (!left_ || !take.first_pulse || !take.last_pulse) return;
  const std::int64_t frames = std::max<std::int64_t>(0, *take.last_pulse - *take.first_pulse + 1);
  *left_ -= HostDuration((frames * 1'000'000'000 + fps(take.rate) - 1) / fps(take.rate));
}

bool TakeSeries::wants_more(const Result<rig::RecordedTake>& recorded) {
  if (ready_.plan.rig.take.on_fault != rig::OnFault::rearm || request_.rehearse || stops_.stops() > 0)
    return false;
  if (recorded && !recorded->ended_by_fault) return false;
  const HostDuration frame = std::chrono::nanoseconds(std::chrono::seconds(1)) / fps(ready_.plan.rig.rate());
  return !left_ || *left_ >= frame;
}

Status TakeSeries::await_units(int failed_in_a_row) {
  const bool by_generator = ready_.plan.rig.wiring == rig::Wiring::trigger;
  if (!request_.json)
    put_out(fmt::format("Waiting until all units can be armed again{}...\n",
                        by_generator ? ": stop the generator until they are" : ""));
  rig::UnitWait wait(ready_.plan, world_.make, *world_.clock);
  stops_.lead_to([&wait] { wait.stop(); });
  const HostDuration pause =
      std::chrono::seconds(failed_in_a_row == 0 ? 0 : 1 << std::min(failed_in_a_row, kMostDoublings));
  const Status there = wait.run(pause, kPatience);
  stops_.lead_to({});
  if (!there) return there;
  if (request_.json)
    put_out(rearming_json(left_));
  else
    put_out(left_ ? fmt::format("Arming again for the rest, {:.1f} s\n",
                                std::chrono::duration<double>(*left_).count())
                  : "Arming again, until Ctrl-C\n");
  return {};
}

/// Checksums come last, so that nothing waits for them; a stop skips what is left.
int TakeSeries::finish() {
  bool keep = true;
  const int before = stops_.stops();
  for (const Made& made : made_) {
    keep = keep && made.take.kept();
    std::error_code ignored;
    if (request_.rehearse) fs::remove_all(made.folder, ignored);
    if (request_.rehearse || !request_.checksums || !ready_.plan.rig.take.checksums) continue;
    const Status sums =
        add_checksums(made.folder, made.take, [&](std::uint64_t) { return stops_.stops() == before; });
    if (!sums) keep = (static_cast<void>(told(sums.error())), false);
  }
  return keep ? kDone : kFailed;
}

}  // namespace genlock::cli
