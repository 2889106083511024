#include "cli/bench_watch.h"

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <map>

#include "base/clock.h"
#include "base/mutex.h"
#include "cli/bench_picture.h"
#include "cli/bench_text.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/stop_signals.h"
#include "cli/units.h"

namespace genlock::cli {
namespace {

using device::sim::Bench;

constexpr HostDuration kRedraw = std::chrono::milliseconds(200);
constexpr int kLooksPerJson = 5;  ///< an object a second even if nothing but counters changes

/// Set by a signal, waited for between two looks.
class Stop {
 public:
  void set() {
    MutexLock lock(mutex_);
    stopped_ = true;
    condition_.notify_all();
  }
  bool wait(HostDuration time) {
    const HostTime deadline = system_clock().now() + time;
    MutexLock lock(mutex_);
    while (!stopped_ && system_clock().now() < deadline) system_clock().wait(condition_, mutex_, deadline);
    return stopped_;
  }

 private:
  Mutex mutex_;
  CondVar condition_;
  bool stopped_ GENLOCK_GUARDED_BY(mutex_) = false;
};

/// The other screen of a terminal, without a cursor; the first one comes back at the end.
class Screen {
 public:
  Screen() { put_out("\x1b[?1049h\x1b[?25l"); }
  ~Screen() { put_out("\x1b[?25h\x1b[?1049l"); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  void draw(const std::vector<std::string>& lines) const {
    std::string text = "\x1b[H";
    for (std::size_t i = 0; i < lines.size(); ++i) text += (i > 0 ? "\r\n" : "") + lines[i] + "\x1b[K";
    put_out(text + "\x1b[J");
  }
};

PictureSize terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

void watch_on_terminal(Bench& bench, Stop& stop) {
  const Screen screen;
  do screen.draw(bench_picture(bench.config(), bench.status(), terminal_size()));
  while (!stop.wait(kRedraw));
}

void watch_as_lines(Bench& bench, Stop& stop) {
  std::map<std::string, std::string> said;
  do {
    const auto status = bench.status();
    for (const auto& unit : status.units) {
      const std::string line = unit_line(unit);
      if (said[unit.name] != line) put_out(line + "\n");
      said[unit.name] = line;
    }
  } while (!stop.wait(kRedraw));
}

void watch_as_json(Bench& bench, Stop& stop) {
  std::string said;
  int looks = 0;
  do {
    const auto status = bench.status();
    std::string state;
    for (const auto& unit : status.units) state += unit_line(unit);
    if (state != said || ++looks >= kLooksPerJson) {
      put_out(bench_json(bench.config(), status).dump() + "\n");
      looks = 0;
    }
    said = state;
  } while (!stop.wait(kRedraw));
}

void print_once(Bench& bench, bool json) {
  const auto status = bench.status();
  if (json) return put_out(bench_json(bench.config(), status).dump() + "\n");
  const std::size_t all = status.units.size() + bench.config().cables.size() + 8;
  for (const std::string& line :
       bench_picture(bench.config(), status, {.columns = terminal_size().columns, .rows = 2 * all}))
    put_out(line + "\n");
}

Status watch(const BenchRequest& request) {
  Stop stop;
  const StopSignals signals([&](int) { stop.set(); });
  GENLOCK_ASSIGN(auto options, chosen_bench(request.bench));
  options.host.clear();  // the whole bench, whichever host one looks from
  GENLOCK_ASSIGN(const auto bench, Bench::open(options));
  if (request.once) {
    print_once(*bench, request.json);
  } else if (request.json) {
    watch_as_json(*bench, stop);
  } else if (isatty(STDOUT_FILENO) != 0) {
    watch_on_terminal(*bench, stop);
  } else {
    watch_as_lines(*bench, stop);
  }
  return {};
}

}  // namespace

int bench_watch(const BenchRequest& request) {
  const Status status = watch(request);
  if (status) return kDone;
  return fail_as("genlock bench watch", status.error());
}

}  // namespace genlock::cli
