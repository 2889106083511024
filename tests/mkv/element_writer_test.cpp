// Elements byte by byte.

#include "mkv/element_writer.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "byte_helpers.h"
#include "mkv/crc32.h"
#include "mkv/endian.h"

namespace genlock::mkv {
namespace {

using Id = ElementId;

/// What `write(writer)` writes.
template <class Write>
Bytes written(Write write) {
  Output out;
  ElementWriter writer(out);
  write(writer);
  return to_bytes(out);
}

TEST(ElementWriter, WritesNumbersInTheFewestBytes) {
  EXPECT_EQ(written([](auto& w) { w.put_uint(Id::timestamp, 0); }), bytes({0xE7, 0x81, 0x00}));
  EXPECT_EQ(written([](auto& w) { w.put_uint(Id::timestamp, 255); }), bytes({0xE7, 0x81, 0xFF}));
  EXPECT_EQ(written([](auto& w) { w.put_uint(Id::timestamp, 256); }), bytes({0xE7, 0x82, 0x01, 0x00}));
  EXPECT_EQ(written([](auto& w) { w.put_uint(Id::track_uid, ~std::uint64_t{0}); }),
            bytes({0x73, 0xC5, 0x88, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
}

TEST(ElementWriter, WritesFloatsBigEndian) {
  EXPECT_EQ(written([](auto& w) { w.put_float(Id::duration, 1000.0F); }),
            bytes({0x44, 0x89, 0x84, 0x44, 0x7A, 0x00, 0x00}));
  EXPECT_EQ(written([](auto& w) { w.put_double(Id::duration, 1000.0); }),
            bytes({0x44, 0x89, 0x88, 0x40, 0x8F, 0x40, 0x00, 0x00, 0x00, 0x00, 0x00}));
}

TEST(ElementWriter, WritesTextAndDates) {
  EXPECT_EQ(written([](auto& w) { w.put_string(Id::doc_type, "matroska"); }),
            join({bytes({0x42, 0x82, 0x88}), ascii("matroska")}));
  // 2001-01-01 00:00:01 UTC: one second after the epoch of EBML dates.
  EXPECT_EQ(written([](auto& w) { w.put_date(Id::date_utc, WallTime(std::chrono::seconds(978'307'201))); }),
            bytes({0x44, 0x61, 0x88, 0x00, 0x00, 0x00, 0x00, 0x3B, 0x9A, 0xCA, 0x00}));
}

TEST(ElementWriter, SizesMastersAfterTheirContent) {
  const auto body = [](ElementWriter& w) { w.put_uint(Id::cue_time, 5); };
  EXPECT_EQ(written([&](auto& w) { w.put_master(Id::cue_point, [&] { body(w); }); }),
            bytes({0xBB, 0x83, 0xB3, 0x81, 0x05}));
  EXPECT_EQ(written([&](auto& w) { w.put_master(Id::cue_point, {.size_width = 4}, [&] { body(w); }); }),
            bytes({0xBB, 0x10, 0x00, 0x00, 0x03, 0xB3, 0x81, 0x05}));
  EXPECT_EQ(
      written([&](auto& w) { w.put_master(Id::segment, {.size_width = 8, .unknown_size = true}, [] {}); }),
      bytes({0x18, 0x53, 0x80, 0x67, 0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}));
}

TEST(ElementWriter, NestsMastersOfAnySize) {
  const Bytes nested = written([](ElementWriter& w) {
    w.put_master(Id::cues, [&] {
      for (int i = 0; i < 40; ++i) w.put_master(Id::cue_point, [&] { w.put_uint(Id::cue_time, 5); });
    });
  });
  ASSERT_EQ(nested.size(), 4 + 2 + 40 * 5U);
  EXPECT_EQ(Bytes(nested.begin() + 4, nested.begin() + 11),
            bytes({0x40, 0xC8, 0xBB, 0x83, 0xB3, 0x81, 0x05}));
}

// A second implementation, over lengths and places that fast code treats differently.
TEST(Crc32, IsZlibs) {
  Bytes noise(3000);
  std::uint32_t state = 1;
  for (std::byte& byte : noise) byte = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
  for (std::size_t from = 0; from < 70; from += 3) {
    for (const std::size_t size : {0U, 1U, 15U, 64U, 127U, 1000U, 2900U}) {
      const ByteSpan part = ByteSpan(noise).subspan(from, size);
      const auto* data = reinterpret_cast<const unsigned char*>(part.data());
      const auto before = static_cast<std::uint32_t>(from * 77777777);
      EXPECT_EQ(crc32(part, before), ::crc32_z(before, data, size)) << from << " " << size;
    }
  }
}

// The check value of CRC-32 for "123456789" is 0xCBF43926 everywhere.
TEST(ElementWriter, PutsTheCrcOfTheContentFirst) {
  EXPECT_EQ(crc32(ascii("123456789")), 0xCBF43926U);
  EXPECT_EQ(crc32(ascii("6789"), crc32(ascii("12345"))), 0xCBF43926U);
  const Bytes cluster = written([](ElementWriter& w) {
    w.put_master(Id::cluster, {.crc = true}, [&] { w.put_uint(Id::timestamp, 7); });
  });
  ASSERT_EQ(cluster.size(), 4 + 1 + 6 + 3U);
  EXPECT_EQ(Bytes(cluster.begin() + 5, cluster.begin() + 7), bytes({0xBF, 0x84}));
  EXPECT_EQ(load_little(ByteSpan(cluster).subspan(7, 4)), crc32(bytes({0xE7, 0x81, 0x07})));
}

TEST(ElementWriter, MakesVoidsOfExactlyTheSizeAskedFor) {
  for (const std::size_t total : {2U, 3U, 9U, 127U, 128U, 129U, 130U, 1027U}) {
    const Bytes space = written([&](auto& w) { w.put_void(total); });
    ASSERT_EQ(space.size(), total);
    EXPECT_EQ(space[0], std::byte{0xEC});
    const std::optional<Vint> size = get_vint(ByteSpan(space).subspan(1));
    EXPECT_EQ(size->value + static_cast<std::uint64_t>(size->width) + 1, total);
  }
}

}  // namespace
}  // namespace genlock::mkv
