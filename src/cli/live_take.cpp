#include "cli/live_take.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "cli/text.h"

namespace genlock::cli {
namespace {

constexpr std::size_t kPoints = 5;  // progress comes twice a second

}  // namespace

/// One overload an event.
struct LiveTake::Told {
  LiveTake& live;
  std::size_t unit = 0;

  Unit& of() const { return live.units_[unit]; }

  void operator()(const rig::UnitTold& e) const { std::visit(Told{live, e.unit}, e.event); }
  void operator()(const rig::UnitRefused& e) const { live.units_[e.unit].state = "refused"; }
  void operator()(const rig::Armed& e) const { live.units_[e.unit].state = "armed"; }
  void operator()(const rig::TakeBegins& e) const {
    live.first_ = e.first;
    live.last_ = e.last;
  }
  void operator()(const rig::TakeEnds& e) const { live.last_ = e.last; }
  void operator()(const rig::Offsets& e) const {
    for (const sync::LiveOffset& offset : e.units) live.units_[offset.unit].offset = offset.error;
  }
  void operator()(const session::Opened&) const { of().state = "open"; }
  void operator()(const session::Started&) const { of().state = "started"; }
  void operator()(const session::Streaming&) const { of().state = "streams"; }
  void operator()(const session::RecordingStarted&) const {
    of().state = of().lost ? "unaligned" : "records";
  }
  void operator()(const session::Progress& e) const { live.add_progress(of(), e); }
  void operator()(const session::RecordingEnded& e) const {
    of().lost = of().lost || !e.error.empty();
    of().state = e.error.empty() ? "ended" : "LOST";
    if (of().lost) of().points.clear();
  }
  template <class Other>
  void operator()(const Other&) const {}
};

LiveTake::LiveTake(const rig::Rig& rig) : rig_(rig), units_(rig.units.size()) {}

void LiveTake::on_event(const rig::TakeEvent& event) {
  std::visit(Told{*this}, event);
}

void LiveTake::add_progress(Unit& unit, const session::Progress& progress) {
  Point point{.recorded = progress.recorded, .bytes = progress.bytes_on_disk + progress.bytes_queued};
  unit.drops = 0;
  for (const session::StreamCount& s : progress.streams) {
    if (s.stream == session::StreamKind::imu) continue;
    point.frames = std::max(point.frames, s.recorded);
    unit.drops += s.missing + s.refused;
  }
  unit.queued = progress.bytes_queued;
  unit.points.push_back(point);
  if (unit.points.size() > kPoints) unit.points.pop_front();
}

std::vector<std::string> LiveTake::row(std::size_t unit) const {
  const Unit& of = units_[unit];
  std::string fps = "-", rate = "-", offset = unit == 0 ? "ref" : "-";
  if (of.points.size() > 1) {
    const Point &from = of.points.front(), &to = of.points.back();
    const double time = std::max(1e-6, in_seconds(to.recorded - from.recorded));
    fps = fmt::format("{:.1f}", static_cast<double>(to.frames - from.frames) / time);
    rate = fmt::format("{:.1f}", static_cast<double>(to.bytes - from.bytes) / time / 1e6);
  }
  if (of.offset && !of.lost) offset = fmt::format("{:+.0f}", of.offset->count());
  const std::string drops = fmt::format("{}", of.drops);
  const std::string queue = of.points.empty() ? "-" : readable_bytes(of.queued);
  return {rig_.units[unit].name, of.state, fps, drops, queue, rate, offset};
}

std::string LiveTake::total(std::optional<std::uint64_t> disk_free) const {
  DeviceDuration recorded{};
  double per_second = 0;  // bytes
  for (const Unit& unit : units_) {
    if (unit.points.empty()) continue;
    recorded = std::max(recorded, unit.points.back().recorded);
    const double time = in_seconds(unit.points.back().recorded - unit.points.front().recorded);
    if (time > 0)
      per_second += static_cast<double>(unit.points.back().bytes - unit.points.front().bytes) / time;
  }
  std::string text = fmt::format("{:.1f} s", in_seconds(recorded));
  if (first_ && last_) {
    const double whole = static_cast<double>(*last_ - *first_ + 1) / fps(rig_.rate());
    text += fmt::format(", {} left", readable_seconds(std::max(0.0, whole - in_seconds(recorded))));
  }
  text += fmt::format(", {:.1f} MB/s", per_second / 1e6);
  if (disk_free && per_second > 0)
    text += fmt::format(", disk: {} left", readable_seconds(static_cast<double>(*disk_free) / per_second));
  return text;
}

std::vector<std::string> LiveTake::lines(std::size_t most, std::optional<std::uint64_t> disk_free) const {
  std::vector<std::vector<std::string>> rows{{"unit", "state", "fps", "drops", "queue", "MB/s", "offset µs"}};
  const std::size_t room = std::max<std::size_t>(most, 4) - 2;
  const std::size_t shown = units_.size() <= room ? units_.size() : room - 1;
  for (std::size_t unit = 0; unit < shown; ++unit) rows.push_back(row(unit));
  std::vector<std::string> lines;
  std::string table = columns(rows);
  for (std::size_t from = 0, to; (to = table.find('\n', from)) != std::string::npos; from = to + 1)
    lines.push_back(table.substr(from, to - from));
  if (shown < units_.size()) lines.push_back(fmt::format("and {} more units", units_.size() - shown));
  lines.push_back(total(disk_free));
  return lines;
}

}  // namespace genlock::cli
