// A disk that fails at any call, in any way: the failure is told, the numbers add up, and the file holds
// exactly what the disk took.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

#include "proofs/openers.h"
#include "proofs/proof_table.h"
#include "support/faulty_disk.h"
#include "support/recording_support.h"
#include "support/scripted_queue.h"
#include "support/stock_rules.h"

namespace genlock::recording {
namespace {

using test::DiskFault;
using test::FaultyDisk;
using test::RequestFault;
using test::TakeContent;
using testing::IsEmpty;
using Lasts = DiskFault::Lasts;
using Share = DiskFault::Share;

/// Colour of 1 kB a frame and IMU: small enough for hundreds of takes.
CameraConfig tiny_config() {
  CameraConfig config = test::small_config();
  config.depth_mode = DepthMode::off;
  return config;
}

const TakeContent& tiny_take() {
  static const TakeContent content = test::synthetic_take(tiny_config(), true, 45);
  return content;
}

struct FaultyTake {
  Status created, flushed, closed;  ///< flushed: the first flush that failed
  Status next, after;               ///< the write after that flush, and one after closing
  WriterCounters counters;
  std::vector<std::vector<std::byte>> files;  ///< the parts
  std::string failed_call;                    ///< empty where none failed
};

/// Writes captures [from, to) and the samples up to them. Every call is made, whatever the ones before gave.
void feed(Writer& writer, std::size_t from, std::size_t to) {
  const TakeContent& content = tiny_take();
  const std::size_t samples = content.imu.size(), captures = content.captures.size();
  for (std::size_t i = from; i < to; ++i) {
    const std::size_t begin = samples * i / captures, end = samples * (i + 1) / captures;
    (void)writer.write(std::span(content.imu).subspan(begin, end - begin));
    (void)writer.write(content.captures[i]);
    if (i < content.host_pairs.size()) (void)writer.write(content.host_pairs[i]);
  }
}

void feed_with_flushes(Writer& writer, FaultyTake& run) {
  constexpr std::size_t kPart = 15;
  for (std::size_t at = 0; at < tiny_take().captures.size(); at += kPart) {
    feed(writer, at, at + kPart);
    const Status flushed = at + kPart < tiny_take().captures.size() ? writer.flush() : Status();
    if (!run.flushed || flushed) continue;
    run.flushed = flushed;
    run.next = writer.write(tiny_take().jacks.front());
  }
}

/// All but the file.
FaultyTake record_onto(std::unique_ptr<ByteSink> sink, SplitRule split = {}) {
  FaultyTake run;
  WriterOptions options = test::fixed_options();
  options.split = std::move(split);
  const auto writer =
      Writer::create(std::move(sink), test::synthetic_info(tiny_config(), true), std::move(options));
  run.created = writer ? Status() : Status(writer.error());
  if (!writer) return run;
  feed_with_flushes(**writer, run);
  run.closed = (*writer)->close();
  run.after = (*writer)->write(tiny_take().jacks.front());
  run.counters = (*writer)->counters();
  return run;
}

FaultyTake record_with(const DiskFault& fault) {
  const auto disk = std::make_shared<FaultyDisk>(fault);
  FaultyTake run = record_onto(std::make_unique<test::KeptSink>(disk));
  run.files = {disk->bytes()};
  run.failed_call = disk->failed_call();
  return run;
}

/// The same split into three parts, of which one lies on a disk with a fault. A fault of DiskFault::kNever
/// there means that this part cannot be made at all.
FaultyTake record_parts_with(std::size_t faulty_part, const DiskFault& fault) {
  std::vector<std::shared_ptr<FaultyDisk>> disks;
  std::size_t dropped = 0;
  const auto add = [&] {
    disks.push_back(std::make_shared<FaultyDisk>(disks.size() == faulty_part ? fault : DiskFault()));
    return std::make_unique<test::KeptSink>(disks.back());
  };
  FaultyTake run;
  const SplitRule split{.bytes = 0,
                        .duration = device_us(500'000),
                        .next_part = [&](std::uint32_t part) -> Result<std::unique_ptr<ByteSink>> {
                          if (part - 1 != faulty_part || fault.call != DiskFault::kNever) return add();
                          return Error(fault.code, "no such part");
                        },
                        .drop_part =
                            [&](std::uint32_t part) {
                              EXPECT_EQ(part, disks.size()) << "the last one";
                              EXPECT_EQ(disks.back().use_count(), 1) << "its sink is gone";
                              ++dropped;
                            }};
  run = record_onto(add(), split);
  for (const auto& disk : disks) {
    run.files.push_back(disk->bytes());
    if (!disk->failed_call().empty()) run.failed_call = disk->failed_call();
  }
  EXPECT_LE(dropped, 1U);
  run.files.resize(disks.size() - dropped);
  if (fault.call == DiskFault::kNever && disks.size() == faulty_part) run.failed_call = "next_part";
  return run;
}

/// Captures and samples of all parts that can be opened.
test::Playback play(const FaultyTake& run) {
  test::Playback all;
  for (const auto& file : run.files) {
    const Result<test::Playback> part = test::play(file);
    if (!part) continue;
    all.captures.insert(all.captures.end(), part->captures.begin(), part->captures.end());
    all.imu.insert(all.imu.end(), part->imu.begin(), part->imu.end());
  }
  return all;
}

/// The same where the fault is one of the kernel's, below the sink of real files.
FaultyTake record_with(const RequestFault& fault, unsigned seed) {
  test::ScriptedFile file(fault, seed);
  FaultyTake run = record_onto(file.make_sink());
  run.files = {test::load_file(file.path()).value()};
  if (file.requests() > fault.request) run.failed_call = "request";
  return run;
}

void expect_counters_add_up(const FaultyTake& run) {
  const WriterCounters& counters = run.counters;
  EXPECT_EQ(counters.color.written + counters.color.refused, tiny_take().captures.size());
  EXPECT_EQ(counters.imu.written + counters.imu.refused, tiny_take().imu.size());
  EXPECT_EQ(counters.bytes_queued, 0U);
}

FaultyTake record_onto_crowded(std::uint64_t bytes) {
  const auto disk = std::make_shared<test::CrowdedDisk>(bytes);
  FaultyTake run = record_onto(std::make_unique<test::KeptSink>(disk));
  run.files = {disk->bytes()};
  return run;
}

/// Over all faults tried: the numbers of the table in docs/recording-proofs.md.
class Tally {
 public:
  explicit Tally(std::string what) : what_(std::move(what)), official_(test::making_proofs() ? 10 : 200) {}
  ~Tally() {
    EXPECT_THAT(official_.complaints(), IsEmpty());
    std::vector<std::string> row{what_, std::to_string(cases_), std::to_string(lost_)};
    for (const std::string& cell : official_.cells()) row.push_back(cell);
    test::add_proof_row("faults", row);
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  void add(const FaultyTake& run) {
    ++cases_;
    const test::Playback played = play(run);
    const std::uint64_t found = played.captures.size() + played.imu.size();
    const std::uint64_t counted = run.counters.color.written + run.counters.imu.written;
    if (counted > found) lost_ += counted - found;
    if (found > 0 && run.files.size() == 1)
      official_.offer(run.files[0], played.captures.size(), played.imu.size());
  }
  std::size_t cases() const { return cases_; }

 private:
  const std::string what_;
  std::size_t cases_ = 0;
  std::uint64_t lost_ = 0;
  test::OfficialSample official_;
};

/// The file's frames are the take's first ones: as many as were counted, or where the disk did not let the
/// writer cut off what it had said it did not take, at least as many.
void expect_what_was_counted(const FaultyTake& run, bool exactly) {
  const test::Playback played = play(run);
  ASSERT_LE(played.captures.size(), tiny_take().captures.size());
  for (std::size_t i = 0; i < played.captures.size(); ++i) {
    EXPECT_EQ(played.captures[i].color->device_time, tiny_take().captures[i].color->device_time);
    const auto& pixels = tiny_take().captures[i].color->data;
    EXPECT_TRUE(std::ranges::equal(played.captures[i].color->data.bytes(), pixels.bytes())) << i;
  }
  ASSERT_LE(played.imu.size(), tiny_take().imu.size());
  for (std::size_t i = 0; i < played.imu.size(); ++i)
    EXPECT_TRUE(test::same_sample(played.imu[i], tiny_take().imu[i])) << i;
  EXPECT_GE(played.captures.size(), run.counters.color.written);
  EXPECT_GE(played.imu.size(), run.counters.imu.written);
  if (!exactly) return;
  EXPECT_EQ(played.captures.size(), run.counters.color.written);
  EXPECT_EQ(played.imu.size(), run.counters.imu.written);
}

void expect_told(const FaultyTake& run, Errc code) {
  ASSERT_FALSE(run.created && run.closed);
  const Status& told = run.created ? run.closed : run.created;
  EXPECT_EQ(told.error().code(), code);
  if (!run.created) return;
  ASSERT_FALSE(run.after);
  EXPECT_EQ(run.after.error().code(), code);
  if (run.flushed) return;  // the disk failed later than that
  EXPECT_EQ(run.flushed.error().code(), code);
  ASSERT_FALSE(run.next);
  EXPECT_EQ(run.next.error().code(), code);
}

/// What the stock reader demands holds, and the file is `complete` as after a close without a fault, where
/// the disk still writes what it has room for.
void expect_stock_rules(const FaultyTake& run, bool complete) {
  for (const auto& file : run.files) {
    const test::StockRules rules = test::check_stock_rules(file);
    if (rules.clusters == 0) continue;
    EXPECT_THAT(rules.broken, IsEmpty());
    if (complete) {
      EXPECT_TRUE(rules.complete);
    }
  }
}

TEST(WriteFault, AtAnyCallIsToldAndCostsOnlyWhatTheDiskRefused) {
  Tally tried("fault at a call of the sink");
  for (const Errc code : {Errc::io, Errc::no_space})
    for (const Lasts lasts : {Lasts::once, Lasts::for_good, Lasts::while_growing})
      for (const Share share : {Share::nothing, Share::half, Share::all})
        for (std::uint64_t call = 0;; ++call) {
          const DiskFault fault{call, code, lasts, share};
          const FaultyTake run = record_with(fault);
          if (run.failed_call.empty()) break;
          SCOPED_TRACE(fault.describe() + ": " + run.failed_call);
          tried.add(run);
          expect_told(run, code);
          if (!run.created) continue;
          expect_counters_add_up(run);
          expect_what_was_counted(run, lasts != Lasts::for_good && run.failed_call == "append");
          expect_stock_rules(run, lasts == Lasts::once && run.failed_call == "append");
        }
  EXPECT_GE(tried.cases(), 18U * 16);
}

TEST(WriteFault, OfADiskThatOthersFillToTheLastByteLeavesACompleteFile) {
  constexpr std::uint64_t kKeptBack = std::uint64_t{1} << 20;
  std::size_t cut_short = 0;
  for (std::uint64_t bytes = kKeptBack + 8'000; bytes < kKeptBack + 100'000; bytes += 331) {
    SCOPED_TRACE(bytes);
    const FaultyTake run = record_onto_crowded(bytes);
    if (!run.created || run.counters.color.written == 0) continue;
    const test::StockRules rules = test::check_stock_rules(run.files[0]);
    EXPECT_THAT(rules.broken, IsEmpty());
    EXPECT_TRUE(rules.complete);
    expect_counters_add_up(run);
    expect_what_was_counted(run, true);
    if (run.closed) break;
    EXPECT_EQ(run.closed.error().code(), Errc::no_space);
    ++cut_short;
  }
  EXPECT_GT(cut_short, 100U);
}

TEST(WriteFault, InAnyPartOfASplitRecordingIsToldAndLeavesThePartsBeforeWhole) {
  Tally tried("fault in a part of a split recording");
  for (const Lasts lasts : {Lasts::once, Lasts::for_good, Lasts::while_growing})
    for (std::size_t part = 0; part < 3; ++part)
      for (std::uint64_t call = 0;; ++call) {
        const DiskFault fault{call, Errc::no_space, lasts, Share::half};
        const FaultyTake run = record_parts_with(part, fault);
        if (run.failed_call.empty()) break;
        SCOPED_TRACE(fault.describe() + ": " + run.failed_call + " of part " + std::to_string(part + 1));
        tried.add(run);
        expect_told(run, Errc::no_space);
        if (!run.created) continue;
        EXPECT_LE(run.files.size(), part + 2) << "the next part is made before this one points at it";
        expect_counters_add_up(run);
        expect_what_was_counted(run, lasts != Lasts::for_good && run.failed_call == "append");
        expect_stock_rules(run, lasts == Lasts::once && run.failed_call == "append");
        for (std::size_t before = 0; before < part; ++before)
          EXPECT_TRUE(test::check_stock_rules(run.files.at(before)).complete);
        for (std::size_t other = 1; other < run.files.size(); ++other)
          EXPECT_GT(test::check_stock_rules(run.files[other]).clusters, 0U) << "no part without frames stays";
        EXPECT_EQ(run.counters.parts, run.files.size());
      }
  EXPECT_GE(tried.cases(), 3U * 3 * 8);
}

TEST(WriteFault, ThatLeavesNoNextPartIsToldAndLeavesThePartsBeforeWhole) {
  for (std::size_t part = 1; part < 3; ++part) {
    const FaultyTake run =
        record_parts_with(part, {DiskFault::kNever, Errc::exists, Lasts::once, Share::nothing});
    ASSERT_EQ(run.failed_call, "next_part");
    expect_told(run, Errc::exists);
    EXPECT_EQ(run.files.size(), part);
    expect_counters_add_up(run);
    expect_what_was_counted(run, true);
    expect_stock_rules(run, true);
  }
}

TEST(WriteFault, OfAnyRequestToTheKernelIsToldAndCostsOnlyWhatTheDiskRefused) {
  Tally tried("fault of a request to the kernel");
  for (const auto& [errnum, code] :
       {std::pair{EIO, Errc::io}, {ENOSPC, Errc::no_space}, {EDQUOT, Errc::no_space}})
    for (const bool half : {false, true})
      for (const bool lasts : {false, true})
        for (std::uint64_t request = 0;; ++request) {
          const RequestFault fault{request, errnum, half, lasts};
          const FaultyTake run = record_with(fault, static_cast<unsigned>(request));
          if (run.failed_call.empty()) break;
          SCOPED_TRACE(testing::Message() << "request " << request << " fails with " << errnum << ", half "
                                          << half << ", lasts " << lasts);
          tried.add(run);
          expect_told(run, code);
          if (!run.created) continue;
          expect_counters_add_up(run);
          expect_what_was_counted(run, !lasts);
          expect_stock_rules(run, false);
        }
  EXPECT_GE(tried.cases(), 12U * 4);
}

TEST(WriteFault, ThatOnlyStopsARequestHalfWayCostsNothing) {
  Tally tried("request that stops half way");
  for (const bool lasts : {false, true})
    for (std::uint64_t request = 0;; ++request) {
      const FaultyTake run = record_with(RequestFault{.request = request, .lasts = lasts}, 9);
      if (run.failed_call.empty()) break;
      tried.add(run);
      ASSERT_TRUE(run.closed) << run.closed.error().message();
      EXPECT_EQ(run.counters.color.written, tiny_take().captures.size());
      expect_what_was_counted(run, true);
      expect_stock_rules(run, true);
    }
  EXPECT_GE(tried.cases(), 8U);
}

}  // namespace
}  // namespace genlock::recording
