// A power cut at any moment: what was synced is there, whatever became of the writes since.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "proofs/openers.h"
#include "proofs/proof_table.h"
#include "support/faulty_disk.h"
#include "support/recording_support.h"
#include "support/scripted_queue.h"
#include "support/stock_rules.h"

namespace genlock::recording {
namespace {

using test::LoggedDisk;
using test::Playback;
using test::PowerCut;
using test::TakeContent;
using testing::IsEmpty;

CameraConfig config() {
  CameraConfig config = test::small_config();
  config.depth_mode = DepthMode::off;
  return config;
}

const TakeContent& take() {
  static const TakeContent content = test::synthetic_take(config(), true, 30);
  return content;
}

/// Writes the take, in parts, each of them flushed.
void record_take(std::unique_ptr<ByteSink> sink) {
  const auto writer =
      Writer::create(std::move(sink), test::synthetic_info(config(), true), test::fixed_options());
  ASSERT_TRUE(writer) << writer.error().message();
  std::span<const ImuSample> imu = take().imu;
  for (std::size_t i = 0; i < take().captures.size(); ++i) {
    const std::size_t samples = imu.size() / (take().captures.size() - i);
    EXPECT_TRUE((*writer)->write(imu.first(samples)) && (*writer)->write(take().captures[i]));
    imu = imu.subspan(samples);
    if (i % 10 == 9) {
      EXPECT_TRUE((*writer)->flush());
    }
  }
  EXPECT_TRUE((*writer)->close());
}

/// A disk whose writes are those of the writer, and one below the sink of real files, whose writes are
/// aligned, padded at the end, done late and in any order.
enum class Disk { plain, staged };

std::vector<LoggedDisk::Operation> log_of_a_take(Disk disk, unsigned seed) {
  if (disk == Disk::staged) {
    test::ScriptedFile file({}, seed);
    record_take(file.make_sink());
    return file.log();
  }
  const auto plain = std::make_shared<LoggedDisk>();
  record_take(std::make_unique<test::KeptSink>(plain));
  return plain->log();
}

class PowerCutTest : public testing::TestWithParam<Disk> {
 protected:
  std::mt19937 random_{4};
};

INSTANTIATE_TEST_SUITE_P(Disks, PowerCutTest, testing::Values(Disk::plain, Disk::staged));

bool is_of_the_take(const Capture& got) {
  return std::ranges::any_of(take().captures, [&](const Capture& given) {
    return got.color && got.color->device_time == given.color->device_time &&
           std::ranges::equal(got.color->data.bytes(), given.color->data.bytes());
  });
}

/// Frames of `durable` that `file` lacks or has changed.
std::size_t lost(const Playback& durable, const Playback& file) {
  std::size_t lost = 0;
  for (const Capture& capture : durable.captures) {
    const auto again = std::ranges::find_if(file.captures, [&](const Capture& one) {
      return one.color->device_time == capture.color->device_time;
    });
    lost += again == file.captures.end() || !is_of_the_take(*again);
  }
  for (const ImuSample& sample : durable.imu)
    lost +=
        std::ranges::none_of(file.imu, [&](const ImuSample& one) { return test::same_sample(one, sample); });
  return lost;
}

/// The cuts of one take, against what was there at the last sync before.
class Cuts {
 public:
  explicit Cuts(std::string what) : what_(std::move(what)), official_(test::making_proofs() ? 40 : 400) {}

  void add(const PowerCut& cut) {
    ++cases_;
    if (known_ != cut.syncs) {
      known_ = cut.syncs;
      const Result<Playback> played = test::play(*cut.durable);
      durable_ = played ? *played : Playback();
    }
    const Result<Playback> played = test::play(cut.file);
    if (durable_.captures.empty()) return;
    ASSERT_TRUE(played) << played.error().message();
    const std::size_t missing = lost(durable_, *played);
    EXPECT_EQ(missing, 0U);
    lost_ += missing;
    ++with_frames_;
    official_.offer(cut.file, durable_.captures.size(), durable_.imu.size());
  }

  /// So that durable files of another take are not taken for known ones.
  void begin_take() { known_.reset(); }

  std::size_t with_frames() const { return with_frames_; }

  void finish() {
    std::vector<std::string> row{what_, std::to_string(cases_), std::to_string(lost_)};
    for (const std::string& cell : official_.cells()) row.push_back(cell);
    test::add_proof_row("faults", row);
    EXPECT_THAT(official_.complaints(), IsEmpty());
  }

 private:
  const std::string what_;
  std::optional<std::size_t> known_;  ///< number of syncs
  Playback durable_;
  std::size_t cases_ = 0, with_frames_ = 0, lost_ = 0;
  test::OfficialSample official_;
};

TEST_P(PowerCutTest, KeepsEverythingThatWasSynced) {
  Cuts cuts(GetParam() == Disk::plain ? "power cut" : "power cut, aligned writes in any order");
  for (unsigned seed = 1; seed <= test::proof_cases(1, 10); ++seed) {
    cuts.begin_take();
    test::for_each_power_cut(log_of_a_take(GetParam(), seed), random_, [&](const PowerCut& cut) {
      SCOPED_TRACE(cut.story);
      cuts.add(cut);
    });
  }
  EXPECT_GT(cuts.with_frames(), 10U);
  cuts.finish();
}

/// Whether one operation of the log has been cut short or left out makes no difference to what the header
/// says.
TEST_P(PowerCutTest, NeverLeavesAPointerToSomethingElse) {
  test::for_each_power_cut(log_of_a_take(GetParam(), 1), random_, [&](const PowerCut& cut) {
    const test::StockRules rules = test::check_stock_rules(cut.file);
    if (rules.clusters == 0) return;
    for (const std::string& rule : rules.broken) {
      const bool hole = rule.find("are no element") != std::string::npos;  // bytes that never came
      EXPECT_TRUE(hole) << cut.story << ": " << rule;
    }
  });
}

}  // namespace
}  // namespace genlock::recording
