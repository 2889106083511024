#include "sync/judge.h"

#include <algorithm>
#include <iterator>

#include "base/parallel.h"
#include "sync/common_span.h"
#include "sync/findings.h"
#include "sync/laser_findings.h"
#include "sync/pair_offsets.h"
#include "sync/unit_judge.h"

namespace genlock::sync {
namespace {

class Judge {
 public:
  explicit Judge(const std::vector<UnitData>& units) : units_(units) {}

  Report run();

  /// After run().
  std::vector<UnitPulses> pulses() const;

 private:
  void choose_reference();
  void number_frames();
  void judge_units();
  void judge_together();
  void judge_same_take();
  void judge_verdict();
  const Member& reference() const { return members_[report_.reference]; }

  const std::vector<UnitData>& units_;
  std::vector<Member> members_;
  std::vector<LaserCourse> lasers_;
  std::vector<UnitErrors> errors_;  ///< of a take that has ended
  Report report_;
};

void Judge::choose_reference() {
  const auto first = [&](auto&& wanted) { return std::ranges::find_if(members_, wanted); };
  auto chosen = first(
      [](const Member& m) { return m.primary() && m.data->description.sync_mode == WiredSyncMode::master; });
  if (chosen == members_.end())
    chosen = first([](const Member& m) { return m.primary() && m.data->description.color; });
  if (chosen == members_.end()) chosen = first([](const Member& m) { return m.primary() != nullptr; });
  report_.reference = chosen == members_.end() ? 0 : static_cast<std::size_t>(chosen - members_.begin());
  report_.tolerance = tolerance(units_[report_.reference].description.rate);
}

void Judge::number_frames() {
  Member& reference = members_[report_.reference];
  number_alone(reference);
  reference.compared = reference.primary() != nullptr;
  for_each_index(members_.size(), "judge", [&](std::size_t i) {
    if (i != report_.reference) number_by(members_[i], reference, report_.tolerance.count());
  });
}

void Judge::judge_units() {
  const Measure by{.units = &units_,
                   .reference = &reference(),
                   .tolerance = report_.tolerance,
                   .recorder_ahead = reference().primary()
                                         ? recorder_ahead(*reference().data, *reference().primary())
                                         : std::nullopt,
                   .alone = members_.size() == 1};
  std::vector<UnitJudgement> judged(members_.size());
  for_each_index(members_.size(), "judge", [&](std::size_t i) { judged[i] = judge_unit(members_[i], by); });
  for (UnitJudgement& unit : judged) {
    report_.simulated = report_.simulated || unit.report.description.simulated;
    report_.units.push_back(std::move(unit.report));
    std::ranges::move(unit.findings, std::back_inserter(report_.findings));
    std::ranges::move(unit.lasers, std::back_inserter(lasers_));
    if (unit.errors) errors_.push_back(*std::move(unit.errors));
    report_.worst_window = std::max(report_.worst_window, unit.worst_window);
    report_.worst_constant = std::max(report_.worst_constant, unit.worst_constant);
  }
}

void Judge::judge_together() {
  std::vector<UnitLines> compared;
  for (const Member& member : members_)
    if (member.compared) compared.push_back({member.index, member.primary(), &member.lines});
  report_common(compared, report_.reference, report_);
  judge_lasers(units_, lasers_, report_.findings);
  report_.pairs = pair_offsets(errors_);
}

void Judge::judge_same_take() {
  bool all_known = true;
  std::string unknown;
  for (std::size_t i = 0; i < members_.size(); ++i) {
    const HostEvidence& host = members_[i].alignment.host;
    if (i == report_.reference) continue;
    if (host.apart) report_.same_take = SameTake::no;
    if (host.scale != HostEvidence::Scale::none) continue;
    all_known = false;
    unknown += (unknown.empty() ? "" : ", ") + units_[i].description.name;
  }
  if (report_.same_take == SameTake::no || members_.size() < 2) return;
  if (all_known) {
    report_.same_take = SameTake::yes;
    return;
  }
  report_.findings.push_back({.code = Code::same_take_unknown,
                              .severity = Severity::note,
                              .text = "Same take: unknown. No host times tie " + unknown +
                                      " to the reference (the stock recorder "
                                      "writes none): that these files belong together is taken from you."});
}

void Judge::judge_verdict() {
  const bool all_compared = members_.size() < 2 || std::ranges::all_of(members_, &Member::compared);
  const bool failed = has_failure(report_.findings) || !all_compared;
  report_.verdict = report_.same_take == SameTake::no ? Verdict::refused
                    : failed                          ? Verdict::not_in_sync
                                                      : Verdict::in_sync;
  std::ranges::stable_sort(report_.findings, std::ranges::greater{}, &Finding::severity);
}

Report Judge::run() {
  if (units_.empty()) return report_;
  members_.resize(units_.size());
  for_each_index(units_.size(), "judge", [&](std::size_t i) { members_[i] = member_of(units_[i], i); });
  choose_reference();
  number_frames();
  judge_set(units_, report_.reference, report_.findings);
  judge_units();
  judge_together();
  judge_same_take();
  judge_verdict();
  return std::move(report_);
}

std::vector<UnitPulses> Judge::pulses() const {
  std::vector<UnitPulses> units;
  for (const Member& member : members_) {
    UnitPulses& unit = units.emplace_back();
    unit.compared = member.compared;
    for (const LineView& view : member.lines)
      (view.stream == Stream::color ? unit.color : unit.depth) = frame_pulses(view);
  }
  return units;
}

}  // namespace

Report judge(const std::vector<UnitData>& units) {
  return Judge(units).run();
}

NumberedReport judge_numbered(const std::vector<UnitData>& units) {
  Judge judge(units);
  NumberedReport numbered{judge.run(), {}};
  numbered.units = judge.pulses();
  return numbered;
}

}  // namespace genlock::sync
