#include "takes/take_run.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <fstream>

#include "base/clock.h"
#include "device/sim/shared_bench.h"

namespace genlock::test {
namespace {

namespace fs = std::filesystem;
namespace sim = device::sim;

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
}

std::shared_ptr<sim::Bench> open_the_bench(const fs::path& home) {
  auto bench = sim::Bench::open({.bench = home / "bench.toml", .state_directory = home / "state"});
  EXPECT_TRUE(bench) << bench.error().message();
  return *bench;
}

}  // namespace

TakeRun::TakeRun(Stage stage) : stage_(std::move(stage)), takes_(home_.path()) {
  write(home_ / "bench.toml", bench_text(stage_));
  write(home_ / "rig.toml", rig_text(stage_));
  bench_ = open_the_bench(home_.path());
}

std::unique_ptr<Process> TakeRun::start(std::vector<std::string> command) {
  return std::make_unique<Process>(command,
                                   Process::Options{.environment = {{"GENLOCK_BENCH", home_ / "bench.toml"},
                                                                    {"GENLOCK_STATE_DIR", home_ / "state"}},
                                                    .directory = home_.path()});
}

void TakeRun::record(double seconds, std::vector<std::string> words, const std::string& before,
                     const fs::path& takes) {
  if (!takes.empty()) takes_ = takes;
  std::vector<std::string> command{"/bin/sh", "-c", (before.empty() ? ":" : before) + "; exec \"$0\" \"$@\"",
                                   std::string(GENLOCK_PROGRAMS) + "/genlock"};
  command.insert(command.end(), {"record", home_ / "rig.toml", "--take", "take", "--folder", takes_.string(),
                                 "--no-checksums"});
  if (seconds > 0) command.insert(command.end(), {"-l", std::to_string(seconds)});
  command.insert(command.end(), words.begin(), words.end());
  recorder_ = start(std::move(command));
}

bool TakeRun::begins() {
  return begins_from(0);
}

bool TakeRun::begins_from(std::size_t said) {
  if (stage_.wired == Wired::trigger) {
    if (!recorder_->wait_for("the generator may start", said)) return false;
    strike({"trigger", "on"});
  }
  return recorder_->wait_for("Recording from pulse", said);
}

bool TakeRun::begins_again(const std::vector<std::string>& replug) {
  const std::size_t said = output().size();
  if (!recorder_->wait_for("Waiting until all units can be armed again", said)) return false;
  if (stage_.wired == Wired::trigger) strike({"trigger", "off"});
  strike(replug);
  return begins_from(said);
}

void TakeRun::pass(HostDuration time) {
  Clock& clock = bench_->clock();
  const HostTime until = clock.now() + time;
  Mutex mutex;
  CondVar never;
  MutexLock lock(mutex);
  while (clock.now() < until) clock.wait(never, mutex, until);
}

Strike TakeRun::now() {
  return {bench_->clock().now(), bench_->clock().wall_now()};
}

Strike TakeRun::strike(const std::vector<std::string>& words) {
  const auto command = sim::parse_bench_command(words);
  EXPECT_TRUE(command) << command.error().message();
  const Strike struck = now();
  const Status done = bench_->apply(*command);
  EXPECT_TRUE(done) << done.error().message();
  return struck;
}

Strike TakeRun::set_exposure(std::size_t unit, std::int32_t us) {
  sim::SharedBench::Lock lock(bench_->shared());
  const Strike struck = now();
  lock.append({.time = struck.bench,
               .kind = sim::EventKind::control,
               .unit = static_cast<std::uint8_t>(unit),
               .control = device::ColorControl::exposure_us,
               .value = {device::ControlMode::manual, us}});
  return struck;
}

std::vector<sim::Event> TakeRun::drops() {
  const sim::SharedBench::Lock lock(bench_->shared());
  std::vector<sim::Event> found;
  for (std::uint64_t i = 0; i < lock.sequence(); ++i)
    if (const sim::Event* event = lock.event(i); event != nullptr && event->kind == sim::EventKind::drop)
      found.push_back(*event);
  return found;
}

void TakeRun::signal_unit(std::size_t unit, int number) {
  const sim::BenchStatus seen = bench_->status();
  ASSERT_GT(seen.units.at(unit).open_by, 0) << "no process has " << unit_name(stage_, unit);
  ASSERT_EQ(::kill(seen.units[unit].open_by, number), 0);
}

void TakeRun::wait_for_units() {
  const auto in_use = [](const sim::UnitStatus& unit) {
    return unit.open_by != 0 && ::kill(unit.open_by, 0) == 0;
  };
  while (std::ranges::any_of(status().units, in_use)) pass(std::chrono::milliseconds(20));
}

int TakeRun::wait() {
  return recorder_->wait();
}

int TakeRun::genlock(std::vector<std::string> words, std::string& said) {
  words.insert(words.begin(), std::string(GENLOCK_PROGRAMS) + "/genlock");
  const auto process = start(std::move(words));
  const int code = process->wait();
  said = process->output();
  return code;
}

take::Take TakeRun::take(const fs::path& folder) const {
  const auto loaded = take::load_take(folder);
  EXPECT_TRUE(loaded) << loaded.error().message() << "\n" << output();
  return loaded ? *loaded : take::Take{};
}

}  // namespace genlock::test
