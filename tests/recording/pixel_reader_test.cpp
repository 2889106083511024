// Images so large that two threads read them.

#include <gtest/gtest.h>

#include <atomic>

#include "recording/reader.h"
#include "support/recording_support.h"

namespace genlock::recording {
namespace {

/// Has one byte that cannot be read, some times or always, and gives little at once.
class WornSource final : public ByteSource {
 public:
  WornSource(std::vector<std::byte> bytes, std::uint64_t bad, int failures)
      : bytes_(std::move(bytes)), bad_(bad), failures_(failures) {}

  Result<std::size_t> read_at(std::uint64_t offset, MutableByteSpan out) const override {
    const bool meets_it = offset <= bad_ && bad_ - offset < out.size();
    if (meets_it && failures_-- > 0) return Error(Errc::io, "injected fault: Input/output error");
    return bytes_.read_at(offset, out.first(std::min<std::size_t>(out.size(), 50'000)));
  }
  std::uint64_t size() const override { return bytes_.size(); }

 private:
  const MemorySource bytes_;
  const std::uint64_t bad_;
  mutable std::atomic<int> failures_;
};

CameraConfig large_config() {
  CameraConfig config = test::small_config();
  config.depth_mode = DepthMode::nfov_unbinned;
  return config;
}

class LargeImages : public testing::Test {
 protected:
  std::unique_ptr<Reader> reader(int failures) const {
    // In the middle of the file are pixels of the second capture.
    auto source = std::make_unique<WornSource>(file_, file_.size() / 2, failures);
    return Reader::open(std::move(source)).value();
  }

  const test::TakeContent content_ = test::synthetic_take(large_config(), false, 3);
  const std::vector<std::byte> file_ =
      test::record(test::synthetic_info(large_config(), false), content_).value();
};

TEST_F(LargeImages, AreReadAsTheyWereWritten) {
  const auto reader = this->reader(0);
  for (const Capture& capture : content_.captures)
    EXPECT_TRUE(test::same_capture(reader->next_capture().value().value(), capture));
  EXPECT_FALSE(reader->next_capture().value());
  for (std::size_t i = content_.captures.size(); i-- > 0;)
    EXPECT_TRUE(test::same_capture(reader->previous_capture().value().value(), content_.captures[i]));
}

TEST_F(LargeImages, ThatCannotBeReadAreAnErrorThatStays) {
  const auto reader = this->reader(1000);
  EXPECT_TRUE(reader->next_capture());
  for (int again = 0; again < 2; ++again) {
    const auto second = reader->next_capture();
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code(), Errc::io);
    EXPECT_NE(second.error().message().find("injected"), std::string::npos) << second.error().message();
  }
}

TEST_F(LargeImages, AreReadAgainOnOneThreadBeforeThatIsSaid) {
  const auto reader = this->reader(1);
  for (const Capture& capture : content_.captures)
    EXPECT_TRUE(test::same_capture(reader->next_capture().value().value(), capture));
}

}  // namespace
}  // namespace genlock::recording
