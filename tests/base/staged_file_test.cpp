// Files written from staging memory: by every method, in any rhythm, and on disks that fail.

#include "base/staged_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <cstring>
#include <random>

#include "support/temporary_folder.h"

namespace genlock {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::byte>;

constexpr std::byte kFillingStart{0xEC};
constexpr std::byte kFilling{0x77};

void fill(MutableByteSpan out) {
  ASSERT_GE(out.size(), 2U);
  std::ranges::fill(out, kFilling);
  out[0] = kFillingStart;
}

Bytes content(const std::filesystem::path& path) {
  const auto source = open_file(path).value();
  Bytes bytes(source->size());
  EXPECT_EQ(source->read_at(0, bytes).value(), bytes.size());
  return bytes;
}

std::uint64_t disk_bytes(const std::filesystem::path& path) {
  struct stat info {};
  EXPECT_EQ(::stat(path.c_str(), &info), 0);
  return static_cast<std::uint64_t>(info.st_blocks) * 512;
}

/// Bytes that differ from place to place.
Bytes made_up(std::size_t count, unsigned seed) {
  Bytes bytes(count);
  std::uint64_t state = seed;
  for (std::size_t at = 0; at < count; at += sizeof state) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    std::memcpy(bytes.data() + at, &state, std::min(sizeof state, count - at));
  }
  return bytes;
}

Status put(ByteSink& sink, ByteSpan bytes) {
  GENLOCK_ASSIGN(const MutableByteSpan room, sink.room(bytes.size() + 100));
  std::ranges::copy(bytes, room.begin());
  return sink.commit(bytes.size());
}

bool starts_with(const Bytes& file, const Bytes& start) {
  return file.size() >= start.size() && std::equal(start.begin(), start.end(), file.begin());
}

class EveryMethod : public testing::TestWithParam<WriteMethod> {
 protected:
  std::unique_ptr<FileSink> make() {
    auto sink = create_file(path_, IfExists::refuse, {.method = GetParam()});
    // Here the kernel may refuse io_uring, and the folder's file system O_DIRECT.
    if (!sink && sink.error().code() == Errc::unsupported) return nullptr;
    EXPECT_TRUE(sink) << sink.error().message();
    return *std::move(sink);
  }

  const test::TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "file";
};

TEST_P(EveryMethod, WritesWhatWasCommittedInAnyRhythm) {
  const auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  EXPECT_EQ(sink->method(), GetParam());
  sink->pad_with(fill);
  std::mt19937 noise(1);
  Bytes expected;
  for (unsigned i = 0; i < 80; ++i) {
    const std::size_t most = i % 40 == 39 ? 9'000'000 : i % 3 == 0 ? 5'000 : 400'000;
    const Bytes piece = made_up(1 + noise() % most, i);
    ASSERT_TRUE(put(*sink, piece));
    expected.insert(expected.end(), piece.begin(), piece.end());
    if (i % 5 == 1) {
      ASSERT_TRUE(sink->push());
    }
    if (i % 7 == 2) {
      const Bytes patch = made_up(1 + noise() % 3000, 1000 + i);
      const std::size_t at = noise() % (expected.size() - std::min(expected.size() - 1, patch.size()));
      const std::size_t size = std::min(patch.size(), expected.size() - at);
      ASSERT_TRUE(sink->write_at(at, ByteSpan(patch).first(size)));
      std::copy_n(patch.begin(), size, expected.begin() + static_cast<std::ptrdiff_t>(at));
    }
    if (i % 11 == 3) {
      ASSERT_TRUE(sink->start_sync());
    }
    if (i % 31 == 30) {
      ASSERT_TRUE(sink->sync());
      EXPECT_EQ(sink->written(), expected.size());
      const Bytes file = content(path_);
      EXPECT_TRUE(starts_with(file, expected));
      for (std::size_t at = expected.size(); at < file.size(); ++at)
        ASSERT_EQ(file[at], at == expected.size() ? kFillingStart : kFilling);
    }
    ASSERT_EQ(sink->size(), expected.size());
  }
  ASSERT_TRUE(sink->truncate(sink->size()));
  EXPECT_TRUE(content(path_) == expected);
}

TEST_P(EveryMethod, GoesOnAfterACut) {
  const auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  Bytes expected = made_up(3'000'000, 1);
  for (const std::size_t size : {2'999'999U, 8192U, 8191U, 0U}) {
    if (sink->size() == 0) {
      ASSERT_TRUE(sink->append(expected));
    }
    ASSERT_TRUE(sink->truncate(size));
    ASSERT_TRUE(put(*sink, made_up(20'000'000, 2)));  // what the memory held is gone
    ASSERT_TRUE(sink->truncate(size));
    expected.resize(size);
    const Bytes more = made_up(size > 0 ? 77 : 5'000, 3);
    ASSERT_TRUE(sink->append(more));
    expected.insert(expected.end(), more.begin(), more.end());
    EXPECT_TRUE(content(path_) == expected) << size;
  }
}

TEST_P(EveryMethod, EndsAtItsSizeWhenNobodyMayPad) {
  const auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  const Bytes piece = made_up(5'000, 1);
  Bytes expected;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(put(*sink, piece));
    ASSERT_TRUE(sink->push());
    expected.insert(expected.end(), piece.begin(), piece.end());
    EXPECT_TRUE(content(path_) == expected);
  }
}

// The filler must get two bytes at least: where one is missing to a whole block it gets a block more.
TEST_P(EveryMethod, PadsToWholeBlocksByTwoBytesOrMore) {
  const auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  sink->pad_with(fill);
  Bytes expected = made_up(4095, 1);
  ASSERT_TRUE(put(*sink, expected));
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(sink->push());
    ASSERT_TRUE(sink->sync());
    const Bytes file = content(path_);
    EXPECT_EQ(file.size(), GetParam() == WriteMethod::buffered ? expected.size() : 8192U) << expected.size();
    EXPECT_TRUE(starts_with(file, expected));
    EXPECT_TRUE(file.size() == expected.size() || file[expected.size()] == kFillingStart) << expected.size();
    ASSERT_TRUE(put(*sink, Bytes(1)));
    expected.push_back(std::byte{0});
  }
  ASSERT_TRUE(sink->truncate(sink->size()));
  EXPECT_TRUE(content(path_) == expected);
}

TEST_P(EveryMethod, LeavesNeitherPaddingNorReservedSpace) {
  auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  sink->pad_with(fill);
  ASSERT_TRUE(sink->reserve(10'000'000));
  EXPECT_GE(disk_bytes(path_), 10'000'000U) << "this file system takes no space ahead";
  ASSERT_TRUE(put(*sink, made_up(5'000, 1)));
  ASSERT_TRUE(sink->push());
  EXPECT_EQ(sink->size(), 5'000U);
  sink.reset();
  EXPECT_EQ(content(path_).size(), 5'000U);
  EXPECT_LE(disk_bytes(path_), 16'384U);
}

/// A file may not grow beyond `bytes` while this lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST_P(EveryMethod, KeepsWhatTheKernelTookBeforeAFailure) {
  const auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  const Bytes start = made_up(1'000'000, 1);
  ASSERT_TRUE(sink->append(start));
  {
    const FileSizeLimit limit(1'500'000);
    (void)put(*sink, made_up(5'000'000, 2));
    const Status failed = sink->sync();
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().code(), Errc::io);
    EXPECT_THAT(failed.error().message(), HasSubstr(path_.string()));
    EXPECT_THAT(failed.error().message(), HasSubstr("split the recording"));
    EXPECT_EQ(sink->push().error().message(), failed.error().message()) << "a failure stays";
    EXPECT_FALSE(sink->room(1));
    EXPECT_FALSE(sink->write_at(0, start));
    EXPECT_FALSE(sink->reserve(1));
    EXPECT_EQ(sink->written(), 1'500'000U) << "a failing write too, as far as it got";
    EXPECT_FALSE(sink->truncate(2'000'000)) << "what was not written cannot be kept";
    ASSERT_TRUE(sink->truncate(1'400'000));
  }
  const Bytes end = made_up(500, 3);
  ASSERT_TRUE(sink->append(end));
  Bytes expected = start;
  const Bytes more = made_up(5'000'000, 2);
  expected.insert(expected.end(), more.begin(), more.begin() + 400'000);
  expected.insert(expected.end(), end.begin(), end.end());
  EXPECT_TRUE(content(path_) == expected);
}

TEST_P(EveryMethod, KnowsALimitOfFileSizeBeforeItWrites) {
  const auto sink = make();
  if (!sink) GTEST_SKIP() << to_string(GetParam()) << " is not offered here";
  const Bytes start = made_up(1'000'000, 1);
  ASSERT_TRUE(put(*sink, start));
  {
    const FileSizeLimit limit(1'500'000);
    EXPECT_TRUE(sink->reserve(500'000));
    const Status refused = sink->reserve(500'001);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Errc::io);
    EXPECT_THAT(refused.error().message(), HasSubstr("split the recording"));
    EXPECT_TRUE(sink->sync()) << "nothing has failed yet";
  }
  EXPECT_TRUE(sink->reserve(500'001));
  EXPECT_TRUE(starts_with(content(path_), start));
}

std::string method_name(const testing::TestParamInfo<WriteMethod>& method) {
  return method.param == WriteMethod::uring    ? "Uring"
         : method.param == WriteMethod::direct ? "Direct"
                                               : "Buffered";
}

INSTANTIATE_TEST_SUITE_P(Methods, EveryMethod,
                         testing::Values(WriteMethod::uring, WriteMethod::direct, WriteMethod::buffered),
                         method_name);

/// A queue that is as slow, interrupted, short and out of order as a kernel is allowed to be, and fails when
/// told.
class RoughQueue final : public DiskQueue {
 public:
  struct Plan {
    bool newest_first = false;
    std::size_t longest = std::size_t{1} << 30;  ///< bytes that one write takes
    int interrupt_every = 0;                     ///< writes
    int fail_write = -1;                         ///< number from 0 of the write that fails
    int errnum = 0;
    bool refuse_direct = false;  ///< until somebody clears O_DIRECT
  };

  RoughQueue(int fd, Plan plan) : fd_(fd), plan_(plan) {}

  void write(Ticket ticket, std::span<const iovec> pieces, std::uint64_t offset) override {
    waiting_.push_back({ticket, pieces, offset});
  }
  void sync(Ticket ticket) override { waiting_.push_back({ticket, {}, 0}); }

  std::optional<Done> next(bool wait) override {
    if (!wait || waiting_.empty()) return std::nullopt;
    const Request request = plan_.newest_first ? waiting_.back() : waiting_.front();
    plan_.newest_first ? waiting_.pop_back() : waiting_.pop_front();
    return Done{request.ticket, request.pieces.empty() ? 0 : perform(request)};
  }

 private:
  struct Request {
    Ticket ticket;
    std::span<const iovec> pieces;
    std::uint64_t offset;
  };

  int perform(const Request& request) {
    const int number = writes_++;
    if (number == plan_.fail_write) return -plan_.errnum;
    if (plan_.interrupt_every > 0 && number % plan_.interrupt_every == 1) return -EINTR;
    if (plan_.refuse_direct && (::fcntl(fd_, F_GETFL) & O_DIRECT) != 0) return -EINVAL;
    const iovec& piece = request.pieces[0];
    const std::size_t blocks = std::min(piece.iov_len, plan_.longest / 4096 * 4096 + 4096);
    const ssize_t n = ::pwrite(fd_, piece.iov_base, blocks, static_cast<off_t>(request.offset));
    return n < 0 ? -errno : static_cast<int>(std::min(static_cast<std::size_t>(n), plan_.longest));
  }

  const int fd_;
  const Plan plan_;
  std::deque<Request> waiting_;
  int writes_ = 0;
};

class RoughKernel : public testing::Test {
 protected:
  std::unique_ptr<StagedFile> make(RoughQueue::Plan plan, bool direct = true) {
    UniqueFd fd(
        ::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | (direct ? O_DIRECT : 0), 0666));
    EXPECT_TRUE(fd) << strerror(errno);
    auto queue = std::make_unique<RoughQueue>(fd.get(), plan);
    auto file = std::make_unique<StagedFile>(path_, std::move(fd), WriteMethod::uring, std::move(queue));
    file->pad_with(fill);
    return file;
  }

  /// Commits pieces of 1.5 MB and more until one fails.
  Status put_many(ByteSink& sink, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const Bytes piece = made_up(1'500'000 + i, i);
      GENLOCK_TRY(put(sink, piece));
      given_.insert(given_.end(), piece.begin(), piece.end());
      if (i % 4 == 3) GENLOCK_TRY(sink.push());
    }
    return sink.sync();
  }

  const test::TemporaryFolder folder_;
  const std::filesystem::path path_ = folder_.path() / "file";
  Bytes given_;
};

TEST_F(RoughKernel, GetsEverythingInItsPlace) {
  for (const RoughQueue::Plan& plan :
       {RoughQueue::Plan{.newest_first = true}, RoughQueue::Plan{.longest = 102'400},
        RoughQueue::Plan{.newest_first = true, .longest = 1'000'001, .interrupt_every = 3},
        RoughQueue::Plan{.refuse_direct = true}}) {
    given_.clear();
    const auto file = make(plan);
    const Status put = put_many(*file, 12);
    ASSERT_TRUE(put) << put.error().message();
    const bool stays_direct = !plan.refuse_direct && plan.longest % 4096 == 0;
    EXPECT_EQ(file->method(), stays_direct ? WriteMethod::uring : WriteMethod::buffered);
    ASSERT_TRUE(file->truncate(file->size()));
    EXPECT_TRUE(content(path_) == given_);
  }
}

// Whatever came after the failure, and in whichever order: what is known to be there is there.
TEST_F(RoughKernel, KnowsWhatIsThereAfterAFailure) {
  for (const bool newest_first : {false, true}) {
    for (int failing = 0; failing < 6; ++failing) {
      given_.clear();
      const auto file = make({.newest_first = newest_first, .fail_write = failing, .errnum = ENOSPC});
      const Status put = put_many(*file, 12);
      ASSERT_FALSE(put) << failing;
      EXPECT_EQ(put.error().code(), Errc::no_space);
      EXPECT_THAT(put.error().message(), HasSubstr("free some space"));
      const std::uint64_t good = file->written();
      ASSERT_TRUE(file->truncate(good));
      const Bytes left = content(path_);
      EXPECT_EQ(left.size(), good);
      EXPECT_TRUE(starts_with(given_, left)) << failing;
    }
  }
}

TEST_F(RoughKernel, DoesNotSyncBeforeTheWritesAreDone) {
  const auto file = make({});
  ASSERT_TRUE(put(*file, made_up(5'000'000, 1)));
  ASSERT_TRUE(file->push());
  EXPECT_EQ(file->written(), 0U);
  ASSERT_TRUE(file->start_sync());
  EXPECT_TRUE(file->poll().value()) << "writes are under way";
  ASSERT_TRUE(file->sync());
  EXPECT_EQ(file->written(), 5'000'000U);
  EXPECT_FALSE(file->poll().value());
}

}  // namespace
}  // namespace genlock
