#include "verdict_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace genlock::test {
namespace {

bool has(const sync::Report& report, sync::Code code) {
  return std::ranges::any_of(report.findings, [&](const sync::Finding& f) { return f.code == code; });
}

std::string listing(const sync::Report& report) {
  std::string text;
  for (const sync::Finding& f : report.findings)
    text += std::string(to_string(f.severity)) + " " + std::string(to_string(f.code)) + ": " + f.text + "\n";
  return text;
}

std::vector<StampPlan> good_take() {
  std::vector<StampPlan> take{test::master_plan(), test::subordinate_plan("sub1"),
                              test::subordinate_plan("sub2")};
  take[1].ppm = 20;
  take[2].ppm = -12;
  return take;
}

void check_row(const VerdictRow& row, bool disciplined) {
  SCOPED_TRACE(std::string(row.name) + (disciplined ? ", disciplined" : ", free"));
  std::vector<StampPlan> take = good_take();
  for (std::size_t i = 1; i < take.size(); ++i) take[i].disciplined = disciplined;
  row.change(take);
  const sync::Report report = report_of(take);
  EXPECT_EQ(to_string(report.verdict), to_string(row.verdict)) << listing(report);
  if (row.finding) {
    EXPECT_TRUE(has(report, *row.finding)) << to_string(*row.finding) << " is not among:\n"
                                           << listing(report);
  }
}

}  // namespace

void give_hosts(std::vector<StampPlan>& take) {
  for (StampPlan& plan : take) {
    plan.host_times = true;
    plan.host_began_s = 1000;
    plan.description.host = {.name = "host", .boot_id = "boot"};
  }
}

void give_one_host_each(std::vector<StampPlan>& take) {
  give_hosts(take);
  for (StampPlan& plan : take)
    plan.description.host = {.name = plan.description.name, .boot_id = plan.description.name};
}

void set_rate(std::vector<StampPlan>& take, FrameRate rate) {
  for (StampPlan& plan : take) plan.description.rate = rate;
}

void last_minutes(std::vector<StampPlan>& take, int minutes) {
  for (StampPlan& plan : take) plan.frames = std::int64_t{minutes} * 60 * fps(plan.description.rate);
}

void record_no_pictures(StampPlan& plan) {
  plan.description.color = plan.description.depth = false;
  plan.frames = 0;
}

void check(const std::vector<VerdictRow>& rows) {
  for (const VerdictRow& row : rows) {
    if (row.clocks != Clocks::disciplined) check_row(row, false);
    if (row.clocks != Clocks::free) check_row(row, true);
  }
}

}  // namespace genlock::test
