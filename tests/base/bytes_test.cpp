#include "base/bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.h"

namespace genlock {
namespace {

using testing::HasSubstr;

ByteSpan bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text));
}

std::string text_of(ByteSpan bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Files : public testing::Test {
 protected:
  std::string content(const std::filesystem::path& path) {
    const auto source = open_file(path).value();
    std::vector<std::byte> read(source->size() + 1);
    read.resize(source->read_at(0, read).value());
    return text_of(read);
  }

  const test::TemporaryFolder folder_;
  const std::filesystem::path directory_ = folder_.path();
};

TEST_F(Files, ComeBackAsWritten) {
  const auto path = directory_ / "a";
  {
    const auto sink = create_file(path, IfExists::refuse).value();
    ASSERT_TRUE(sink->append(bytes_of("hello ")));
    ASSERT_TRUE(sink->append(bytes_of("world")));
    ASSERT_TRUE(sink->write_at(0, bytes_of("J")));
    ASSERT_TRUE(sink->sync());
    EXPECT_EQ(sink->size(), 11u);
  }
  EXPECT_EQ(content(path), "Jello world");
}

TEST_F(Files, AnExistingFileIsReplacedOnlyWhenToldTo) {
  const auto path = directory_ / "a";
  ASSERT_TRUE(create_file(path, IfExists::refuse).value()->append(bytes_of("old")));
  const auto refused = create_file(path, IfExists::refuse);
  EXPECT_EQ(refused.error().code(), Errc::exists);
  EXPECT_THAT(refused.error().message(), HasSubstr(path.string()));
  EXPECT_EQ(content(path), "old");
  ASSERT_TRUE(create_file(path, IfExists::replace));
  EXPECT_EQ(content(path), "");
}

TEST_F(Files, ErrorsNameThePath) {
  const auto missing = directory_ / "none" / "a";
  EXPECT_EQ(open_file(missing).error().code(), Errc::not_found);
  EXPECT_THAT(open_file(missing).error().message(), HasSubstr(missing.string()));
  EXPECT_THAT(create_file(missing, IfExists::replace).error().message(), HasSubstr(missing.string()));
  EXPECT_THAT(open_file(directory_).error().message(), HasSubstr(directory_.string()));
  const Status full = create_file("/dev/full", IfExists::replace).value()->append(bytes_of("x"));
  EXPECT_EQ(full.error().code(), Errc::no_space);
  EXPECT_THAT(full.error().message(), HasSubstr("/dev/full"));
}

TEST_F(Files, ReadingPastTheEndGivesWhatIsThere) {
  const auto path = directory_ / "a";
  ASSERT_TRUE(create_file(path, IfExists::refuse).value()->append(bytes_of("abc")));
  const auto source = open_file(path).value();
  std::array<std::byte, 8> out;
  EXPECT_EQ(source->read_at(2, out).value(), 1u);
  EXPECT_EQ(source->read_at(3, out).value(), 0u);
  EXPECT_EQ(source->read_at(1000, out).value(), 0u);
}

TEST(Memory, BehavesLikeAFile) {
  MemorySink sink;
  ASSERT_TRUE(sink.append(bytes_of("abc")));
  ASSERT_TRUE(sink.write_at(1, bytes_of("BC")));
  EXPECT_FALSE(sink.write_at(2, bytes_of("xy"))) << "overwriting must not lengthen";
  EXPECT_EQ(text_of(sink.bytes()), "aBC");
  const MemorySource source(sink.bytes());
  std::array<std::byte, 2> out;
  EXPECT_EQ(source.read_at(2, out).value(), 1u);
  EXPECT_EQ(out[0], std::byte{'C'});
  EXPECT_EQ(source.read_at(3, out).value(), 0u);
}

TEST(FaultySink, WritesWhatFitsBeforeTheDiskIsFull) {
  MemorySink inner;
  FaultySink sink(inner, {.capacity = 5});
  ASSERT_TRUE(sink.append(bytes_of("abc")));
  EXPECT_EQ(sink.append(bytes_of("defg")).error().code(), Errc::no_space);
  EXPECT_EQ(text_of(inner.bytes()), "abcde");
  EXPECT_TRUE(sink.write_at(0, bytes_of("A"))) << "overwriting needs no room";
}

TEST(FaultySink, FailsExactlyTheChosenCall) {
  MemorySink inner;
  FaultySink sink(inner, {.fail_call = 2});
  EXPECT_TRUE(sink.append(bytes_of("a")));
  EXPECT_TRUE(sink.sync());
  EXPECT_EQ(sink.write_at(0, bytes_of("b")).error().code(), Errc::io);
  EXPECT_TRUE(sink.append(bytes_of("c")));
  EXPECT_EQ(sink.calls(), 4u);
  EXPECT_EQ(text_of(inner.bytes()), "ac");
}

}  // namespace
}  // namespace genlock
